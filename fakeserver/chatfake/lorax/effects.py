"""Answers of LoRAX's routes, their errors, and effects on them: as any other, in LoRAX's dialect."""

from dataclasses import replace

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers, Send, body_answer, event
from chatfake.core.json_text import JsonValue, dump, encode
from chatfake.dialects.lorax import LORAX
from chatfake.dialects.requests.lorax_errors import CORS, lorax_failure
from chatfake.handling.pipeline import apply_effects
from chatfake.handling.request_context import RequestContext
from chatfake.scripting.plan import Plan

#: Where LoRAX's routes are served beside another server's: an error of paths, which a fault may bring, is flat too.
_BESIDE = replace(LORAX, errors=lorax_failure)


def lorax_answer(payload: JsonValue, headers: Headers = CORS) -> Answer:
    """A JSON answer."""
    return body_answer(encode(dump(payload)), "application/json", headers=headers)


def failure_answer(error: ApiError) -> Answer:
    """An error as the whole answer."""
    return _BESIDE.render_error(error)


def failure_event(error: ApiError) -> Send:
    """An error as an event of a stream, which is the last then."""
    return event(dump(lorax_failure(error).payload))


def apply_lorax_effects(context: RequestContext, plan: Plan, answer: Answer, mark: str) -> Answer:
    """Faults, latency and delays."""
    return apply_effects(context, plan, answer, mark, LORAX if context.dialect is LORAX else _BESIDE)
