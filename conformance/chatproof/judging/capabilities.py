"""What an endpoint can do, derived from how cases came out: nothing is asked for it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from chatproof.cases import cases_of
from chatproof.probe import Json
from chatproof.report import CaseResult, Outcome

__all__ = ["CAPABILITIES", "capabilities"]

_DECIDED_BY: Mapping[str, tuple[str, ...]] = {
    "chat": ("chat.json.shape",),
    "tools": ("chat.tools.shape",),
    "n": ("chat.json.n",),
    "logprobs": ("chat.json.logprobs",),
    "json-object": ("chat.format.json-object",),
    "json-schema": ("chat.format.json-schema",),
    "seed": ("chat.json.seed",),
    "reasoning": ("chat.reasoning.shape",),
    "vision": ("chat.image",),
    "completions": ("completions.json.shape",),
    "embeddings": ("embeddings.shape",),
    "responses": ("responses.json.shape",),
    "responses-tools": ("responses.tools",),
}

CAPABILITIES: Mapping[str, tuple[str, ...]] = {
    name: cases for name, cases in _DECIDED_BY.items() if {*cases} <= {*cases_of()}
}
"""The capabilities by name, each with the cases that are unsupported where it is not there."""

_SEEN = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.EXPECTED, Outcome.STALE})
_KEPT = frozenset({Outcome.PASSED, Outcome.STALE})
_TAKEN = _KEPT | {Outcome.WARNED}
_PROMISES: Mapping[str, frozenset[Outcome]] = {
    "json-object": _TAKEN,
    "json-schema": _TAKEN,
    "seed": _KEPT,
    "vision": _TAKEN,
}
"""What any endpoint takes and only some keep, with how its case ends where it is kept: others drop an image, or pass a
schema over."""
_FAULT = re.compile(r"HTTP 5\d\d\b")


def capabilities(cases: Iterable[CaseResult], context: Json) -> list[Json]:
    """A row for each capability that was looked for: is it there (null: it cannot be told), and what shows it.

    `context` is what the endpoint says of its length: the tokens, and where.
    """
    results = {case.id: case for case in cases}
    rows: list[Json] = []
    for name, ids in CAPABILITIES.items():
        found = [
            results[id_] for id_ in ids if id_ in results and results[id_].outcome is not Outcome.NOT_RUN
        ]
        if not found:
            continue
        rows.append({"name": name, "supported": _supported(name, found), "evidence": _evidence(found)})
    if isinstance(context, list) and context:
        tokens, where = context
        rows.append({"name": "context-length", "supported": True, "value": tokens, "evidence": where})
    return rows


def _supported(name: str, found: Sequence[CaseResult]) -> bool | None:
    outcomes = {case.outcome for case in found}
    if Outcome.UNSUPPORTED in outcomes:
        return False
    if not outcomes <= _SEEN or any(map(_is_unanswered, found)):
        return None
    return outcomes <= _PROMISES.get(name, _SEEN)


def _is_unanswered(case: CaseResult) -> bool:
    """Is all that it found the server's own fault? Then nothing was seen of what it asks for."""
    return bool(case.evidence) and all(not one.path and _FAULT.match(one.seen) for one in case.evidence)


def _evidence(found: Iterable[CaseResult]) -> str:
    return "; ".join(
        f"{case.id}: {case.message if case.outcome is Outcome.UNSUPPORTED else case.outcome.value}"
        for case in found
    )
