"""`POST /v1/responses`, without a memory: a request brings its whole conversation, and nothing of it is kept."""

from chatfake.core.api_error import MALFORMED_JSON, ApiError, unknown_url, wrong_method
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject
from chatfake.generation.identity import identity
from chatfake.generation.truncation import limited
from chatfake.handling.effects import apply_effects
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.select_plan import select_plan
from chatfake.request.chat_request import Chat
from chatfake.responses.answer import written
from chatfake.responses.completion import Completion
from chatfake.responses.request import read_asking
from chatfake.responses.shape import AS_SAID
from chatfake.responses.shapes import SHAPES
from chatfake.responses.tools import custom_names, in_free_form
from chatfake.responses.validation.errors import no_model, not_kept
from chatfake.responses.validation.rules import response_refusal
from chatfake.scripting.plan import Plan

__all__ = ["RESPONSES", "answer_input_tokens", "answer_kept", "answer_responses"]

RESPONSES = "/responses"


def answer_responses(context: RequestContext) -> Handled:
    """Validates, chooses, speaks."""
    if context.address.path != RESPONSES:
        return answer_kept(context)
    read = _read(context)
    if isinstance(read, Handled):
        return read
    body, chat = read
    plan = select_plan(context, chat)
    if isinstance(plan, ApiError):
        return context.render_error(no_model(plan), body)
    return Handled(answer=_spoken(context, chat, plan), json=body, plan=plan)


def _read(context: RequestContext) -> tuple[JsonObject, Chat] | Handled:
    body = context.body()
    if isinstance(body, ApiError):
        return context.render_error(body)
    refusal = None if context.settings.lenient else response_refusal(body, context.settings.context_length)
    if refusal is not None or not isinstance(body, dict):
        return context.render_error(refusal or MALFORMED_JSON, body)
    members: JsonObject = {key: value for key, value in body.items() if value is not None}
    return body, read_asking(members, context.settings.context_length)


def _spoken(context: RequestContext, chat: Chat, plan: Plan) -> Answer:
    settings, dialect = context.settings, context.dialect
    shape = SHAPES.get(plan.scenario.name, AS_SAID)
    customs = custom_names(chat.body)
    replies = tuple(limited(in_free_form(reply, customs), chat) for reply in plan.scenario.speak(chat))
    mark = identity(chat, replies, settings.clock, settings.new_id)
    completion = Completion(chat=chat, replies=replies, identity=mark)
    return apply_effects(context, plan, written(completion, shape, dialect), mark.digest)


def answer_input_tokens(context: RequestContext) -> Handled:
    """`POST /v1/responses/input_tokens`: what a request would cost."""
    read = _read(context)
    if isinstance(read, Handled):
        return read
    body, chat = read
    counted: JsonObject = {"object": "response.input_tokens", "input_tokens": chat.prompt_tokens}
    return Handled(answer=context.dialect.written(counted), json=body)


def answer_kept(context: RequestContext) -> Handled:
    """Anything about a response that was given before: it is not there any more."""
    path, request = context.address.path, context.request
    name, _, rest = path.removeprefix(RESPONSES).removeprefix("/").partition("/")
    if not name:
        refusal = wrong_method(request.method, request.path)
        return Handled(answer=context.dialect.render_error(refusal, (("allow", "POST, OPTIONS"),)))
    if (request.method, rest) not in _ABOUT_KEPT:
        return context.render_error(unknown_url(request.method, request.path))
    return context.render_error(not_kept("Response", name))


#: What can be asked about a response: a method, and what stands behind its id.
_ABOUT_KEPT = (
    ("GET", ""),
    ("HEAD", ""),
    ("DELETE", ""),
    ("POST", "cancel"),
    ("GET", "input_items"),
    ("HEAD", "input_items"),
)
