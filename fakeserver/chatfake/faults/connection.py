"""Connections that are lost."""

from dataclasses import replace

from chatfake.core.http import Answer, Cut, HalfClose, Reset, Send, Step
from chatfake.faults.fault import fault
from chatfake.faults.pauses import waiting
from chatfake.faults.raw import head_of, with_head

_LOST = "whose connection was lost"


@fault("refuse", "the connection is closed before anything is said", _LOST)
def _refuse(answer: Answer) -> Answer:
    return replace(answer, raw=True, steps=(Cut(),))


@fault("reset-before-head", "the connection is reset before the head", _LOST)
def _reset_before_head(answer: Answer) -> Answer:
    return replace(answer, raw=True, steps=(Reset(),))


@fault("reset-in-head", "the connection is reset in the middle of the head", _LOST)
def _reset_in_head(answer: Answer) -> Answer:
    head = head_of(answer)
    return replace(answer, raw=True, steps=(Send(head[: len(head) // 2]), Reset()))


@fault("reset-in-body", "the connection is reset in the middle of the body", "whose answer broke off")
def _reset_in_body(answer: Answer) -> Answer:
    return replace(answer, steps=(*half(answer), Reset()))


@fault("reset-in-chunk", "the connection is reset in the middle of an HTTP chunk", "whose answer broke off")
def _reset_in_chunk(answer: Answer) -> Answer:
    raw = with_head(
        replace(answer, headers=tuple(one for one in answer.headers if one[0] != "content-length"))
    )
    sends = [step for step in raw.steps if isinstance(step, Send)]
    if not sends:  # nothing would have been sent: the connection was lost before
        return replace(raw, steps=(Reset(),))
    middle = min(max(len(sends) // 2, 1), len(sends) - 1)
    broken = sends[middle].data
    kept = waiting(raw, (*sends[:middle], Send(broken[: max(len(broken) // 2, 1)])))
    return replace(raw, steps=(*kept, Reset()))


@fault(
    "half-close",
    "the server's side is closed in mid-answer, and the client's stays open",
    "whose answer broke off",
)
def _half_close(answer: Answer) -> Answer:
    return replace(answer, steps=(*half(answer), HalfClose()))


def half(answer: Answer) -> tuple[Step, ...]:
    """The first half, with its pauses: of a stream so many whole events, at least one; of one body so many bytes."""
    sends = tuple(step for step in answer.steps if isinstance(step, Send))
    if len(sends) > 1:
        return waiting(answer, sends[: max(len(sends) // 2, 1)])
    return waiting(answer, (Send(send.data[: len(send.data) // 2]) for send in sends))
