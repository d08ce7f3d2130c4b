"""`POST /v1/responses`, without a memory: a request brings its whole conversation, and nothing of it is kept."""

from chatfake.core.api_error import unknown_url, wrong_method
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject
from chatfake.generation.identity import identity
from chatfake.generation.reply import limited
from chatfake.handling.pipeline import Endpoint
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.request.chat_request import Chat
from chatfake.responses.answer import written
from chatfake.responses.completion import Completion
from chatfake.responses.request import read_response_request
from chatfake.responses.reshape import UNCHANGED
from chatfake.responses.scenarios import RESHAPES
from chatfake.responses.tools import custom_names, with_free_form_input
from chatfake.responses.validation.errors import no_model, not_kept
from chatfake.responses.validation.rules import response_refusal
from chatfake.scripting.plan import Plan

RESPONSES_PATH = "/responses"


def _chats(context: RequestContext, body: JsonObject) -> tuple[Chat, ...]:
    members: JsonObject = {key: value for key, value in body.items() if value is not None}
    return (read_response_request(members, context.settings.context_length),)


def _render(context: RequestContext, chats: tuple[Chat, ...], plan: Plan) -> tuple[Answer, str]:
    settings, chat = context.settings, chats[0]
    customs = custom_names(chat.body)
    replies = tuple(
        limited(with_free_form_input(reply, customs), chat) for reply in plan.scenario.speak(chat)
    )
    mark = identity(chat, replies, settings.clock, settings.new_id)
    completion = Completion(chat=chat, replies=replies, identity=mark)
    return written(completion, RESHAPES.get(plan.scenario.name, UNCHANGED), context.dialect), mark.digest


_ENDPOINT = Endpoint(
    refuse=lambda context, body: response_refusal(body, context.settings.context_length),
    chats=_chats,
    render=_render,
    refuse_plan=lambda error, _: no_model(error),
)


def answer_responses(context: RequestContext) -> Handled:
    """The response; what stands below the path is about one that was given before."""
    return _ENDPOINT.answer(context) if context.address.path == RESPONSES_PATH else answer_stored(context)


def answer_input_tokens(context: RequestContext) -> Handled:
    """`POST /v1/responses/input_tokens`: what a request would cost."""
    found = _ENDPOINT.read(context)
    if isinstance(found, Handled):
        return found
    body, chats = found
    counted: JsonObject = {"object": "response.input_tokens", "input_tokens": chats[0].prompt_tokens}
    return Handled(answer=context.dialect.written(counted), json=body)


def answer_stored(context: RequestContext) -> Handled:
    """Anything about a response that was given before: it is not there any more."""
    path, request = context.address.path, context.request
    name, _, rest = path.removeprefix(RESPONSES_PATH).removeprefix("/").partition("/")
    if not name:
        refusal = wrong_method(request.method, request.path)
        return Handled(answer=context.dialect.render_error(refusal, (("allow", "POST, OPTIONS"),)))
    if (request.method, rest) not in _STORED_ROUTES:
        return context.render_error(unknown_url(request.method, request.path))
    return context.render_error(not_kept("Response", name))


#: What can be asked about a response: a method, and what stands behind its id.
_STORED_ROUTES = (
    ("GET", ""),
    ("HEAD", ""),
    ("DELETE", ""),
    ("POST", "cancel"),
    ("GET", "input_items"),
    ("HEAD", "input_items"),
)
