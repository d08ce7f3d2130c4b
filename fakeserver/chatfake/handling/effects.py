"""What is done to an answer once it is made: the server's latency, the plan's faults, the delay that was asked for."""

import contextlib
from dataclasses import replace

from chatfake.core.http import Answer, Pause
from chatfake.faults import Fault
from chatfake.faults.latency import LatencyError, latency_of
from chatfake.handling.request_context import RequestContext
from chatfake.scripting.plan import Plan

LONGEST_DELAY = 3600.0


def apply_effects(context: RequestContext, plan: Plan, answer: Answer, seed: str) -> Answer:
    """`X-Fake-Delay` is seconds before the first byte; `X-Fake-Latency` is a latency model in place of the server's.

    A header's model that is none, or a trace (a file of the server's), is passed over.
    """
    latency = context.settings.latency
    if written := context.request.header("x-fake-latency"):
        with contextlib.suppress(LatencyError):
            latency = latency if "trace" in written else latency_of(written)
    if latency.written:
        answer = latency.apply(answer, seed)
    for fault in plan.faults:
        answer = fault.apply(_refused(context, fault, seed) or answer)
    answer = _redirected(answer, context.address.path)
    delay = _seconds(context.request.header("x-fake-delay"))
    return replace(answer, steps=(Pause(delay), *answer.steps)) if delay else answer


def _refused(context: RequestContext, fault: Fault, seed: str) -> Answer | None:
    """The error that a fault puts in the answer's place, in this dialect, under the fault's own status."""
    if fault.refusal is None:
        return None
    told = context.dialect.render_error(fault.refusal, fault.headers, mark=seed[32:64])
    return replace(told, status=fault.refusal.status)


def _redirected(answer: Answer, path: str) -> Answer:
    """A redirect leads to the route that was asked, whichever it is."""
    asked_chat = "/chat/completions"
    headers = tuple(
        (name, value.removesuffix(asked_chat) + path)
        if name == "location" and value.endswith(asked_chat)
        else (name, value)
        for name, value in answer.headers
    )
    return replace(answer, headers=headers)


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 0)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds <= LONGEST_DELAY else 0.0
