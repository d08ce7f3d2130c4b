"""`POST /v1/chat/completions`."""

from chatfake.asked import Answered, Asked
from chatfake.befalling import befallen
from chatfake.chat import Chat, read_chat
from chatfake.choosing import chosen
from chatfake.dialects.openai import Spoken
from chatfake.framing import json_answer, sse_answer
from chatfake.identity import identity
from chatfake.jsontext import JsonObject
from chatfake.limits import limited
from chatfake.plan import Plan
from chatfake.refusal import MALFORMED_JSON, Refusal
from chatfake.validation import refusal_of
from chatfake.wire import Answer


def answer_chat(asked: Asked) -> Answered:
    """Validates, chooses, speaks."""
    body = asked.body()
    if isinstance(body, Refusal):
        return asked.refused(body)
    refusal = None if asked.house.lenient else refusal_of(body, asked.house.context_length)
    if refusal is not None or not isinstance(body, dict):
        return asked.refused(refusal or MALFORMED_JSON, body)
    members: JsonObject = {key: value for key, value in body.items() if value is not None}
    chat = read_chat(members, asked.house.context_length)
    plan = chosen(asked, chat)
    if isinstance(plan, Refusal):
        return asked.refused(plan, body)
    return Answered(answer=_spoken(asked, chat, plan), json=body, plan=plan)


def _spoken(asked: Asked, chat: Chat, plan: Plan) -> Answer:
    house, dialect, reshape = asked.house, asked.dialect, plan.scenario.reshape
    replies = tuple(limited(reply, chat) for reply in plan.scenario.speak(chat))
    spoken = Spoken(chat=chat, replies=replies, identity=identity(chat, replies, house.clock, house.new_id))
    headers = dialect.headers(spoken)
    answer = (
        sse_answer(reshape.pieces(dialect.chunks(spoken)), headers)
        if chat.stream
        else json_answer(reshape.whole(dialect.completion(spoken)), headers=headers)
    )
    return befallen(asked, plan, answer, spoken.identity.digest)
