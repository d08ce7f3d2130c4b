"""What the OpenAPI document says of each route: a line a method of a path, beside its line in `ROUTES`.

`GET /openapi.json` is made from it; a test fails where a route is not described.
Bodies are named, not written out: `chat.completion` is the kind in `chatschema`, `fake.journal` one of the fake's
own (`chatproof/openapi/bodies.py`).
"""

from collections.abc import Mapping

from chatfake.routes.lorax_operations import LORAX_OPERATIONS
from chatfake.routes.operation import Api, Operation, Query

__all__ = ["OPERATIONS", "Api", "Operation", "Query"]

_ASKED = {
    400: "The request is no valid one.",
    404: "There is no such model or scenario.",
    413: "The body is too large.",
    500: "The script of the key has no answer left, and was told to say so.",
}
_RESPONSE = Query(name="response", description="Its id.")
_KEY = Query(
    name="key", description="Whose script and journal; none: those of requests without the key of a handle."
)
_NO_KEY = {404: "There is no handle with that key."}
_ONE_WORKER = {501: "The server has several workers, and each would have a journal of its own."}
_MANY = {409: "There are too many keys already."}
_OWN = {**_NO_KEY, **_ONE_WORKER}


def _number(name: str, description: str, kind: str = "integer") -> Query:
    return Query(name=name, description=description, type=kind)


def _plan(summary: str, kind: str, event: str = "", refusals: Mapping[int, str] = _ASKED) -> Operation:
    """What a plan answers: a request of a kind, with that kind, in JSON or in events."""
    return Operation(
        summary=summary,
        api=Api.OPENAI,
        request=f"{kind}.request",
        answer=kind,
        event=event,
        refusals=refusals,
        selects_plan=True,
    )


def _not_kept(summary: str) -> Operation:
    return Operation(summary=summary, api=Api.OPENAI, answer="error", status=404, query=(_RESPONSE,))


def _own(
    summary: str,
    answer: str = "",
    *,
    refusals: Mapping[int, str] = _OWN,
    query: tuple[Query, ...] = (_KEY,),
    status: int = 200,
    request: str = "",
) -> Operation:
    """One of the fake's own, about a key's script and journal."""
    return Operation(
        summary=summary,
        api=Api.FAKE,
        request=request,
        answer=answer,
        refusals=refusals,
        query=query,
        status=status,
    )


#: Method and path, as in `ROUTES`; a path below an open-ended one has a name in braces.
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("POST", "/chat/completions"): _plan(
        "Answer a conversation.", "chat.completion", "chat.completion.chunk"
    ),
    ("POST", "/completions"): _plan("Go on with a text.", "completion", "completion.chunk"),
    ("POST", "/embeddings"): _plan("Vectors for texts.", "embeddings"),
    ("POST", "/responses"): _plan(
        "Answer a conversation of items. Nothing is kept: the request brings all of it.",
        "response",
        "response.event",
        {**_ASKED, 404: "There is no such scenario, or what the request goes on after is not kept."},
    ),
    ("POST", "/responses/input_tokens"): Operation(
        summary="What a request for a response would cost, in tokens.",
        api=Api.OPENAI,
        request="response.request",
        answer="fake.response_tokens",
        refusals={status: _ASKED[status] for status in (400, 413)},
    ),
    ("GET", "/responses/{response}"): _not_kept("A response that was given before: none is kept."),
    ("DELETE", "/responses/{response}"): _not_kept("Forget a response: none is kept."),
    ("GET", "/models"): Operation(
        summary="The models that are served, and each scenario and fault as a model.",
        api=Api.OPENAI,
        answer="models",
    ),
    ("GET", "/models/{model}"): Operation(
        summary="One model.",
        api=Api.OPENAI,
        answer="model",
        refusals={404: "There is no such model."},
        query=(Query(name="model", description="Its id; slashes may stand in it as they are."),),
    ),
    ("GET", "/openapi.json"): _own("This document.", "fake.openapi", refusals={}, query=()),
    ("GET", "/_fake/requests"): _own(
        "The journal: what reached the fake under a key.",
        "fake.journal",
        query=(_KEY, _number("after", "Leaves out what came up to this number.")),
    ),
    ("GET", "/_fake/requests/{number}"): _own(
        "One request whole, with its answer.",
        "fake.request",
        refusals={**_OWN, 404: "There is no such request, or no handle with that key."},
        query=(_number("number", "Its number in the journal."), _KEY),
    ),
    ("DELETE", "/_fake/requests"): _own("Forget the script and the journal of a key.", status=204),
    ("PUT", "/_fake/script"): _own(
        "Lay a script, in YAML or JSON, in place of the old one.",
        request="fake.script",
        status=204,
        refusals={400: "The script has a mistake; the message names its line.", **_MANY, **_ONE_WORKER},
    ),
    ("GET", "/_fake/verdict"): _own("How the client behaved.", "fake.verdict"),
    ("GET", "/_fake/conversations"): _own("The chat requests, by conversation.", "fake.conversations"),
    ("GET", "/_fake/conversations/{number}"): _own(
        "The conversation that a request belongs to, round by round.",
        "fake.conversation",
        refusals={**_OWN, 404: "No conversation has that request, or there is no handle with that key."},
        query=(_number("number", "A request's number in the journal."), _KEY),
    ),
    ("GET", "/_fake/overview"): _own(
        "All journals, as the page lists them.",
        "fake.overview",
        refusals=_ONE_WORKER,
        query=(_number("since", "Lists what came or ended at this second or later.", "number"),),
    ),
    ("GET", "/_fake"): Operation(
        summary="The journal as a page for a person.", api=Api.FAKE, content_type="text/html"
    ),
    ("GET", "/_fake/wait"): _own(
        "Answer once so many requests came.",
        "fake.count",
        refusals={**_OWN, 400: "The numbers are none.", 408: "They did not come in time."},
        query=(
            _KEY,
            _number("count", "How many requests; 1 where it is not said."),
            _number("timeout", "Seconds, up to 600; 5 where it is not said.", "number"),
        ),
    ),
    ("GET", "/_fake/events"): Operation(
        summary="An event for each change of any journal.",
        api=Api.FAKE,
        event="fake.changes",
        refusals=_ONE_WORKER,
    ),
    ("GET", "/_fake/keys"): _own(
        "The keys that have a script and a journal of their own.",
        "fake.keys",
        refusals=_ONE_WORKER,
        query=(),
    ),
    ("POST", "/_fake/keys"): _own(
        "Make a key with a script and a journal of its own.",
        "fake.key",
        status=201,
        refusals={**_MANY, **_ONE_WORKER},
        query=(),
    ),
    ("DELETE", "/_fake/keys"): _own(
        "Drop a key's script and journal.",
        status=204,
        refusals=_ONE_WORKER,
        query=(Query(name="key", description="Which key."),),
    ),
    **LORAX_OPERATIONS,
}
