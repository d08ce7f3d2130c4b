"""How long an answer takes, as a model: before its first piece, and between one piece and the next.

Written `normal:0.3:0.1` for both, or `first=lognormal:0.4:0.5,next=constant:0.02`. All numbers are seconds. The same
request takes the same time: chance is seeded by the request.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from chatfake.core.http import Answer, Pause, Send, Step

#: Seconds; a model may not draw more.
LONGEST = 3600.0

#: The n-th wait of an answer.
Draw: TypeAlias = Callable[[random.Random, int], float]


class LatencyError(ValueError):
    """One sentence that says how a model is written."""


def _at_once(_: random.Random, __: int) -> float:
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """One model for the first piece, one for the waits between pieces."""

    first: Draw = _at_once
    between: Draw = _at_once
    written: str = ""

    def apply(self, answer: Answer, seed: str) -> Answer:
        """The same answer with its waits. An answer of one piece has only the first."""
        return replace(answer, steps=tuple(self._steps(answer, random.Random(seed))))  # noqa: S311  no secret

    def _steps(self, answer: Answer, chance: random.Random) -> Iterator[Step]:
        number = 0
        for step in answer.steps:
            if isinstance(step, Send):
                seconds = (self.between if number else self.first)(chance, max(number - 1, 0))
                number += 1
                if seconds > 0:
                    yield Pause(round(min(seconds, LONGEST), 6))
            yield step


#: No waits.
NONE = Latency()


def latency_of(written: str) -> Latency:
    """The model that is written so; raises `LatencyError`."""
    parts = dict(_parts(written))
    return Latency(
        first=_draw(parts.get("first", "constant:0")),
        between=_draw(parts.get("next", "constant:0")),
        written=written,
    )


def _parts(written: str) -> Iterator[tuple[str, str]]:
    if "=" not in written:
        yield "first", written
        yield "next", written
        return
    for part in written.split(","):
        name, _, model = part.strip().partition("=")
        if name not in ("first", "next"):
            raise LatencyError(f"a latency has the parts first and next, not {name!r:.40}")
        yield name, model


def _constant(seconds: float) -> Draw:
    return lambda _, __: seconds


def _uniform(low: float, high: float) -> Draw:
    return lambda chance, _: chance.uniform(low, high)


def _normal(mean: float, deviation: float) -> Draw:
    return lambda chance, _: max(chance.gauss(mean, deviation), 0.0)


def _lognormal(median: float, sigma: float) -> Draw:
    return lambda chance, _: median * chance.lognormvariate(0, min(sigma, 5.0))


_MODELS: Mapping[str, tuple[int, Callable[..., Draw]]] = {
    "constant": (1, _constant),
    "uniform": (2, _uniform),
    "normal": (2, _normal),
    "lognormal": (2, _lognormal),
}


def _draw(written: str) -> Draw:
    name, _, rest = written.partition(":")
    if name == "trace":
        return _trace(rest)
    numbers = [_seconds(text) for text in rest.split(":")] if rest else []
    if name not in _MODELS or len(numbers) != _MODELS[name][0]:
        raise LatencyError(
            f"{written!r:.60} is no latency; there are constant:S, uniform:LOW:HIGH, normal:MEAN:DEVIATION, "
            "lognormal:MEDIAN:SIGMA and trace:FILE"
        )
    return _MODELS[name][1](*numbers)


def _trace(place: str) -> Draw:
    """Recorded waits, one number a line; they begin again at their end."""
    try:
        text = Path(place).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise LatencyError(f"the trace {place!r:.100} cannot be read: {error}") from None
    waits = [_seconds(line) for line in text.split()]
    if not waits:
        raise LatencyError(f"the trace {place!r:.100} is empty")
    return lambda _, number: waits[number % len(waits)]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST:
        raise LatencyError(f"{text!r:.40} is no number of seconds from 0 to {LONGEST:g}")
    return seconds
