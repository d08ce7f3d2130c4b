"""A response put together from the events of a stream that did not come to its end."""

from collections.abc import Iterable, Mapping

from chatschema.core.violation import JsonObject, JsonValue

from .channel import Channel, Key, PartList
from .item_track import ItemTrack
from .piece_grammar import PiecePhase

__all__ = ["assemble"]

#: What a part is called that has the text of a channel.
_PARTS: Mapping[str, str] = {
    "output_text": "output_text",
    "refusal": "refusal",
    "reasoning_text": "reasoning_text",
    "reasoning_summary_text": "summary_text",
}


def assemble(head: JsonObject, items: Iterable[ItemTrack]) -> JsonObject:
    """The response as its first events had it, with the items as far as they came."""
    return {**head, "output": [_item(track) for track in items]}


def _item(track: ItemTrack) -> JsonValue:
    if track.phase is PiecePhase.CLOSED:
        return track.item
    item = dict(track.item)
    for part_list in PartList:
        parts = [
            _part(channel, text)
            for (channel, _), text in _sorted(track.texts)
            if channel.part_list is part_list
        ]
        if parts:
            item[part_list.member] = parts
    for (channel, _), text in track.texts.items():
        if channel.part_list is None and channel.whole in item:
            item[channel.whole] = text
    return item


def _part(channel: Channel, text: str) -> JsonValue:
    part: JsonObject = {"type": _PARTS[channel.name], channel.whole: text}
    return {**part, "annotations": []} if channel.name == "output_text" else part


def _sorted(texts: Mapping[Key, str]) -> list[tuple[Key, str]]:
    return sorted(texts.items(), key=lambda entry: entry[0][1])
