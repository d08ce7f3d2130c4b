"""What is done to an answer once it is made: the server's latency, the plan's faults, the delay that was asked for."""

import contextlib
from dataclasses import replace

from chatfake.core.http import Answer, Pause
from chatfake.dialects import Dialect
from chatfake.faults import Fault
from chatfake.faults.latency import LatencyError, latency_of
from chatfake.handling.request_context import RequestContext
from chatfake.scripting.plan import Plan

LONGEST_DELAY = 3600.0


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
