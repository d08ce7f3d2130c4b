"""Near misses of chat completions: the answer and its choices.

Where servers are named, they were recorded with the defect; the others are what mocks and gateways get wrong.
"""

from functools import partial

from chatproof.strategies.chat import plain_completions, several_completions
from chatproof.strategies.near_miss import Miss, catalogue, defect
from chatproof.strategies.parts import mapped
from chatproof.strategies.rows import rows
from chatschema import Kind

__all__ = ["NEAR_CHAT"]

_PLAIN = plain_completions()
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"


_miss = partial(defect, Kind.COMPLETION)

NEAR_CHAT = catalogue(
    *rows(__file__, plain=_PLAIN, several_completions=several_completions()),
    _miss(
        "in-a-list",
        _TYPE,
        "The answer is the one item of a list, as Google's errors are.",
        mapped(_PLAIN, lambda answer: Miss(data=[answer], path="$")),
    ),
)
