"""The routes of the fake. A new one is a file here, a line in the table, and a line in `operations.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chatfake.core.api_error import ApiError, unknown_url, wrong_method
from chatfake.core.http import empty_answer
from chatfake.handling.long_poll import EVENTS, WAIT
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.routes import admin, inspector
from chatfake.routes.chat import CHAT
from chatfake.routes.completions import COMPLETIONS
from chatfake.routes.embeddings import EMBEDDINGS
from chatfake.routes.lorax_generate import LORAX_CHAT, LORAX_COMPLETIONS, NATIVE, NATIVE_ROOT, NATIVE_STREAM
from chatfake.routes.lorax_info import answer_health, answer_info, answer_metrics
from chatfake.routes.lorax_texts import (
    LORAX_CLASSIFY,
    LORAX_CLASSIFY_BATCH,
    LORAX_EMBED,
    LORAX_EMBEDDINGS,
    LORAX_TOKENIZE,
)
from chatfake.routes.models import MODELS_PATH, answer_models
from chatfake.routes.openapi import answer_openapi
from chatfake.routes.responses import RESPONSES_PATH, answer_input_tokens, answer_responses, answer_stored

__all__ = ["ROUTES", "Route", "handle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of a path, and who answers it. HEAD follows from GET, OPTIONS from being there."""

    method: str
    answer: Callable[[RequestContext], Handled]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the header `Allow` lists for it."""
        return (self.method, *(("HEAD",) if self.method == "GET" else ()), "OPTIONS")


#: Path without `/v1` and other prefixes -> its routes, one a method.
ROUTES: Mapping[str, tuple[Route, ...]] = {
    "/chat/completions": (Route(method="POST", answer=CHAT.answer),),
    "/completions": (Route(method="POST", answer=COMPLETIONS.answer),),
    "/embeddings": (Route(method="POST", answer=EMBEDDINGS.answer),),
    RESPONSES_PATH: (
        Route(method="POST", answer=answer_responses),
        *(Route(method=method, answer=answer_stored) for method in ("GET", "DELETE")),
    ),
    f"{RESPONSES_PATH}/input_tokens": (Route(method="POST", answer=answer_input_tokens),),
    MODELS_PATH: (Route(method="GET", answer=answer_models),),
    "/": (Route(method="POST", answer=NATIVE_ROOT.answer), Route(method="GET", answer=answer_health)),
    "/invocations": (Route(method="POST", answer=NATIVE_ROOT.answer),),
    "/generate": (Route(method="POST", answer=NATIVE.answer),),
    "/generate_stream": (Route(method="POST", answer=NATIVE_STREAM.answer),),
    "/tokenize": (Route(method="POST", answer=LORAX_TOKENIZE.answer),),
    "/embed": (Route(method="POST", answer=LORAX_EMBED.answer),),
    "/classify": (Route(method="POST", answer=LORAX_CLASSIFY.answer),),
    "/classify_batch": (Route(method="POST", answer=LORAX_CLASSIFY_BATCH.answer),),
    "/info": (Route(method="GET", answer=answer_info),),
    "/health": (Route(method="GET", answer=answer_health),),
    "/ping": (Route(method="GET", answer=answer_health),),
    "/startup": (Route(method="GET", answer=answer_health),),
    "/metrics": (Route(method="GET", answer=answer_metrics),),
    "/openapi.json": (Route(method="GET", answer=answer_openapi),),
    "/_fake": (Route(method="GET", answer=inspector.get_page),),
    "/_fake/overview": (Route(method="GET", answer=inspector.get_overview),),
    "/_fake/requests": (
        Route(method="GET", answer=admin.get_requests),
        Route(method="DELETE", answer=admin.delete_requests),
    ),
    "/_fake/script": (Route(method="PUT", answer=admin.put_script),),
    "/_fake/verdict": (Route(method="GET", answer=admin.get_verdict),),
    "/_fake/conversations": (Route(method="GET", answer=admin.get_conversations),),
    WAIT: (Route(method="GET", answer=admin.get_wait),),
    EVENTS: (Route(method="GET", answer=admin.get_events),),
    "/_fake/keys": (
        Route(method="GET", answer=admin.get_keys),
        Route(method="POST", answer=admin.post_keys),
        Route(method="DELETE", answer=admin.delete_keys),
    ),
}
#: Routes that a dialect answers in its own way, in the place of those above; without any, it has no such path.
OWN_ROUTES: Mapping[str, Mapping[str, tuple[Route, ...]]] = {
    "lorax": {
        "/chat/completions": (Route(method="POST", answer=LORAX_CHAT.answer),),
        "/completions": (Route(method="POST", answer=LORAX_COMPLETIONS.answer),),
        "/embeddings": (Route(method="POST", answer=LORAX_EMBEDDINGS.answer),),
        MODELS_PATH: (),
        RESPONSES_PATH: (),
        f"{RESPONSES_PATH}/input_tokens": (),
    }
}
ONE_PROCESS = ApiError(
    message="Scripts and journals live in one process, and this server has several. Serve with one worker.",
    code="needs_one_worker",
    status=501,
)
#: Paths under which everything belongs to the route: `/models/{id}`, with slashes in the id.
_OPEN_ENDED = (MODELS_PATH, RESPONSES_PATH, "/_fake/requests", "/_fake/conversations")


def handle(context: RequestContext) -> Handled:
    """What the route of the request says; the documented error where there is none."""
    request, path = context.request, context.address.path
    if context.settings.workers > 1 and path.startswith("/_fake/"):
        return context.render_error(ONE_PROCESS)
    table = {**ROUTES, **OWN_ROUTES.get(context.dialect.name, {})}
    routes = table.get(path) or next(
        (table[prefix] for prefix in _OPEN_ENDED if path.startswith(f"{prefix}/")), ()
    )
    if not routes:
        return context.render_error(unknown_url(request.method, request.path))
    methods = tuple(dict.fromkeys(method for route in routes for method in route.methods))
    allow = (("allow", ", ".join(methods)),)
    if request.method == "OPTIONS":
        return Handled(answer=empty_answer(204, allow))
    wanted = "GET" if request.method == "HEAD" else request.method
    for route in routes:
        if route.method == wanted:
            return route.answer(context)
    refusal = wrong_method(request.method, request.path)
    return Handled(answer=context.dialect.render_error(refusal, allow))
