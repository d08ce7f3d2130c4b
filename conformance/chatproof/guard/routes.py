"""Routes beyond those that `chatproof validate` knows, and what a request to a route has to be."""

import re

from chatproof.probe.route import Route
from chatschema import Kind

__all__ = ["LORAX", "request_kind"]


def _native(method: str, path: str, answer: Kind, stream: Kind | None = None) -> Route:
    return Route(frozenset({method}), re.compile(rf"\A{path}\Z"), answer, stream, Kind.LORAX_ERROR)


#: LoRAX's own routes but for those that are known anyway. Their names are everyone's, so they are judged where one
#: says that LoRAX is asked.
LORAX = (
    _native("POST", r"/(?:invocations)?", Kind.LORAX_ROOT, Kind.LORAX_STREAM),
    _native("GET", "/info", Kind.LORAX_INFO),
    _native("POST", "/tokenize", Kind.LORAX_TOKENIZE),
    _native("POST", "/embed", Kind.LORAX_EMBED),
    _native("POST", "/classify", Kind.LORAX_CLASSIFY),
    _native("POST", "/classify_batch", Kind.LORAX_CLASSIFY_BATCH),
)

#: Where the request's kind is not that of the answer and `.request`.
_ASKED_AS = {Kind.LORAX_STREAM: Kind.LORAX_GENERATE_REQUEST, Kind.LORAX_ROOT: Kind.LORAX_GENERATE_REQUEST}


def request_kind(route: Route) -> Kind | None:
    """What the body of a request has to be; None where there is none, or none that is known."""
    name = _ASKED_AS.get(route.answer, f"{route.answer}.request")
    return Kind(name) if name in set(Kind) else None
