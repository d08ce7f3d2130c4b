"""`POST /v1/chat/completions`."""

from chatfake.asked import Answered, Asked, refused
from chatfake.chat import read_chat
from chatfake.choosing import chosen
from chatfake.dialect import Spoken, chunks, completion
from chatfake.framing import json_answer, sse_answer
from chatfake.house import House
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
        return refused(body)
    refusal = refusal_of(body, asked.house.context_length)
    if refusal is not None or not isinstance(body, dict):
        return refused(refusal or MALFORMED_JSON, body)
    plan = chosen(asked, str(body["model"]))
    if isinstance(plan, Refusal):
        return refused(plan, body)
    return Answered(answer=_spoken(body, plan, asked.house), json=body, plan=plan)


def _spoken(body: JsonObject, plan: Plan, house: House) -> Answer:
    chat = read_chat({key: value for key, value in body.items() if value is not None}, house.context_length)
    replies = tuple(limited(reply, chat) for reply in plan.scenario.speak(chat))
    spoken = Spoken(chat=chat, replies=replies, identity=identity(chat, replies, house.clock, house.new_id))
    headers = (("x-request-id", spoken.identity.request_id),)
    answer = (
        sse_answer(chunks(spoken), headers)
        if chat.stream
        else json_answer(completion(spoken), headers=headers)
    )
    for fault in plan.faults:
        answer = fault.befall(answer)
    return answer
