"""Miniatures that are broken in the model list."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import (
    broken,
)
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_html,
    as_json,
    asked,
    refusals,
    where,
)


def _models(change: Callable[[Object], None]) -> Wrapper:
    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if not request.path.endswith("/models"):
                return answer
            value = json.loads(answer.body)
            change(value)
            return as_json(200, value)

        return wrapped

    return make


def _other_models(value: Object) -> None:
    value["data"] = [{**value["data"][0], "id": "another"}]


broken("models-without-object", "models.list", _models(lambda value: value["data"][0].pop("object")))
broken("models-without-owner", "models.list", _models(lambda value: value["data"][0].pop("owned_by")))
broken("model-not-listed", "models.serves", _models(_other_models))
broken("no-retrieve", "models.retrieve", where(lambda r: "/models/" in r.path, as_html(404)))
broken(
    "unknown-model-500",
    "models.unknown",
    refusals(
        lambda request, answer: CRASH if "no-such-model" in str(asked(request).get("model")) else answer
    ),
)
broken(
    "no-models-route",
    "models.list",
    where(lambda r: r.path.endswith("/models"), as_json(404, {"error": {"message": "no"}})),
)
broken("models-crash", "models.list", where(lambda r: r.path.endswith("/models"), CRASH))
broken(
    "models-as-html",
    "models.list",
    where(lambda r: r.path.endswith("/models"), as_html(200)),
    along=("models.serves",),
)
