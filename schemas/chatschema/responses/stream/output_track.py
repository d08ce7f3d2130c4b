"""The output of a stream as far as it came: which event is about which item, and what the end owes to all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chatschema.core.base import MOST_PARTS
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation

from .channel import CHANNELS, Channel, PartList
from .item_track import ItemTrack
from .piece_grammar import PiecePhase, PieceStep
from .violation_kinds import (
    CHANGED,
    LOST,
    NOT_THE_SAME,
    OTHER_ITEM,
    OUT_OF_TURN,
    SAME_ID,
    TOO_MANY,
    WRONG_ITEM,
    of_piece,
)

__all__ = ["OutputTrack"]

#: The type of an event about a part -> the list that the part is in, and what the event does to it.
_PARTS: Mapping[str, tuple[PartList, PieceStep]] = {
    "response.content_part.added": (PartList.CONTENT, PieceStep.ADDED),
    "response.content_part.done": (PartList.CONTENT, PieceStep.DONE),
    "response.reasoning_summary_part.added": (PartList.SUMMARY, PieceStep.ADDED),
    "response.reasoning_summary_part.done": (PartList.SUMMARY, PieceStep.DONE),
    "response.output_text.annotation.added": (PartList.CONTENT, PieceStep.WORK),
}
#: The middle of an event's type -> the type of the item that it is about, where that is one alone.
_ITEMS: Mapping[str, str] = {
    **{name: channel.item for name, channel in CHANNELS.items()},
    "reasoning_summary_part": "reasoning",
    "shell_call_output_content": "shell_call_output",
    **{
        name: name
        for name in (
            "file_search_call",
            "web_search_call",
            "code_interpreter_call",
            "image_generation_call",
            "mcp_call",
            "mcp_list_tools",
        )
    },
}
#: What an item is, from its first event to its last.
_HEAD = ("id", "type", "role", "call_id", "name", "server_label")
#: Encrypted anew each time it is sent: 34 items in 330 streams of OpenAI's and Azure's.
_ENCRYPTED = ("encrypted_content", "fingerprint")


class OutputTrack:
    """All items of one stream."""

    def __init__(self) -> None:
        self._items: dict[int, ItemTrack] = {}
        self._ids: dict[str, int] = {}
        self._latest = 0
        self._unseen = PiecePhase.NEW

    def resume(self) -> None:
        """The stream begins in the middle: an item that nobody opened was opened before."""
        self._unseen = PiecePhase.MISSED

    def items(self) -> list[ItemTrack]:
        """The items in the order of their indexes."""
        return [self._items[index] for index in sorted(self._items)]

    def feed(self, kind: str, event: JsonObject) -> Iterator[Violation]:
        """What one event about an item breaks."""
        if event.get("output_index") is None and event.get("item_id") is None and "item" not in event:
            return  # sound belongs to no item
        track = self._track(event, opens=kind == "response.output_item.added")
        if track is None:
            yield of_piece(TOO_MANY, "the output", "$.output_index", seen(event.get("output_index")))
        elif kind == "response.output_item.added":
            yield from self._added(track, event)
        elif kind == "response.output_item.done":
            yield from self._done(track, event)
        else:
            yield from self._worked(track, kind, event)

    def finish(self, output: JsonValue, level: Level) -> Iterator[Violation]:
        """What the output at the end of the response owes to the stream; `level` is what an open item counts for."""
        path, items = "$.response.output", self.items()
        closed = [track.phase is PiecePhase.CLOSED for track in items]
        for index, track in enumerate(items):
            violates = track.step(PieceStep.END)
            if violates is not None:
                yield of_piece(replace(violates, level=level), track.name, f"{path}[{index}]", ABSENT)
        if not isinstance(output, list) or self._unseen is PiecePhase.MISSED:
            return
        if len(output) != len(items):
            yield of_piece(LOST, "", path, seen(output), expected=f"a list of {len(items)}")
            return
        for index, (track, item) in enumerate(zip(items, output, strict=True)):
            if closed[index] and isinstance(item, dict):
                yield from _compare_end(track, item, f"{path}[{index}]")

    def _track(self, event: JsonObject, *, opens: bool) -> ItemTrack | None:
        index, name = event.get("output_index"), event.get("item_id")
        if whole(index) and index >= 0:
            found = int(index)
        elif opens:  # without an index (its shape is reported) an item is the next one
            found = len(self._items)
        else:
            found = self._ids.get(name, self._latest) if isinstance(name, str) else self._latest
        self._latest = found
        if found not in self._items:
            if max(found, len(self._items)) >= MOST_PARTS:
                return None
            self._items[found] = ItemTrack(found, self._unseen)
        return self._items[found]

    def _added(self, track: ItemTrack, event: JsonObject) -> Iterator[Violation]:
        index, before, was = self._latest, len(self._items) - 1, track.phase
        item = event.get("item")
        if was is PiecePhase.NEW and index != before:
            yield of_piece(OUT_OF_TURN, track.name, "$.output_index", seen(index), expected=seen(before))
        violates = track.step(PieceStep.ADDED)
        if violates is not None:
            yield of_piece(violates, track.name, "$.output_index", seen(index))
        if not isinstance(item, dict) or was not in (PiecePhase.NEW, PiecePhase.MISSED):
            return
        track.item = item
        name = item.get("id")
        if isinstance(name, str) and self._ids.setdefault(name, index) != index:
            yield of_piece(SAME_ID, track.name, "$.item.id", seen(name))

    def _done(self, track: ItemTrack, event: JsonObject) -> Iterator[Violation]:
        known, item = track.phase is PiecePhase.OPEN, event.get("item")
        violates = track.step(PieceStep.DONE)
        if violates is not None:
            yield of_piece(violates, track.name, "$.output_index", seen(self._latest))
        if not isinstance(item, dict):
            return
        if known:
            yield from _changes(track, item, "$.item", _HEAD)
        yield from track.close(item)

    def _worked(self, track: ItemTrack, kind: str, event: JsonObject) -> Iterator[Violation]:
        violates = track.step(PieceStep.WORK)
        if violates is not None:
            yield of_piece(violates, track.name, "$.output_index", seen(self._latest))
        name, is_now = event.get("item_id"), track.item.get("type")
        if name is not None and track.item.get("id") not in (None, name):
            expected = seen(track.item["id"])
            yield of_piece(OTHER_ITEM, track.name, "$.item_id", seen(name), expected=expected)
        _, _, rest = kind.partition(".")
        middle, _, verb = rest.partition(".")
        about = _ITEMS.get(middle)
        if about is not None and is_now not in (None, about):
            yield of_piece(
                WRONG_ITEM, track.name, "$.type", seen(kind), expected=f"an event of {seen(is_now)}"
            )
        elif kind in _PARTS:
            yield from self._part(track, kind, event)
        elif middle in CHANNELS:
            yield from _text(track, CHANNELS[middle], verb, event)

    def _part(self, track: ItemTrack, kind: str, event: JsonObject) -> Iterator[Violation]:
        part_list, step = _PARTS[kind]
        index, part = _index(event, part_list.index), event.get("part")
        yield from track.part(part_list, index, step, f"$.{part_list.index}", Level.MUST)
        if step is PieceStep.DONE and isinstance(part, dict):
            yield from track.part_done(index, part)


def _text(track: ItemTrack, channel: Channel, verb: str, event: JsonObject) -> Iterator[Violation]:
    index = 0 if channel.index is None else _index(event, channel.index)
    if channel.part_list is not None:
        path = f"$.{channel.part_list.index}"
        yield from track.part(channel.part_list, index, PieceStep.WORK, path, channel.level)
    match verb:
        case "delta":
            yield from track.delta(channel, index, event.get("delta"))
        case "done":
            yield from track.done(channel, index, event.get(channel.whole))
        case _:
            pass  # a command is announced before it comes


def _compare_end(track: ItemTrack, item: JsonObject, path: str) -> Iterator[Violation]:
    found = [*_changes(track, item, path, _HEAD[1:]), *track.compare_end(item, path)]
    yield from found
    if not found and _readable(item) != _readable(track.item):
        yield of_piece(NOT_THE_SAME, track.name, path, seen(item))


def _changes(track: ItemTrack, item: JsonObject, path: str, names: tuple[str, ...]) -> Iterator[Violation]:
    for name in names:
        before, now = track.item.get(name), item.get(name)
        if before not in (None, now):
            yield of_piece(CHANGED, track.name, f"{path}.{name}", seen(now), expected=seen(before))


def _readable(item: JsonObject) -> JsonObject:
    return {name: value for name, value in item.items() if name not in _ENCRYPTED}


def _index(event: JsonObject, name: str) -> int:
    index = event.get(name)
    return int(index) if whole(index) and index >= 0 else 0
