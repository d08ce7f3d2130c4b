"""`POST /v1/chat/completions`."""

from chatfake.asked import Answered, Asked
from chatfake.befalling import befallen
from chatfake.chat import Chat, read_chat
from chatfake.choosing import chosen
from chatfake.dialects.spoken import Spoken
from chatfake.identity import identity
from chatfake.limits import limited
from chatfake.plan import Plan
from chatfake.refusal import MALFORMED_JSON, Refusal
from chatfake.wire import Answer


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
