"""`GET /openapi.json`: what `operations.py` says of the routes, as an OpenAPI document.

The document is built when it is first asked for. The schemas of its bodies are the judge's, of which the fake knows
nothing: what builds it is found by name, in the package that is installed together with this one.
"""

from functools import cache
from importlib import import_module

from chatfake.core.http import JSON_TYPE, Answer, Send
from chatfake.handling.request_context import Handled, RequestContext


def answer_openapi(_: RequestContext) -> Handled:
    """The document; the request is kept in no journal."""
    document = _document()
    headers = (("content-type", JSON_TYPE), ("content-length", str(len(document))))
    return Handled(answer=Answer(status=200, headers=headers, steps=(Send(document),)), journaled=False)


@cache
def _document() -> bytes:
    text: str = import_module("chatproof.openapi").text()
    return text.encode()
