"""What the OpenAPI document says of LoRAX's native routes."""

from collections.abc import Mapping
from dataclasses import replace

from chatfake.routes.operation import Api, Operation

__all__ = ["LORAX_OPERATIONS"]

_REFUSED = {
    422: "The validator refuses it; a body of another shape gets a sentence in plain text.",
    424: "There is no such adapter.",
    500: "Nothing was said.",
}
_ERROR = "lorax.error"
_GENERATE = Operation(
    summary="Go on with a prompt, as JSON.",
    api=Api.LORAX,
    request="lorax.generate.request",
    answer="lorax.generate",
    refusals=_REFUSED,
    error=_ERROR,
    selects_plan=True,
)
_ROOT = replace(
    _GENERATE,
    summary="Go on with a prompt: a list of one, or a stream where `stream` is true.",
    answer="lorax.root",
    event="lorax.generate.event",
)
_CLASSIFY = replace(
    _GENERATE,
    summary="The names in a text.",
    request="lorax.classify.request",
    answer="lorax.classify",
    refusals={422: _REFUSED[422]},
)
_HEALTH = Operation(summary="An empty answer: the server is well.", api=Api.LORAX, selects_plan=True)

_ROUTES: Mapping[tuple[str, str], Operation] = {
    ("POST", "/"): _ROOT,
    ("POST", "/invocations"): _ROOT,
    ("POST", "/generate"): _GENERATE,
    ("POST", "/generate_stream"): replace(
        _GENERATE,
        summary="Go on with a prompt, as a stream; errors come in it, under status 200.",
        answer="",
        event="lorax.generate.event",
        refusals={},
    ),
    ("POST", "/tokenize"): replace(
        _CLASSIFY,
        summary="A text in tokens.",
        request="lorax.tokenize.request",
        answer="lorax.tokenize",
        refusals={},
    ),
    ("POST", "/embed"): replace(
        _CLASSIFY,
        summary="The vector of a text.",
        request="lorax.embed.request",
        answer="lorax.embed",
        refusals={422: _REFUSED[422], 424: _REFUSED[424]},
    ),
    ("POST", "/classify"): _CLASSIFY,
    ("POST", "/classify_batch"): replace(
        _CLASSIFY,
        summary="The names in several texts.",
        request="lorax.classify_batch.request",
        answer="lorax.classify_batch",
        refusals={**_CLASSIFY.refusals, 500: "There were no texts."},
    ),
    ("GET", "/info"): Operation(
        summary="The server's account of itself, with its limits.",
        api=Api.LORAX,
        answer="lorax.info",
        selects_plan=True,
    ),
    ("GET", "/"): _HEALTH,
    ("GET", "/health"): _HEALTH,
    ("GET", "/ping"): _HEALTH,
    ("GET", "/startup"): _HEALTH,
    ("GET", "/metrics"): Operation(
        summary="Metrics as Prometheus reads them, all at zero.",
        api=Api.LORAX,
        content_type="text/plain",
        selects_plan=True,
    ),
}

#: Method and path, as in `ROUTES`. A request can name a scenario or a dialect on each of them.
LORAX_OPERATIONS: Mapping[tuple[str, str], Operation] = {
    route: replace(
        description,
        error=_ERROR,
        refusals={**description.refusals, 404: "There is no such scenario or dialect."},
    )
    for route, description in _ROUTES.items()
}
