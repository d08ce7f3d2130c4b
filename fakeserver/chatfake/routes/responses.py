"""`POST /v1/responses`, without a memory: a request brings its whole conversation, and nothing of it is kept."""

from chatfake.core.api_error import MALFORMED_JSON, Refusal, unknown_url, wrong_method
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject
from chatfake.generation.identity import identity
from chatfake.generation.truncation import limited
from chatfake.handling.effects import befallen
from chatfake.handling.request_context import Answered, Asked
from chatfake.handling.select_plan import chosen
from chatfake.request.chat_request import Chat
from chatfake.responses.answer import written
from chatfake.responses.completion import Spoken
from chatfake.responses.request import read_asking
from chatfake.responses.shape import AS_SAID
from chatfake.responses.shapes import SHAPES
from chatfake.responses.tools import custom_names, in_free_form
from chatfake.responses.validation.errors import no_model, no_response
from chatfake.responses.validation.rules import response_refusal
from chatfake.scripting.plan import Plan

__all__ = ["RESPONSES", "answer_input_tokens", "answer_kept", "answer_responses"]

RESPONSES = "/responses"


def answer_responses(asked: Asked) -> Answered:
    """Validates, chooses, speaks."""
    if asked.address.path != RESPONSES:
        return answer_kept(asked)
    read = _read(asked)
    if isinstance(read, Answered):
        return read
    body, chat = read
    plan = chosen(asked, chat)
    if isinstance(plan, Refusal):
        return asked.refused(no_model(plan, chat.model), body)
    return Answered(answer=_spoken(asked, chat, plan), json=body, plan=plan)


def _read(asked: Asked) -> tuple[JsonObject, Chat] | Answered:
    body = asked.body()
    if isinstance(body, Refusal):
        return asked.refused(body)
    refusal = None if asked.house.lenient else response_refusal(body, asked.house.context_length)
    if refusal is not None or not isinstance(body, dict):
        return asked.refused(refusal or MALFORMED_JSON, body)
    members: JsonObject = {key: value for key, value in body.items() if value is not None}
    return body, read_asking(members, asked.house.context_length)


def _spoken(asked: Asked, chat: Chat, plan: Plan) -> Answer:
    house, dialect = asked.house, asked.dialect
    shape = SHAPES.get(plan.scenario.name, AS_SAID)
    customs = custom_names(chat.body)
    replies = tuple(limited(in_free_form(reply, customs), chat) for reply in plan.scenario.speak(chat))
    mark = identity(chat, replies, house.clock, house.new_id)
    spoken = Spoken(chat=chat, replies=replies, identity=mark)
    return befallen(asked, plan, written(spoken, shape, dialect), mark.digest)


def answer_input_tokens(asked: Asked) -> Answered:
    """`POST /v1/responses/input_tokens`: what a request would cost."""
    read = _read(asked)
    if isinstance(read, Answered):
        return read
    body, chat = read
    counted: JsonObject = {"object": "response.input_tokens", "input_tokens": chat.prompt_tokens}
    return Answered(answer=asked.dialect.written(counted), json=body)


def answer_kept(asked: Asked) -> Answered:
    """Anything about a response that was given before: it is not there any more."""
    path, request = asked.address.path, asked.request
    name, _, rest = path.removeprefix(RESPONSES).removeprefix("/").partition("/")
    if not name:
        refusal = wrong_method(request.method, request.path)
        return Answered(answer=asked.dialect.refused(refusal, (("allow", "POST, OPTIONS"),)))
    if (request.method, rest) not in _ABOUT_KEPT:
        return asked.refused(unknown_url(request.method, request.path))
    return asked.refused(no_response(name))


#: What can be asked about a response: a method, and what stands behind its id.
_ABOUT_KEPT = (
    ("GET", ""),
    ("HEAD", ""),
    ("DELETE", ""),
    ("POST", "cancel"),
    ("GET", "input_items"),
    ("HEAD", "input_items"),
)
