"""`GET /openapi.json`: what `operations.py` says of the routes, as an OpenAPI document.

The document is a file that `python docs/generate.py` writes: the schemas of its bodies are not the fake's own.
"""

from functools import cache
from pathlib import Path

from chatfake.core.http import JSON_TYPE, Answer, Send
from chatfake.handling.request_context import Handled, RequestContext

__all__ = ["FILE", "answer_openapi"]

FILE = Path(__file__).parents[1] / "openapi.json"


def answer_openapi(_: RequestContext) -> Handled:
    """The document; the request is kept in no journal."""
    document = _document()
    headers = (("content-type", JSON_TYPE), ("content-length", str(len(document))))
    return Handled(answer=Answer(status=200, headers=headers, steps=(Send(document),)), journaled=False)


@cache
def _document() -> bytes:
    return FILE.read_bytes()
