"""Cases about JSON answers that pass through a gateway: members, text, usage, errors."""

from collections.abc import Callable, Iterator, Mapping

from chatproof.cases.answer import ChatAnswer, dict_in, dicts_in, parted, shown
from chatproof.cases.endpoint import NAMED, Endpoint
from chatproof.cases.gateway.behind import Behind, Both, behind, is_good
from chatproof.cases.gateway.members import is_relied_on, lost, members
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json

__all__ = ["plain", "said", "told_alike", "tools", "usage_stream"]

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_REFERENCE = "a gateway must not change what its backend says (gateway-api-inference-extension#513)"


def plain(both: Behind) -> Both:
    """The plain request."""
    return both.twice(both.gateway.body())


def tools(both: Behind) -> Both:
    """The request that forces a tool call."""
    return both.twice(both.gateway.tool_body(NAMED))


def usage_stream(both: Behind) -> Both:
    """The stream that ends with usage."""
    return both.twice(both.gateway.body(stream=True, stream_options={"include_usage": True}))


@case(
    "gateway.same-shape",
    Level.MUST,
    breaks="Clients that work with the server itself find a member missing behind the gateway.",
    reference=_REFERENCE,
)
def same_shape(endpoint: Endpoint) -> Iterator[Finding]:
    """What the backend's JSON answers have, the gateway's have too; more is no fault."""
    both = behind(endpoint)
    asked = (plain(both), tools(both), both.twice(both.gateway.body(logprobs=True, top_logprobs=2)))
    seen = 0
    told: set[str] = set()
    for pair in asked:
        if not is_good(*pair.backend):
            continue
        seen += 1
        for found in _changed(pair):
            if found.path not in told:  # each member once, whatever was asked
                told.add(found.path)
                yield found
    if not seen:
        raise InconclusiveError(
            "the backend answers none of the requests that are compared", asked[0].backend[0]
        )


def _changed(pair: Both) -> Iterator[Finding]:
    gateway, backend = pair.judged
    if not is_good(*pair.gateway):
        breaks = "What the server answers is refused or broken by the gateway."
        if not any(is_good(one) for one in pair.gateway):
            yield _instead("200, as from the backend", gateway, backend, breaks=breaks)
        return
    kinds = [frozenset(members(one.object())) for one in pair.backend]
    there = [frozenset(members(one.object())) for one in pair.gateway]
    for path, kind, seen in lost(there, kinds):
        if path.startswith("$.usage"):
            continue  # gateway.same-usage
        level = None if is_relied_on(path) else Level.SHOULD
        yield Finding(
            path=path,
            expected=f"{kind}, as from the backend",
            seen=seen,
            level=level,
            exchange=gateway,
            compared=backend,
        )


def _instead(
    expected: str, gateway: Exchange, backend: Exchange, *, breaks: str = "", level: Level | None = None
) -> Finding:
    return Finding(
        expected=expected,
        seen=gateway.describe(),
        breaks=breaks,
        level=level,
        exchange=gateway,
        compared=backend,
    )


def said(answer: ChatAnswer) -> tuple[Json, ...]:
    """What a client reads of an answer, and what no id or time is in: text, calls, why it ended."""
    calls: list[Json] = [
        [dict_in(call, "function").get("name"), dict_in(call, "function").get("arguments")]
        for choice in answer.choices
        for call in dicts_in(dict_in(choice, "message"), "tool_calls")
    ]
    texts: list[Json] = [dict_in(choice, "message").get("content") or "" for choice in answer.choices]
    return texts, calls, answer.finish_reason


@case(
    "gateway.same-text",
    Level.MUST,
    breaks="Users read another text than the model wrote.",
    reference=_REFERENCE,
)
def same_text(endpoint: Endpoint) -> Iterator[Finding]:
    """At temperature 0 the gateway gives the text, the calls and the finish_reason of its backend."""
    both = behind(endpoint)
    yield from told_alike(both, both.gateway.body(), plain(both), ChatAnswer)


def told_alike(
    both: Behind, body: Mapping[str, Json], pair: Both, read: Callable[[Exchange], ChatAnswer]
) -> Iterator[Finding]:
    """Where the backend says the same each time, the gateway is to say it.

    Raises:
        InconclusiveError: the backend does not, or the gateway does not answer.
    """
    gateway, backend = pair.judged
    if not is_good(*pair.backend, *pair.gateway):
        bad = next(one for one in (*pair.backend, *pair.gateway) if not is_good(one))
        raise InconclusiveError(f"no two answers to compare: {bad.describe()}", bad)
    expected = said(read(backend))
    if any(said(read(one)) != expected for one in pair.backend):
        raise InconclusiveError("the backend itself gives another text each time", backend)
    if any(said(read(one)) == expected for one in pair.gateway):
        return
    if said(read(both.backend_again(body))) != expected:
        raise InconclusiveError("the backend itself gives another text each time", backend)
    for name, one, other in zip(
        ("text", "calls", "finish_reason"), expected, said(read(gateway)), strict=True
    ):
        if one != other:
            first, second = parted(_single(one), _single(other))
            yield Finding(
                expected=f"the backend's {name}, {first}", seen=second, exchange=gateway, compared=backend
            )


