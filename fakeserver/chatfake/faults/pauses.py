"""Pauses that stay where they are when a fault changes what is sent between them."""

from collections.abc import Iterable
from itertools import zip_longest

from chatfake.core.http import Answer, Pause, Send, Step


def ending(answer: Answer) -> tuple[Step, ...]:
    """What another fault put after the last write: a loss, or a pause without end."""
    steps = answer.steps
    last = max((number for number, step in enumerate(steps) if isinstance(step, Send)), default=len(steps))
    return steps[last + 1 :]


def waiting(answer: Answer, sends: Iterable[Send]) -> tuple[Step, ...]:
    """These writes in place of the answer's own, each after the pause of the one in its place; more don't wait."""
    waits: list[float] = [0.0]
    for step in answer.steps:
        match step:
            case Pause(seconds=seconds):
                waits[-1] += seconds
            case Send():
                waits.append(0.0)
            case _:
                pass
    if not any(waits):
        return tuple(sends)
    steps: list[Step] = []
    for send, seconds in zip_longest(sends, waits):
        if send is None:
            break
        if seconds:
            steps.append(Pause(seconds))
        steps.append(send)
    return tuple(steps)
