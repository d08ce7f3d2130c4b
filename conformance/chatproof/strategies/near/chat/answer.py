"""Near misses of chat completions: the answer and its choices.

Where servers are named, they were recorded with the defect; the others are what mocks and gateways get wrong.
"""

from functools import partial

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.chat import plain_completions, several_completions
from chatproof.strategies.valid.members import mapped
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
