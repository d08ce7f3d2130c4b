"""Answers that take their time. In process it passes on a virtual clock."""

import math
from collections.abc import Iterator
from dataclasses import replace

from chatfake.core.http import SINGLE, Answer, Pause, Send, Step
from chatfake.faults.connection import half
from chatfake.faults.fault import Effect, fault, measured

_LATE = "whose answer came late"


@measured("delay-first-byte", "nothing comes for a while", _LATE, unit="seconds", usual=1)
def _delay_first_byte(seconds: float) -> Effect:
    return lambda answer: replace(answer, steps=(Pause(seconds), *answer.steps))


@measured("delay-per-chunk", "a pause before each piece but the first", _LATE, unit="seconds", usual=0.1)
def _delay_per_chunk(seconds: float) -> Effect:
    return lambda answer: replace(answer, steps=tuple(_spaced(answer, seconds)))


@fault("stall", "in the middle of the answer nothing more comes, for ever", "whose answer never ended")
def _stall(answer: Answer) -> Answer:
    return replace(answer, steps=(*half(answer), Pause(math.inf)))


@measured("trickle", "one byte at a time, with a pause after each", _LATE, unit="seconds", usual=0.001)
def _trickle(seconds: float) -> Effect:
    return lambda answer: replace(answer, steps=tuple(_drops(answer, seconds)))


def _spaced(answer: Answer, seconds: float) -> Iterator[Step]:
    begun = False
    pause = Pause(seconds)
    for step in answer.steps:
        if isinstance(step, Send):
            if begun:
                yield pause
            begun = True
        yield step


def _drops(answer: Answer, seconds: float) -> Iterator[Step]:
    pause = Pause(seconds)
    for step in answer.steps:
        if not isinstance(step, Send):
            yield step
            continue
        for byte in step.data:
            yield SINGLE[byte]
            yield pause
