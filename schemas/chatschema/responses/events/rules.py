"""What one event owes beyond its shape, read by itself."""

from collections.abc import Iterator, Mapping

from chatschema.core.describe import ABSENT, seen, seen_member
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation
from chatschema.responses.items.rules import (
    has_id,
    members_of_items,
    no_vendor,
    spec_complete,
    vendors_in_items,
    vendors_in_parts,
)
from chatschema.responses.known_types import type_of, types_of
from chatschema.responses.response.rules import RESPONSE_RULES
from chatschema.responses.spec_members import EVENTS

from .event import ResponseEvent

__all__ = ["EVENT_RULES", "EVENT_TYPES"]

_REFERENCE = "ResponseStreamEvent"

#: All types of events that the contract knows.
EVENT_TYPES = types_of(ResponseEvent)

#: Types of events that have a number.
_NUMBERED = EVENT_TYPES - {"error"}
#: The type of an event -> the statuses that its response may have.
_STATUSES: Mapping[str, tuple[str, ...]] = {
    "response.created": ("in_progress", "queued"),
    "response.queued": ("queued",),
    "response.in_progress": ("in_progress",),
    "response.completed": ("completed",),
    "response.incomplete": ("incomplete",),
    "response.failed": ("failed",),
}


def number_is_there(event: JsonObject) -> Iterator[Violation]:
    """Without a number nobody sees that an event was lost. Errors and vendors' events may come from a gateway."""
    if type_of(event) in _NUMBERED and event.get("sequence_number") is None:
        yield violation(
            "responses.sequence-numbers",
            "$.sequence_number",
            "The event has no sequence number.",
            "one more than that of the event before",
            ABSENT,
            Level.SHOULD,
            reference=_REFERENCE,
        )


def status_is_the_event(event: JsonObject) -> Iterator[Violation]:
    """An event that tells how far the response is brings a response that says the same: 993 of 993 recorded."""
    statuses, response = _STATUSES.get(type_of(event)), event.get("response")
    if statuses is None or not isinstance(response, dict) or response.get("status") in (None, *statuses):
        return
    yield violation(
        "responses.sse.events",
        "$.response.status",
        "The response's status is not what the event says.",
        " or ".join(seen(status) for status in statuses),
        seen(response["status"]),
        reference=_REFERENCE,
    )


def error_has_a_message(event: JsonObject) -> Iterator[Violation]:
    """In the event itself, as in OpenAI's specification, or under `error`, as in Open Responses and at OpenAI."""
    if type_of(event) == "error" and not event.get("message") and not isinstance(event.get("error"), dict):
        yield violation(
            "responses.sse.shape",
            "$.message",
            "The error has no message.",
            "a message, or an error object with one",
            seen_member(event, "message"),
            reference="ResponseErrorEvent",
        )


def response_keeps_its_rules(event: JsonObject) -> Iterator[Violation]:
    """A response in an event is a response."""
    response = event.get("response")
    if type_of(event) in _STATUSES and isinstance(response, dict):
        yield from (found.under("$.response") for rule in RESPONSE_RULES for found in rule(response))


def item_keeps_its_rules(event: JsonObject) -> Iterator[Violation]:
    """An item in an event is an item; one that begins has nothing in it yet."""
    kind, item, part = type_of(event), event.get("item"), event.get("part")
    if kind not in EVENT_TYPES:
        return
    if isinstance(item, dict):
        yield from vendors_in_items(item, "$.item")
        if kind == "response.output_item.done":
            yield from members_of_items(item, "$.item")
        yield from has_id(item, "$.item")
    if isinstance(part, dict):
        yield from vendors_in_parts(part, "$.part")


def required_members_are_there(event: JsonObject) -> Iterator[Violation]:
    """Members that the specification requires and clients live without."""
    for name in EVENTS.get(type_of(event), ()):
        if name not in event:
            yield spec_complete(f"$.{name}", name, reference=_REFERENCE)


def type_is_known(event: JsonObject) -> Iterator[Violation]:
    """An event that nobody knows is passed over, and named."""
    yield from no_vendor(event, "$", EVENT_TYPES, "event")


EVENT_RULES: tuple[Rule, ...] = (
    number_is_there,
    status_is_the_event,
    error_has_a_message,
    response_keeps_its_rules,
    item_keeps_its_rules,
    required_members_are_there,
    type_is_known,
)
