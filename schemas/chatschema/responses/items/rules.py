"""What the items of an answer owe beyond their shape, read as parsed JSON that may have the wrong shape."""

from collections.abc import Collection, Iterator

from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import Found, objects
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.violation_kind import violation
from chatschema.responses.annotation import Annotation
from chatschema.responses.content import StreamedPart
from chatschema.responses.known_types import models_by_type, type_of, types_of
from chatschema.responses.spec_members import ITEMS

from .item import OutputItem

__all__ = [
    "has_id",
    "items_have_ids",
    "items_of",
    "members_of_items",
    "no_vendor",
    "spec_complete",
    "vendors_in_items",
    "vendors_in_parts",
]

_ITEMS = models_by_type(OutputItem)
#: Types of items whose shape does not ask for an id, because a client may leave it out when it says them again.
_ID_LEFT_OUT = frozenset(kind for kind, model in _ITEMS.items() if not model.model_fields["id"].is_required())
_PART_TYPES = types_of(StreamedPart)
#: Types of parts in other protocols (a chat's requests, Anthropic's answers) that hold the text of a message.
_PASSED_OVER = ("text",)
_ANNOTATION_TYPES = types_of(Annotation)
#: Calls whose result the client has to send.
_CALLS = (
    "function_call",
    "custom_tool_call",
    "computer_call",
    "local_shell_call",
    "shell_call",
    "apply_patch_call",
)


def items_of(response: JsonObject) -> Iterator[Found]:
    """The items of a response's output."""
    yield from objects(response, "output")


def items_have_ids(response: JsonObject) -> Iterator[Violation]:
    """Clients keep items by id, and results find their calls by call_id: no answer of OpenAI's lacks or repeats one.

    xAI gives two items the same id in 2 of 44 answers.
    """
    earlier: set[tuple[str, str]] = set()
    for place, item in items_of(response):
        yield from has_id(item, place)
        for name, level in (("id", Level.SHOULD), ("call_id", Level.MUST)):
            value = item.get(name)
            if not isinstance(value, str) or (name == "call_id" and type_of(item) not in _CALLS):
                continue
            if (name, value) in earlier:
                message = f"Two items have the same {name}."
                yield _item(f"{place}.{name}", message, "one of its own for each", seen(value), level)
            earlier.add((name, value))


def has_id(item: JsonObject, place: str) -> Iterator[Violation]:
    """An item of a type that is known has an id, or clients cannot keep it."""
    if item.get("id") is None and type_of(item) in _ID_LEFT_OUT:
        yield _item(f"{place}.id", "The item has no id.", "an id", ABSENT, Level.MUST)


def members_of_items(item: JsonObject, place: str) -> Iterator[Violation]:
    """What the specification wants to see in an item that is at its end."""
    for name in ITEMS.get(type_of(item), ()):
        if name not in item:
            yield spec_complete(f"{place}.{name}", name)


def spec_complete(path: str, name: str, what: str = ABSENT, reference: str = "OutputItem") -> Violation:
    """One member that is not there."""
    return violation(
        "responses.spec-complete",
        path,
        f"The specification requires the member {name}.",
        "a value" if what != ABSENT else "the member",
        what,
        Level.SHOULD,
        reference=reference,
    )


def parts_are_read(item: JsonObject, place: str) -> Iterator[Violation]:
    """The SDKs join the parts of type output_text of all messages, and pass over each other type in silence."""
    if type_of(item) != "message":
        return
    for part_place, part in objects(item, "content", at=place):
        if type_of(part) in _PASSED_OVER:
            yield violation(
                "responses.output-text",
                f"{part_place}.type",
                "The text is in a part that clients pass over: output_text is empty.",
                '"output_text"',
                seen(part["type"]),
                reference="OutputMessageContent",
            )


def vendors_in_items(item: JsonObject, place: str) -> Iterator[Violation]:
    """Types of items, parts and annotations that nobody knows and no vendor has put its name to."""
    yield from no_vendor(item, place, _ITEMS.keys(), "item")
    yield from parts_are_read(item, place)
    for part_place, part in (*objects(item, "content", at=place), *objects(item, "summary", at=place)):
        if type_of(item) == "reasoning" or (type_of(item) == "message" and type_of(part) not in _PASSED_OVER):
            yield from vendors_in_parts(part, part_place)


def vendors_in_parts(part: JsonObject, place: str) -> Iterator[Violation]:
    """The same of one part."""
    yield from no_vendor(part, place, _PART_TYPES, "part")
    for annotation_place, annotation in objects(part, "annotations", at=place):
        yield from no_vendor(annotation, annotation_place, _ANNOTATION_TYPES, "annotation")


def no_vendor(holder: JsonObject, place: str, known: Collection[str], noun: str) -> Iterator[Violation]:
    """Open Responses lets vendors add types of their own, with a prefix: `acme:search_call`."""
    kind = type_of(holder)
    if kind and kind not in known and ":" not in kind:
        yield violation(
            "responses.unknown-type",
            f"{place}.type",
            f"Nobody knows this type of {noun}.",
            "a type of the specification, or one with a vendor's prefix",
            seen(kind),
            Level.SHOULD,
            reference="Open Responses, extensions",
        )


def _item(path: str, message: str, expected: str, what: str, level: Level) -> Violation:
    return violation("responses.json.items", path, message, expected, what, level, reference="OutputItem")
