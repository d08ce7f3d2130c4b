"""What the OpenAPI document says of LoRAX's native routes."""

from collections.abc import Mapping

from chatfake.routes.operation import Api, Operation

_REFUSED = {
    422: "The validator refuses it; a body of another shape gets a sentence in plain text.",
    424: "There is no such adapter.",
    500: "Nothing was said.",
}


def _route(
    summary: str,
    request: str = "",
    answer: str = "",
    event: str = "",
    *,
    refused: Mapping[int, str] | None = None,
    content_type: str = "application/json",
) -> Operation:
    """A request can name a scenario or a dialect on each of them."""
    return Operation(
        summary=summary,
        api=Api.LORAX,
        request=request and f"lorax.{request}.request",
        answer=answer and f"lorax.{answer}",
        event=event and f"lorax.{event}",
        content_type=content_type,
        refusals={**(refused or {}), 404: "There is no such scenario or dialect."},
        error="lorax.error",
        selects_plan=True,
    )


_GENERATE, _EVENT = "generate", "generate.event"
_ROOT = _route(
    "Go on with a prompt: a list of one, or a stream where `stream` is true.",
    _GENERATE,
    "root",
    _EVENT,
    refused=_REFUSED,
)
_UNREAD = {422: _REFUSED[422]}
_HEALTH = _route("An empty answer: the server is well.")

#: Method and path, as in `ROUTES`.
LORAX_OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("POST", "/"): _ROOT,
    ("POST", "/invocations"): _ROOT,
    ("POST", "/generate"): _route("Go on with a prompt, as JSON.", _GENERATE, "generate", refused=_REFUSED),
    ("POST", "/generate_stream"): _route(
        "Go on with a prompt, as a stream; errors come in it, under status 200.", _GENERATE, event=_EVENT
    ),
    ("POST", "/tokenize"): _route("A text in tokens.", "tokenize", "tokenize"),
    ("POST", "/embed"): _route(
        "The vector of a text.", "embed", "embed", refused={**_UNREAD, 424: _REFUSED[424]}
    ),
    ("POST", "/classify"): _route("The names in a text.", "classify", "classify", refused=_UNREAD),
    ("POST", "/classify_batch"): _route(
        "The names in several texts.",
        "classify_batch",
        "classify_batch",
        refused={**_UNREAD, 500: "There were no texts."},
    ),
    ("GET", "/info"): _route("The server's account of itself, with its limits.", answer="info"),
    ("GET", "/"): _HEALTH,
    ("GET", "/health"): _HEALTH,
    ("GET", "/ping"): _HEALTH,
    ("GET", "/startup"): _HEALTH,
    ("GET", "/metrics"): _route("Metrics as Prometheus reads them, all at zero.", content_type="text/plain"),
}
