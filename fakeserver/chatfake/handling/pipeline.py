"""How a request for generated content is answered: read, refuse, select a plan, render, apply effects.

One pipeline for every such route; an `Endpoint` is what a route brings to it.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from chatfake.core.api_error import MALFORMED_JSON, ApiError
from chatfake.core.http import Answer, Pause
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects import Dialect
from chatfake.faults import Fault
from chatfake.faults.latency import LatencyError, latency_of
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import OWNER, Plan, UnknownNameError, parse_plan

SCRIPT_IS_DRY = ApiError(
    message="The script of this API key has no answer left, and is told to say so.",
    type="server_error",
    code="script_is_dry",
    status=500,
)
LONGEST_DELAY = 3600.0


def _as_it_is(error: ApiError, _: Chat) -> ApiError:
    return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What one route brings to the pipeline, in the order in which it is asked."""

    #: What the server refuses of a parsed body; a lenient fake answers it all the same.
    refuse: Callable[[RequestContext, JsonValue], ApiError | None]
    #: The conversations that a body asks to go on, at least one; or what is too much for any fake.
    chats: Callable[[RequestContext, JsonObject], tuple[Chat, ...] | ApiError]
    #: How the route says that no plan can be selected.
    refuse_plan: Callable[[ApiError, Chat], ApiError] = _as_it_is
    #: The answer by a plan, and the digest that the random parts of its effects are derived from.
    render: Callable[[RequestContext, tuple[Chat, ...], Plan], tuple[Answer, str]]

    def answer(self, context: RequestContext) -> Handled:
        """The answer, or the first thing that is wrong with the request."""
        found = self.read(context)
        if isinstance(found, Handled):
            return found
        body, chats = found
        plan = select_plan(context, chats[0])
        if isinstance(plan, ApiError):
            return context.render_error(self.refuse_plan(plan, chats[0]), body)
        answer, seed = self.render(context, chats, plan)
        return Handled(answer=apply_effects(context, plan, answer, seed), json=body, plan=plan)

    def read(self, context: RequestContext) -> tuple[JsonObject, tuple[Chat, ...]] | Handled:
        """The body of a valid request and its conversations; the error for any other."""
        body = context.body()
        if isinstance(body, ApiError):
            return context.render_error(body)
        error = None if context.settings.lenient else self.refuse(context, body)
        if error is not None or not isinstance(body, dict):
            return context.render_error(error or MALFORMED_JSON, body)
        chats = self.chats(context, body)
        return context.render_error(chats, body) if isinstance(chats, ApiError) else (body, chats)


def select_plan(context: RequestContext, chat: Chat) -> Plan | ApiError:
    """What was given for this request; else what it chooses itself (path or header, then model); else its script."""
    if context.plan is not None:
        return context.plan
    refusal = context.settings.models.refusal(chat.model)
    if refusal is not None and not context.takes_model(chat.model):
        return refusal
    named = context.address.plan or (chat.model.removeprefix(OWNER) if chat.model.startswith(OWNER) else "")
    if not named:
        return context.session.next_plan(chat, context.request) or SCRIPT_IS_DRY
    try:
        plan = parse_plan(named)
    except UnknownNameError as unknown:
        return ApiError(message=f"{unknown}.", code="scenario_not_found", status=404)
    return plan.for_attempt(context.session.attempt(context.request)) if plan.failing_attempts else plan


def apply_effects(
    context: RequestContext, plan: Plan, answer: Answer, seed: str, dialect: Dialect | None = None
) -> Answer:
    """`X-Fake-Delay` is seconds before the first byte; `X-Fake-Latency` is a latency model in place of the server's.

    A header's model that is none, or a trace (a file of the server's), is passed over. Errors are told in the
    request's dialect, or in that of the route.
    """
    latency = context.settings.latency
    if written := context.request.header("x-fake-latency"):
        with contextlib.suppress(LatencyError):
            latency = latency if "trace" in written else latency_of(written)
    if latency.written:
        answer = latency.apply(answer, seed)
    for fault in plan.faults:
        answer = _applied(context, fault, answer, seed, dialect or context.dialect)
    delay = _seconds(context.request.header("x-fake-delay"))
    return replace(answer, steps=(Pause(delay), *answer.steps)) if delay else answer


def _applied(context: RequestContext, fault: Fault, answer: Answer, seed: str, dialect: Dialect) -> Answer:
    if fault.refusal is not None:  # under the fault's own status
        told = dialect.render_error(fault.refusal, fault.headers, mark=seed[32:64])
        return replace(told, status=fault.refusal.status)
    if fault.redirect:
        location = ("location", fault.redirect + context.address.path)
        return Answer(status=307, headers=(location, ("content-length", "0")))
    effect = fault.apply if fault.broken_off is None else fault.broken_off(dialect.error_event)
    return effect(answer)


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds <= LONGEST_DELAY else 0.0
