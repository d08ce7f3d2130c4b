"""Effects on a native answer: the same as any other, with errors in LoRAX's words."""

from dataclasses import replace

from chatfake.core.http import Answer, Headers, Send, Step, body_answer
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, dump, encode, parse
from chatfake.dialects.requests.lorax_errors import CORS, error_in, failure_answer, from_status
from chatfake.handling.pipeline import apply_effects
from chatfake.handling.request_context import RequestContext
from chatfake.scripting.plan import Plan

__all__ = ["apply_lorax_effects", "lorax_answer", "retold"]

_DATA = b"data: "
_OURS = ("content-type", "content-length")


def lorax_answer(payload: JsonValue, headers: Headers = CORS) -> Answer:
    """A JSON answer with the headers that LoRAX puts on every one."""
    return body_answer(encode(dump(payload)), "application/json", headers=headers)


def apply_lorax_effects(context: RequestContext, plan: Plan, answer: Answer, mark: str) -> Answer:
    """Faults, latency and delays, then OpenAI's errors among them in LoRAX's form."""
    return (
        retold(apply_effects(context, plan, answer, mark))
        if plan.faults
        else apply_effects(context, plan, answer, mark)
    )


def retold(answer: Answer) -> Answer:
    """An error as LoRAX tells it, as the whole answer or as an event of it."""
    if answer.raw:
        return answer
    if answer.status >= 400 and (error := error_in(_value(answer.body))) is not None:
        failure = from_status(answer.status, str(error.get("message")), _type(error))
        told = failure_answer(failure, tuple(one for one in answer.headers if one[0] not in _OURS))
        return replace(
            told, steps=(*(step for step in answer.steps if not isinstance(step, Send)), *told.steps)
        )
    return replace(answer, steps=tuple(map(_step, answer.steps)))


def _step(step: Step) -> Step:
    if not isinstance(step, Send) or b'{"error":{' not in step.data:
        return step
    before, data, rest = step.data.partition(_DATA)
    error = error_in(_value(rest))
    if not data or error is None:
        return step
    failure = from_status(424, str(error.get("message")), _type(error))
    return Send(before + _DATA + encode(dump(failure.payload)) + b"\n\n")


def _type(error: JsonObject) -> str:
    return str(error.get("code") or error.get("type"))


def _value(data: bytes) -> JsonValue:
    try:
        return parse(data)
    except JsonError:
        return None
