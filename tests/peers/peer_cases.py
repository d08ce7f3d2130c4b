"""What every client is asked to do, and what the fake answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chatfake import Handle
from chatfake.dialects import DIALECTS


def _usually(plan: str) -> Callable[[Handle], None]:
    return lambda handle: handle.usually(handle.plan(plan))


def _nothing(_: Handle) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A verb of the programs, what its handle is told beforehand, and the server in whose manner it is answered."""

    verb: str
    lay: Callable[[Handle], None] = _nothing
    dialect: str = "openai"


#: What works for whoever has it.
WORKS: Mapping[str, Case] = {
    "JSON": Case(verb="say"),
    "SSE": Case(verb="stream"),
    "async JSON": Case(verb="say async"),
    "async SSE": Case(verb="stream async"),
    "history": Case(verb="history"),
    "tools": Case(verb="tools", lay=_usually("tool-call-only")),
    "tools, SSE": Case(verb="tools stream", lay=_usually("tool-call-only")),
    "two tools at once": Case(verb="tools", lay=_usually("parallel-tool-calls")),
    "structured": Case(verb="structured"),
    "embeddings": Case(verb="embed"),
    "models": Case(verb="models"),
}

#: What fails, once or always.
FAILS: Mapping[str, Case] = {
    "429 once": Case(verb="say", lay=_usually("http-429*1")),
    "500 once": Case(verb="say", lay=_usually("http-500*1")),
    "400": Case(verb="say", lay=_usually("http-400")),
    "401": Case(verb="say", lay=_usually("http-401")),
    "500": Case(verb="say", lay=_usually("http-500")),
}


def _awkward(plan: str, verb: str = "say") -> Case:
    return Case(verb=verb, lay=_usually(plan))


#: Answers that are wrong, or right and unusual: scenarios and faults by name.
AWKWARD: Mapping[str, Case] = {
    "empty-choices": _awkward("empty-choices"),
    "null-content": _awkward("null-content"),
    "tool-call-only": _awkward("tool-call-only"),  # where no tool is offered
    "refusal": _awkward("refusal"),
    "missing-usage": _awkward("missing-usage"),
    "error-object-200": _awkward("error-object-200"),
    "html-200": _awkward("html-200"),
    "tool-call-invalid-json": _awkward("tool-call-invalid-json", "tools"),
}

#: The same of streams.
AWKWARD_STREAMS: dict[str, Case] = {
    "empty-choices": _awkward("empty-choices", "stream"),
    "empty-choices-first": _awkward("empty-choices-first", "stream"),
    "stream-cut": _awkward("stream-cut", "stream"),
    "stream-ends-early": _awkward("stream-ends-early", "stream"),
    "stream-no-done": _awkward("stream-no-done", "stream"),
    "stream-error": _awkward("stream-error", "stream"),
    "stream-garbled-json": _awkward("stream-garbled-json", "stream"),
    "finish-missing": _awkward("finish-missing", "stream"),
}

#: Streams that are right, and such as few servers send.
UNUSUAL_STREAMS: dict[str, Case] = {
    name: _awkward(name, "stream")
    for name in (
        "stream-comments",
        "stream-blank-events",
        "stream-crlf",
        "stream-cr",
        "stream-no-space",
        "stream-multiline",
        "one-byte-packets",
        "one-packet",
        "role-every-chunk",
        "usage-every-chunk",
        "usage-unasked",
    )
}

#: By OpenAI's Responses API.
RESPONSES: Mapping[str, Case] = {
    "JSON": Case(verb="responses"),
    "SSE": Case(verb="responses stream"),
    "tools": Case(verb="responses tools", lay=_usually("tool-call-only")),
    "429 once": _awkward("http-429*1", "responses"),
    "400": _awkward("http-400", "responses"),
    "refusal": _awkward("refusal", "responses"),
    "empty-choices": _awkward("empty-choices", "responses"),
    "stream-cut": _awkward("stream-cut", "responses stream"),
    "stream-ends-early": _awkward("stream-ends-early", "responses stream"),
    "stream-error-event": _awkward("stream-error-event", "responses stream"),
}
RESPONSES_WORK = ("Responses: JSON", "Responses: SSE", "Responses: tools")

#: By LoRAX's own routes: what its client has.
LORAX: Mapping[str, Case] = {
    "JSON": Case(verb="generate"),
    "SSE": Case(verb="generate stream"),
    "async JSON": Case(verb="generate async"),
    "async SSE": Case(verb="generate stream async"),
    "embed": Case(verb="embed native"),
    "classify": Case(verb="classify"),
    "500 once": _awkward("http-500*1", "generate"),
    "400": _awkward("http-400", "generate"),
    "html-200": _awkward("html-200", "generate"),
    "stream-cut": _awkward("stream-cut", "generate stream"),
    "stream-ends-early": _awkward("stream-ends-early", "generate stream"),
    "stream-error": _awkward("stream-error", "generate stream"),
    "stream-comments": _awkward("stream-comments", "generate stream"),
    "stream-crlf": _awkward("stream-crlf", "generate stream"),
    "stream-no-space": _awkward("stream-no-space", "generate stream"),
    "one-byte-packets": _awkward("one-byte-packets", "generate stream"),
}
LORAX_WORKS = (
    "LoRAX: JSON",
    "LoRAX: SSE",
    "LoRAX: async JSON",
    "LoRAX: async SSE",
    "LoRAX: embed",
    "LoRAX: classify",
)

#: What is asked in every dialect.
SPOKEN: Mapping[str, Case] = {
    "JSON": Case(verb="say"),
    "SSE": Case(verb="stream"),
    "tools": Case(verb="tools", lay=_usually("tool-call-only")),
    "tools, SSE": Case(verb="tools stream", lay=_usually("tool-call-only")),
}
#: The same in the manner of every other server: `vllm: tools`.
DIALECT_CASES: Mapping[str, Case] = {
    f"{dialect}: {name}": replace(case, dialect=dialect)
    for dialect in DIALECTS
    if dialect != "openai"
    for name, case in SPOKEN.items()
}

CASES: Mapping[str, Case] = {
    **WORKS,
    **FAILS,
    **AWKWARD,
    **{f"{name}, SSE": case for name, case in (AWKWARD_STREAMS | UNUSUAL_STREAMS).items()},
    **{f"Responses: {name}": case for name, case in RESPONSES.items()},
    **{f"LoRAX: {name}": case for name, case in LORAX.items()},
    **DIALECT_CASES,
}
