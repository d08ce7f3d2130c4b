"""What becomes of an item: judged and held to the run's policy, skipped, or unreadable."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from chatproof.validate.files.body import Body, Item, Place, Reason, Skipped, Unreadable
from chatproof.validate.files.sources import Origin
from chatschema import Judgement, Kind, Violation, check
from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.detect import list_of

from .mask import masked, masked_violation
from .policy import Policy, Standing
from .route import Route, route_of

__all__ = ["Finding", "Outcome", "Verdict", "verdict_of"]

_UNKNOWN = "is no body of a known kind; --kind says which it is, --skip-unknown passes over it"


class Outcome(StrEnum):
    """How an item came out."""

    VALID = "valid"
    WARNED = "warned"  #: it does not fail the run, and there is something to say
    FAILED = "failed"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


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
    why: str = ""  #: why it was skipped (a `Reason`, or what it is), or is unreadable

    def standing(self, *wanted: Standing) -> Iterator[Violation]:
        """The violations that stand so."""
        return (finding.violation for finding in self.findings if finding.standing in wanted)


def verdict_of(item: Item, origin: Origin, *, kind: Kind | None, policy: Policy) -> Verdict:
    """Judge an item. In a file that the user named, a body of no known kind is a mistake, and elsewhere it is not."""
    if isinstance(item, Skipped):
        return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=item.reason)
    if isinstance(item, Unreadable):
        return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(item.why))
    match _judgement_of(item, kind):
        case Reason.UNKNOWN if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_UNKNOWN)
        case _Other() as what if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=f"is {what}: {_UNKNOWN}")
        case (Reason() | _Other()) as reason:
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=str(reason))
        case _NotJson() if origin is Origin.FOUND and not _is_like_an_answer(item):
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=Reason.FORMAT)
        case _NotJson() as why:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(why))
        case judgement:
            return _held(item.place, judgement, policy)


def _held(place: Place, judgement: Judgement, policy: Policy) -> Verdict:
    violations = [masked_violation(violation) for violation in judgement.violations]
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


def _outcome(standings: set[Standing]) -> Outcome:
    if Standing.FAILS in standings:
        return Outcome.FAILED
    return Outcome.WARNED if Standing.WARNS in standings else Outcome.VALID


#: A body that may say itself what it is, whatever its route is called. In a text these quotes would be escaped.
_NAMED = re.compile(r'"object"\s*:\s*"(?:chat\.completion(?:\.chunk)?|text_completion|response)"')
_NAMED_BYTES = re.compile(_NAMED.pattern.encode())
#: The kinds that are named so.
_NAMED_KINDS = frozenset(
    {Kind.COMPLETION, Kind.STREAM, Kind.TEXT, Kind.TEXT_STREAM, Kind.RESPONSE, Kind.RESPONSE_STREAM}
)
_LOOKED_AT = 64 * 1024

#: Members that answers have and configuration files do not.
_TELLING = re.compile(rb'"(?:choices|finish_reason|usage|generated_text|output|embedding)"\s*:')


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
    if not body.method and found.kind is None and (what := _list_of(body)):
        return _Other(what)  # asked for with GET, as stored completions are
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


def _is_like_an_answer(body: Body) -> bool:
    """Whether what is no JSON may have been an answer before it was cut."""
    match body.data:
        case bytes():
            head = body.data[:_LOOKED_AT]
        case str():
            head = body.data[:_LOOKED_AT].encode(errors="replace")
        case _:
            return False
    return bool(_TELLING.search(head) or _NAMED_BYTES.search(head))


def _may_name_itself(body: Body) -> bool:
    """Whether there is anything to look for: that it is the body's own name is found out by reading it."""
    match body.data:
        case bytes():
            return bool(_NAMED_BYTES.search(body.data))
        case str():
            return bool(_NAMED.search(body.data))
        case _:
            return isinstance(body.data, dict)
