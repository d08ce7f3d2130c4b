"""One body to its judgement: as what it is judged is told by its content first, and by its route and status."""

import re

from chatproof.validate.files.body import Body, Reason
from chatschema import Judgement, Kind, check

from .route import Route, route_of

__all__ = ["NotJson", "is_like_an_answer", "judged"]

#: A body that says itself what it is, whatever its route is called. In a text these quotes would be escaped.
_NAMED = re.compile(rb'"object"\s*:\s*"(?:chat\.completion(?:\.chunk)?|text_completion|response)"')
_LOOKED_AT = 64 * 1024

#: Members that answers have and configuration files do not.
_TELLING = re.compile(rb'"(?:choices|finish_reason|usage|generated_text|output|embedding)"\s*:')


class NotJson(str):
    """Why it cannot even be told what a body is."""

    __slots__ = ()


def judged(body: Body, kind: Kind | None) -> Judgement | Reason | NotJson:
    """The judgement of a body; or that it is none of ours; or why nothing can be told about it."""
    if kind is not None:
        return check(body.data, kind)
    if "/" not in body.url:  # none was recorded, or it was blotted out
        return _by_content(body)
    route = route_of(body.method, body.url)
    if route is None:
        found = _by_content(body) if _names_itself(body) else Reason.ROUTE
        return found if isinstance(found, Judgement) else Reason.ROUTE  # a file of answers names them too
    found = check(body.data)
    if found.kind in _wanted(route, body):
        return found
    return check(body.data, _first(route, body))


def _by_content(body: Body) -> Judgement | Reason | NotJson:
    found = check(body.data)
    if found.kind is not None:
        return found
    broken = (violation for violation in found.violations if violation.rule == "shape.json")
    return next((NotJson(violation.message) for violation in broken), Reason.UNKNOWN)


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


def is_like_an_answer(body: Body) -> bool:
    """Whether what is no JSON may have been an answer before it was cut."""
    return bool(_TELLING.search(_beginning(body)) or _NAMED.search(_beginning(body)))


def _names_itself(body: Body) -> bool:
    if isinstance(body.data, dict):
        return body.data.get("object") in ("chat.completion", "text_completion", "response")
    return bool(_NAMED.search(_beginning(body)))


def _beginning(body: Body) -> bytes:
    match body.data:
        case bytes():
            return body.data[:_LOOKED_AT]
        case str():
            return body.data[:_LOOKED_AT].encode(errors="replace")
        case _:
            return b""
