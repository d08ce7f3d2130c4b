"""A run: every source to its items, every item judged, counted, and handed to whoever reports it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from chatproof.gate import Gate
from chatproof.probe.route import route_of
from chatproof.validate.files.body import Body, Item, Place, Reason, Skipped, Unreadable, is_like_an_answer
from chatproof.validate.files.read import items
from chatproof.validate.files.sources import Origin, Source
from chatschema import JsonValue, Judgement, Kind, Level, Violation, check
from chatschema.core.describe import seen
from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.catalogue import STREAMS
from chatschema.judging.detect import is_error_by_address, list_of

from .policy import Policy, Standing
from .tally import Tally
from .verdict import Counts, FileFinding, Outcome, Output, Verdict

__all__ = ["Watcher", "run", "settled", "verdict_of"]

_GATE = Gate()
"""Recordings have keys that nobody knows: what looks like one is masked."""


class Watcher(Protocol):
    """Somebody who wants to know how far a run is."""

    def advance(self, count: int) -> None:
        """So many more bytes were read."""

    def judged(self) -> None:
        """One more item is done."""

    def end(self) -> None:
        """There are no more."""


def run(
    sources: Iterable[Source | Unreadable],
    *,
    kind: Kind | None,
    policy: Policy,
    outputs: Sequence[Output],
    watcher: Watcher,
) -> Counts:
    """Judge all that the sources hold. Memory is bounded by one item, whatever they hold."""
    tally = Tally(policy.known)
    for source in sources:
        origin = source.origin if isinstance(source, Source) else Origin.NAMED
        found = items(source, watcher.advance, kind)
        for verdict in settled(verdict_of(item, origin, kind=kind, policy=policy) for item in found):
            tally.take(verdict)
            for output in outputs:
                output.take(verdict)
            watcher.judged()
        if isinstance(source, Source):
            tally.file(source.name)
    watcher.end()
    counts = tally.counts()
    for output in outputs:
        output.end(counts)
    return counts


_MOST_HELD = 1000
_NO_ANSWERS = frozenset({Kind.ERROR, Kind.LORAX_ERROR})
_JUDGED = frozenset({Outcome.VALID, Outcome.WARNED, Outcome.FAILED})
_UNKNOWN = "no body of a known kind; --kind says which it is, --skip-unknown passes over it"


def verdict_of(item: Item, origin: Origin, *, kind: Kind | None, policy: Policy) -> Verdict:
    """Judge an item. In a file that the user named, a body of no known kind is a mistake, and elsewhere it is not."""
    if isinstance(item, Skipped):
        return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=item.reason)
    if isinstance(item, Unreadable):
        if item.is_text and origin is Origin.FOUND:
            return _passed_over(item.place, item.why)
        return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_GATE.line(item.why))
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
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_GATE.line(why))
        case judgement:
            return _held(item, judgement, policy)


def _passed_over(place: Place, why: str) -> Verdict:
    return Verdict(place=place, outcome=Outcome.SKIPPED, why=Reason.FORMAT, broken=_GATE.line(why))


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
    violations = [_GATE.violation(violation) for violation in found]
    findings = tuple(
        FileFinding(violation=violation, standing=policy.standing(place, violation))
        for violation in violations
    )
    return Verdict(
        place=place,
        outcome=_outcome({finding.standing for finding in findings}),
        kind=str(judgement.kind or ""),
        findings=findings,
        extensions=tuple(_GATE.line(path) for path in judgement.extensions),
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
    if found.kind in route.kinds_of(body.status):
        return found
    if not route.sure:
        return Reason.ROUTE
    value = _value_of(body) if found.kind is None else None
    if not body.method and list_of(value):
        return Reason.ROUTE  # asked for with GET, as stored completions are
    if body.status is None and is_error_by_address(value):
        return check(body.data, route.error)
    return check(body.data, route.kind_of(body.status, body.content_type))


def _value_of(body: Body) -> JsonValue:
    """What a body says; None where it is no JSON."""
    value = body.data
    try:
        if isinstance(value, bytes):
            value = value.decode()
        return load(value).value if isinstance(value, str) else value
    except (UnicodeDecodeError, NotJsonError):
        return None


def _by_content(body: Body) -> _Found:
    found = check(body.data)
    if found.kind is not None:
        return found
    broken = (violation for violation in found.violations if violation.rule == "shape.json")
    if (why := next(broken, None)) is not None:
        return _NotJson(why.message)
    return _Other(what) if (what := list_of(_value_of(body))) else Reason.UNKNOWN


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
