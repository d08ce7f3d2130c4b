"""What streams of chats and of completions are cut alike in: the order of the choices, and where the usage is."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from chatschema import JsonObject, JsonValue

__all__ = ["ORDERS", "USAGES", "chunked"]

#: Of several choices: in turn, one by one, together in one chunk.
ORDERS = ("in turn", "one by one", "together")
#: In a chunk alone, null before it (nulls), or beside the last choice (beside).
USAGES = ("alone", "nulls", "beside")


def chunked(
    head: JsonObject, choices: Iterable[Iterable[JsonValue]], usage: JsonValue, *, order: str, place: str
) -> list[JsonObject]:
    """The chunks of the parts of each choice, in one of `ORDERS`; the usage, where there is one, in one of `USAGES`."""
    counted: JsonObject = {"usage": usage} if isinstance(usage, dict) else {}
    base: JsonObject = {**head, "usage": None} if counted and place == "nulls" else head
    found: list[JsonObject] = [{**base, "choices": group} for group in _ordered(choices, order)]
    if place == "beside":
        found[-1] = {**found[-1], **counted}
    elif counted:
        found.append({**base, "choices": [], **counted})
    return found


def _ordered(choices: Iterable[Iterable[JsonValue]], order: str) -> Iterator[list[JsonValue]]:
    queues = [[*parts] for parts in choices]
    match order:
        case "one by one":
            yield from ([part] for queue in queues for part in queue)
        case "together":
            yield from ([part for part in parts if part] for parts in zip_longest(*queues))
        case _:
            yield from ([part] for parts in zip_longest(*queues) for part in parts if part)