def _single(value: Json) -> Json:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@case(
    "gateway.same-usage",
    Level.MUST,
    breaks="Users are billed for other tokens than the model read and wrote, or cannot see them at all.",
    reference=_REFERENCE,
)
def same_usage(endpoint: Endpoint) -> Iterator[Finding]:
    """The gateway passes on the counts of tokens of its backend, in JSON and at the end of a stream."""
    both = behind(endpoint)
    asked = {"JSON": plain(both), "stream": usage_stream(both)}
    seen = 0
    for pair in asked.values():
        if not is_good(*pair.backend, *pair.gateway):
            continue
        gateway = [_counts(one) for one in pair.gateway]
        backend = [_counts(one) for one in pair.backend]
        for name in _COUNTS:
            expected = {one.get(name) for one in backend}
            if len(expected) != 1 or None in expected:
                continue  # the backend itself counts otherwise each time, or not at all
            seen += 1
            [count] = expected
            if count not in (one.get(name) for one in gateway):
                other = gateway[0].get(name)
                yield Finding(
                    path=f"$.usage.{name}",
                    expected=f"{count}, as from the backend",
                    seen="no count" if other is None else str(other),
                    exchange=pair.gateway[0],
                    compared=pair.backend[0],
                )
    if not seen:
        raise InconclusiveError(
            "the backend counts no tokens that could be compared", asked["JSON"].backend[0]
        )


def _counts(exchange: Exchange) -> dict[str, int | None]:
    value: Mapping[str, Json] = exchange.object()
    if not value:  # a stream, whatever its content type says
        with_usage = [chunk for _, chunk in ChatStreamAnswer(exchange).chunks if dict_in(chunk, "usage")]
        value = with_usage[-1] if with_usage else {}
    answer = ChatAnswer(exchange, value)
    return {name: answer.count(name) for name in _COUNTS}


_WRONG: tuple[tuple[str, Mapping[str, Json]], ...] = (
    ("messages that are a string", {"messages": "not a list"}),
    ("a message with an unknown role", {"messages": [{"role": "wizard", "content": "Hi"}]}),
    ("a temperature in words", {"temperature": "hot"}),
    ("a top_p of 2", {"top_p": 2}),
)


@case(
    "gateway.same-errors",
    Level.MUST,
    breaks="A mistake in a request looks like another one behind the gateway, or like a fault of the server.",
    reference=_REFERENCE,
)
def same_errors(endpoint: Endpoint) -> Iterator[Finding]:
    """What the backend refuses, the gateway refuses with that status and an error object of that shape."""
    both = behind(endpoint)
    seen = 0
    for what, members_ in _WRONG:
        pair = both.once({**both.gateway.body(), **members_})
        gateway, backend = pair.judged
        if not 400 <= backend.status < 500:
            continue
        seen += 1
        yield from _refused_alike(what, gateway, backend)
    if not seen:
        raise InconclusiveError("the backend refuses none of the wrong requests", None)


def _refused_alike(what: str, gateway: Exchange, backend: Exchange) -> Iterator[Finding]:
    if gateway.status != backend.status:
        # one that looks at requests itself may see the mistake first, and call it otherwise
        answers = 200 <= gateway.status < 300 and "error" not in gateway.object()
        level = Level.SHOULD if answers or 400 <= gateway.status < 500 else None
        yield _instead(f"{backend.status} for {what}, as from the backend", gateway, backend, level=level)
    if gateway.status < 400:
        return
    ours, theirs = dict_in(gateway.object(), "error"), dict_in(backend.object(), "error")
    if not isinstance(theirs.get("message"), str):
        return  # the backend has no error object itself
    if not isinstance(ours.get("message"), str) or not ours["message"]:
        yield _instead(f"an error object for {what}, as from the backend", gateway, backend)
        return
    for name in ("type", "param", "code"):
        expected, found = theirs.get(name), ours.get(name)
        if expected is not None and found != expected:
            yield Finding(
                path=f"$.error.{name}",
                expected=f"{shown(expected)} for {what}, as from the backend",
                seen=shown(found) if name in ours else "no such member",
                level=Level.SHOULD,
                exchange=gateway,
                compared=backend,
            )
    if str(theirs["message"]) not in str(ours["message"]):
        first, second = parted(theirs["message"], ours["message"])
        yield Finding(
            path="$.error.message",
            expected=f"what the backend says of {what}: {first}",
            seen=second,
            level=Level.SHOULD,
            exchange=gateway,
            compared=backend,
        )
