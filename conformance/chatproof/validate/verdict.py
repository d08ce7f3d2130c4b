"""What becomes of an item: judged and held to the run's policy, skipped, or unreadable."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from chatproof.validate.files.body import Body, Item, Place, Reason, Skipped, Unreadable, is_like_an_answer
from chatproof.validate.files.sources import Origin
from chatschema import Judgement, Kind, Level, Violation, check
from chatschema.core.describe import seen
from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.catalogue import STREAMS
from chatschema.judging.detect import list_of

from .mask import masked, masked_violation
from .policy import Policy, Standing
from .route import Route, route_of

__all__ = ["Finding", "Outcome", "Verdict", "settled", "verdict_of"]

_MOST_HELD = 1000
_NO_ANSWERS = frozenset({Kind.ERROR, Kind.LORAX_ERROR})

_UNKNOWN = "no body of a known kind; --kind says which it is, --skip-unknown passes over it"


class Outcome(StrEnum):
    """How an item came out."""

    VALID = "valid"
    WARNED = "warned"  #: it does not fail the run, and there is something to say
    FAILED = "failed"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


_JUDGED = frozenset({Outcome.VALID, Outcome.WARNED, Outcome.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation, with keys masked, and what it does to the run."""

    violation: Violation
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found out about one item."""

    place: Place
    outcome: Outcome
    kind: str = ""
    findings: tuple[Finding, ...] = ()
    extensions: tuple[str, ...] = ()
    broken: str = ""  #: why it could not be read, where it was skipped for that
    why: str = ""  #: why it was skipped (a `Reason`, or what it is), or is unreadable

    def standing(self, *wanted: Standing) -> Iterator[Violation]:
        """The violations that stand so."""
        return (finding.violation for finding in self.findings if finding.standing in wanted)


def verdict_of(item: Item, origin: Origin, *, kind: Kind | None, policy: Policy) -> Verdict:
    """Judge an item. In a file that the user named, a body of no known kind is a mistake, and elsewhere it is not."""
    if isinstance(item, Skipped):
        return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=item.reason)
    if isinstance(item, Unreadable):
        if item.is_text and origin is Origin.FOUND:
            return _passed_over(item.place, item.why)
        return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(item.why))
    match _judgement_of(item, kind):
        case Reason.UNKNOWN if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=f"is {_UNKNOWN}")
        case _Other() as what if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=f"is {what}, {_UNKNOWN}")
        case (Reason() | _Other()) as reason:
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=str(reason))
        case _NotJson() as why if origin is Origin.FOUND and not _is_cut_answer(item):
            return _passed_over(item.place, why)
        case _NotJson() as why:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(why))
        case judgement:
            return _held(item, judgement, policy)


def _passed_over(place: Place, why: str) -> Verdict:
    return Verdict(place=place, outcome=Outcome.SKIPPED, why=Reason.FORMAT, broken=masked(why))


def settled(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """The verdicts of one file: in one that gives an answer, what could not be read is unreadable.

    Until the first answer comes, at most 1,000 verdicts are held back.
    """
    held: list[Verdict] = []
    answered = False
    for verdict in verdicts:
        answered = answered or verdict.outcome in _JUDGED
        if answered or len(held) >= _MOST_HELD:
            yield from (_read(one) if answered else one for one in held)
            held.clear()
            yield _read(verdict) if answered else verdict
        elif held or verdict.broken:
            held.append(verdict)
        else:
            yield verdict
    yield from held


def _read(verdict: Verdict) -> Verdict:
    """A verdict in a file of answers."""
    return (
        replace(verdict, outcome=Outcome.UNREADABLE, why=verdict.broken, broken="")
        if verdict.broken
        else verdict
    )


def _held(body: Body, judgement: Judgement, policy: Policy) -> Verdict:
    place = body.place
    found = [*_content_type(body, judgement.kind), *judgement.violations]
    violations = [masked_violation(violation) for violation in found]
    findings = tuple(
        Finding(violation=violation, standing=policy.standing(place, violation)) for violation in violations
    )
    return Verdict(
        place=place,
        outcome=_outcome({finding.standing for finding in findings}),
        kind=str(judgement.kind or ""),
        findings=findings,
        extensions=tuple(masked(path) for path in judgement.extensions),
    )


def _content_type(body: Body, kind: str | None) -> Iterator[Violation]:
    """What the recorded content type violates, where one was recorded; an error's is nobody's business here.

    A should, though an endpoint is failed for it: recorders write headers of their own, and four of OpenAI's recorded
    streams have a type that OpenAI does not send.
    """
    media = body.content_type.partition(";")[0].strip().lower()
    if "/" not in media or kind is None or kind in _NO_ANSWERS or kind.endswith(".request"):
        return
    streams = kind in STREAMS
    if media == "text/event-stream" if streams else media.endswith("json"):
        return
    yield Violation(
        rule="http.sse-content-type" if streams else "http.json-content-type",
        level=Level.SHOULD,
        path="$",
        message=f"The content type is not that of {'an event stream' if streams else 'JSON'}.",
        expected="text/event-stream" if streams else "application/json",
        seen=seen(media),
    )


def _outcome(standings: set[Standing]) -> Outcome:
    if Standing.FAILS in standings:
        return Outcome.FAILED
    return Outcome.WARNED if Standing.WARNS in standings else Outcome.VALID


#: A body that may say itself what it is, whatever its route is called. In a text these quotes would be escaped.
_NAMED = re.compile(r'"object"\s*:\s*"(?:chat\.completion(?:\.chunk)?|text_completion|response)"')
_LOOKED_AT = 64 * 1024
_NAMED_BYTES = re.compile(_NAMED.pattern.encode())
#: The kinds that are named so.
_NAMED_KINDS = frozenset(
    {Kind.COMPLETION, Kind.STREAM, Kind.TEXT, Kind.TEXT_STREAM, Kind.RESPONSE, Kind.RESPONSE_STREAM}
)


class _NotJson(str):
    """Why it cannot even be told what a body is."""

    __slots__ = ()


class _Other(str):
    """What a body is that is none of ours: `a list of file`."""

    __slots__ = ()


_Found: TypeAlias = Judgement | Reason | _Other | _NotJson


def _judgement_of(body: Body, kind: Kind | None) -> _Found:
    """The judgement of a body; or that it is none of ours; or why nothing can be told about it."""
    if kind is not None:
        return check(body.data, kind)
    if "/" not in body.url:  # none was recorded, or it was blotted out
        return _by_content(body)
    route = route_of(body.method, body.url)
    if route is None:
        found = check(body.data) if _may_name_itself(body) else None
        return found if found is not None and found.kind in _NAMED_KINDS else Reason.ROUTE
    found = check(body.data)
    if found.kind in _wanted(route, body):
        return found
    if not route.sure:
        return Reason.ROUTE
    if not body.method and found.kind is None and _list_of(body):
        return Reason.ROUTE  # asked for with GET, as stored completions are
    return check(body.data, _first(route, body))


def _list_of(body: Body) -> str:
    """What a body is a list of; empty where it is none, or an answer of ours."""
    value = body.data
    try:
        if isinstance(value, bytes):
            value = value.decode()
        return list_of(load(value).value if isinstance(value, str) else value)
    except (UnicodeDecodeError, NotJsonError):
        return ""


def _by_content(body: Body) -> _Found:
    found = check(body.data)
    if found.kind is not None:
        return found
    broken = (violation for violation in found.violations if violation.rule == "shape.json")
    if (why := next(broken, None)) is not None:
        return _NotJson(why.message)
    return _Other(what) if (what := _list_of(body)) else Reason.UNKNOWN


def _failed(body: Body) -> bool:
    return body.status is not None and body.status >= 400


def _wanted(route: Route, body: Body) -> frozenset[Kind]:
    """What the body may be. An error comes with an error's status, if it is known."""
    errors = frozenset({Kind.ERROR, Kind.LORAX_ERROR})
    if _failed(body):
        return errors
    return route.kinds if body.status is not None else route.kinds | errors


def _first(route: Route, body: Body) -> Kind:
    """What a body is judged as that is nothing of what it may be."""
    if _failed(body):
        return route.error
    streams = body.content_type.partition(";")[0].strip().lower() == "text/event-stream"
    return route.stream if streams and route.stream is not None else route.answer


def _is_cut_answer(body: Body) -> bool:
    match body.data:
        case bytes():
            return is_like_an_answer(body.data)
        case str():
            return is_like_an_answer(body.data[:_LOOKED_AT].encode(errors="replace"))
        case _:
            return False


def _may_name_itself(body: Body) -> bool:
    """Whether there is anything to look for: that it is the body's own name is found out by reading it."""
    match body.data:
        case bytes():
            return bool(_NAMED_BYTES.search(body.data))
        case str():
            return bool(_NAMED.search(body.data))
        case _:
            return isinstance(body.data, dict)
