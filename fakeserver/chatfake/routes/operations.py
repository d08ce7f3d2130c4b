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

#: Method and path, as in `ROUTES`; a path below an open-ended one has a name in braces.
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("POST", "/chat/completions"): Operation(
        summary="Answer a conversation.",
        api=Api.OPENAI,
        request="chat.completion.request",
        answer="chat.completion",
        event="chat.completion.chunk",
        refusals=_ASKED,
        selects_plan=True,
    ),
    ("POST", "/completions"): Operation(
        summary="Go on with a text.",
        api=Api.OPENAI,
        request="completion.request",
        answer="completion",
        event="completion.chunk",
        refusals=_ASKED,
        selects_plan=True,
    ),
    ("POST", "/embeddings"): Operation(
        summary="Vectors for texts.",
        api=Api.OPENAI,
        request="embeddings.request",
        answer="embeddings",
        refusals=_ASKED,
        selects_plan=True,
    ),
    ("POST", "/responses"): Operation(
        summary="Answer a conversation of items. Nothing is kept: the request brings all of it.",
        api=Api.OPENAI,
        request="response.request",
        answer="response",
        event="response.event",
        refusals={**_ASKED, 404: "There is no such scenario, or what the request goes on after is not kept."},
        selects_plan=True,
    ),
    ("POST", "/responses/input_tokens"): Operation(
        summary="What a request for a response would cost, in tokens.",
        api=Api.OPENAI,
        request="response.request",
        answer="fake.response_tokens",
        refusals={status: _ASKED[status] for status in (400, 413)},
    ),
    ("GET", "/responses/{response}"): Operation(
        summary="A response that was given before: none is kept.",
        api=Api.OPENAI,
        answer="error",
        status=404,
        query=(_RESPONSE,),
    ),
    ("DELETE", "/responses/{response}"): Operation(
        summary="Forget a response: none is kept.",
        api=Api.OPENAI,
        answer="error",
        status=404,
        query=(_RESPONSE,),
    ),
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
    ("GET", "/openapi.json"): Operation(summary="This document.", api=Api.FAKE, answer="fake.openapi"),
    ("GET", "/_fake/requests"): Operation(
        summary="The journal: what reached the fake under a key.",
        api=Api.FAKE,
        answer="fake.journal",
        refusals=_OWN,
        query=(
            _KEY,
            Query(name="after", description="Leaves out what came up to this number.", type="integer"),
        ),
    ),
    ("GET", "/_fake/requests/{number}"): Operation(
        summary="One request whole, with its answer.",
        api=Api.FAKE,
        answer="fake.request",
        refusals={**_OWN, 404: "There is no such request, or no handle with that key."},
        query=(Query(name="number", description="Its number in the journal.", type="integer"), _KEY),
    ),
    ("DELETE", "/_fake/requests"): Operation(
        summary="Forget the script and the journal of a key.",
        api=Api.FAKE,
        status=204,
        refusals=_OWN,
        query=(_KEY,),
    ),
    ("PUT", "/_fake/script"): Operation(
        summary="Lay a script, in YAML or JSON, in place of the old one.",
        api=Api.FAKE,
        request="fake.script",
        status=204,
        refusals={400: "The script has a mistake; the message names its line.", **_MANY, **_ONE_WORKER},
        query=(_KEY,),
    ),
    ("GET", "/_fake/verdict"): Operation(
        summary="How the client behaved.",
        api=Api.FAKE,
        answer="fake.verdict",
        refusals=_OWN,
        query=(_KEY,),
    ),
    ("GET", "/_fake/conversations"): Operation(
        summary="The chat requests, by conversation.",
        api=Api.FAKE,
        answer="fake.conversations",
        refusals=_OWN,
        query=(_KEY,),
    ),
    ("GET", "/_fake/conversations/{number}"): Operation(
        summary="The conversation that a request belongs to, round by round.",
        api=Api.FAKE,
        answer="fake.conversation",
        refusals={**_OWN, 404: "No conversation has that request, or there is no handle with that key."},
        query=(Query(name="number", description="A request's number in the journal.", type="integer"), _KEY),
    ),
    ("GET", "/_fake/overview"): Operation(
        summary="All journals, as the page lists them.",
        api=Api.FAKE,
        answer="fake.overview",
        refusals=_ONE_WORKER,
        query=(
            Query(
                name="since", description="Lists what came or ended at this second or later.", type="number"
            ),
        ),
    ),
    ("GET", "/_fake"): Operation(
        summary="The journal as a page for a person.", api=Api.FAKE, content_type="text/html"
    ),
    ("GET", "/_fake/wait"): Operation(
        summary="Answer once so many requests came.",
        api=Api.FAKE,
        answer="fake.count",
        refusals={
            **_OWN,
            400: "The numbers are none.",
            408: "They did not come in time.",
        },
        query=(
            _KEY,
            Query(name="count", description="How many requests; 1 where it is not said.", type="integer"),
            Query(name="timeout", description="Seconds, up to 600; 5 where it is not said.", type="number"),
        ),
    ),
    ("GET", "/_fake/events"): Operation(
        summary="An event for each change of any journal.",
        api=Api.FAKE,
        event="fake.changes",
        refusals=_ONE_WORKER,
    ),
    ("GET", "/_fake/keys"): Operation(
        summary="The keys that have a script and a journal of their own.",
        api=Api.FAKE,
        answer="fake.keys",
        refusals=_ONE_WORKER,
    ),
    ("POST", "/_fake/keys"): Operation(
        summary="Make a key with a script and a journal of its own.",
        api=Api.FAKE,
        answer="fake.key",
        status=201,
        refusals={**_MANY, **_ONE_WORKER},
    ),
    ("DELETE", "/_fake/keys"): Operation(
        summary="Drop a key's script and journal.",
        api=Api.FAKE,
        status=204,
        refusals=_ONE_WORKER,
        query=(Query(name="key", description="Which key."),),
    ),
    **LORAX_OPERATIONS,
}
