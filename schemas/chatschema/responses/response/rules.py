"""What a response owes beyond its shape.

Rule 1: each function is one rule and yields its violations. Rule 2: they read the parsed JSON rather than the model
and pass over what has the wrong shape, so that a response with one wrong type still has all else reported.
"""

from collections.abc import Iterator

from chatschema.common.head_rules import head_is_meant
from chatschema.common.usage_rules import counts_are_meant
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation
from chatschema.responses.items.rules import (
    items_have_ids,
    items_of,
    members_of_items,
    no_vendor,
    spec_complete,
    vendors_in_items,
)
from chatschema.responses.known_types import types_of
from chatschema.responses.spec_members import NOT_NULL, RESPONSE, USAGE
from chatschema.responses.tool import Tool

__all__ = ["RESPONSE_RULES"]

_TOOL_TYPES = types_of(Tool)

#: The response is at its end, and something came of it.
_ENDED = ("completed", "incomplete")


def status_says_what_happened(response: JsonObject) -> Iterator[Violation]:
    """A client that sees an error throws the answer away; one that sees none takes it for whole."""
    status = response.get("status")
    if status == "completed":
        for name in ("error", "incomplete_details"):
            if response.get(name) is not None:
                yield _status(
                    f"$.{name}", f"The response is completed and has {name}.", "null", response[name]
                )
    wanted = {"failed": "error", "incomplete": "incomplete_details"}.get(
        status if isinstance(status, str) else ""
    )
    if wanted is not None and response.get(wanted) is None:
        message = f"The response is {status} and does not say why."
        yield _status(f"$.{wanted}", message, "the reason", response.get(wanted), Level.SHOULD)


def usage_adds_up(response: JsonObject) -> Iterator[Violation]:
    """Total is input plus output: all recorded answers of anyone, xAI's too, which does not add up in its chat."""
    usage = response.get("usage")
    if not isinstance(usage, dict):
        if response.get("status") in _ENDED:
            message = "The response does not say what it cost."
            yield _usage("$.usage", message, "an object with the token counts", usage, Level.SHOULD)
        return
    put_in, put_out, total = (usage.get(name) for name in ("input_tokens", "output_tokens", "total_tokens"))
    if not (whole(put_in) and whole(put_out) and whole(total)) or min(put_in, put_out) < 0:
        return  # the shape says so
    if put_in + put_out != total:
        message = "The total is not input_tokens + output_tokens."
        yield _usage("$.usage.total_tokens", message, seen(put_in + put_out), total)
    yield from counts_are_meant(
        usage, path="$.usage", details="responses.json.usage", reference="ResponseUsage"
    )


def head_is_right(response: JsonObject) -> Iterator[Violation]:
    """A time in seconds, and a model with a name."""
    yield from head_is_meant(response, family="responses.json", time="created_at", reference="Response")


def required_members_are_there(response: JsonObject) -> Iterator[Violation]:
    """Members that the specification requires and clients live without."""
    for name in RESPONSE:
        if name not in response:
            yield spec_complete(f"$.{name}", name, reference="Response")
        elif response[name] is None and name in NOT_NULL:
            yield spec_complete(f"$.{name}", name, seen(None), reference="Response")
    usage = response.get("usage")
    for name, members in USAGE.items() if isinstance(usage, dict) else ():
        details = usage.get(name) if isinstance(usage, dict) else None
        if not isinstance(details, dict):
            yield spec_complete(f"$.usage.{name}", name, reference="ResponseUsage")
            continue
        for member in members:
            if member not in details:
                yield spec_complete(f"$.usage.{name}.{member}", member, reference="ResponseUsage")
    for place, item in items_of(response):
        yield from members_of_items(item, place)


def types_are_known(response: JsonObject) -> Iterator[Violation]:
    """An item, part, annotation or tool of a type that nobody knows is kept, and named."""
    for place, item in items_of(response):
        yield from vendors_in_items(item, place)
    for place, tool in objects(response, "tools"):
        yield from no_vendor(tool, place, _TOOL_TYPES, "tool")


RESPONSE_RULES: tuple[Rule, ...] = (
    head_is_right,
    status_says_what_happened,
    items_have_ids,
    usage_adds_up,
    required_members_are_there,
    types_are_known,
)


def _status(path: str, message: str, expected: str, what: JsonValue, level: Level = Level.MUST) -> Violation:
    return violation(
        "responses.json.status", path, message, expected, seen(what), level, reference="Response"
    )


def _usage(path: str, message: str, expected: str, what: JsonValue, level: Level = Level.MUST) -> Violation:
    return violation(
        "responses.json.usage",
        path,
        message,
        expected,
        ABSENT if what is None else seen(what),
        level,
        reference="ResponseUsage",
    )
