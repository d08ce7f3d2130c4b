"""`POST /v1/chat/completions`."""

from chatfake.core.api_error import MALFORMED_JSON, Refusal
from chatfake.core.http import Answer
from chatfake.dialects.format.completion import Spoken
from chatfake.generation.identity import identity
from chatfake.generation.truncation import limited
from chatfake.handling.effects import befallen
from chatfake.handling.request_context import Answered, Asked
from chatfake.handling.select_plan import chosen
from chatfake.request.chat_request import Chat, read_chat
from chatfake.scripting.plan import Plan


def answer_chat(asked: Asked) -> Answered:
    """Validates, chooses, speaks."""
    body = asked.body()
    if isinstance(body, Refusal):
        return asked.refused(body)
    refusal = None if asked.house.lenient else asked.dialect.requests.chat(body, asked.house.context_length)
    if refusal is not None or not isinstance(body, dict):
        return asked.refused(refusal or MALFORMED_JSON, body)
    chat = read_chat(asked.taken(body), asked.house.context_length)
    plan = chosen(asked, chat)
    if isinstance(plan, Refusal):
        return asked.refused(plan, body)
    return Answered(answer=_spoken(asked, chat, plan), json=body, plan=plan)


def _spoken(asked: Asked, chat: Chat, plan: Plan) -> Answer:
    house, dialect = asked.house, asked.dialect
    said, reshape = dialect.thought(plan.scenario.speak(chat), plan.scenario.reshape)
    cut = {reply: limited(reply, chat) for reply in said}  # most choices are the same reply
    replies = dialect.retold(tuple(cut[reply] for reply in said), chat)
    mark = identity(chat, replies, house.clock, house.new_id, dialect.ids)
    spoken = Spoken(chat=chat, replies=replies, identity=mark)
    return befallen(asked, plan, dialect.said(spoken, reshape), mark.digest)
