"""Answers that are bare lists: rules hold for each item, however deep the lists are nested."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatschema.core.json_text import MOST_ELEMENTS, Found
from chatschema.core.violation import JsonValue, Violation
from chatschema.judging.contract import Contract

__all__ = ["ListContract"]


@dataclass(frozen=True, kw_only=True)
class ListContract(Contract):
    """A list of items, or of lists of them; `form` is a RootModel over it."""

    def _by_rules(self, value: JsonValue) -> Iterator[Violation]:
        for place, item in _items(value, "$"):
            for rule in self.rules:
                for violation in rule(item):
                    yield violation.under(place)


def _items(value: JsonValue, place: str) -> Iterator[Found]:
    # a body is at most `json_text.MAX_DEPTH` deep
    items = value if isinstance(value, list) else []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield f"{place}[{index}]", item
        elif isinstance(item, list):
            yield from _items(item, f"{place}[{index}]")
        elif len(items) > MOST_ELEMENTS:
            return  # as with `objects`
