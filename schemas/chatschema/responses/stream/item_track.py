"""One item of a stream as far as it came: its parts, its texts, and what each event about it breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chatschema.core.base import MOST_PARTS
from chatschema.core.describe import ABSENT, seen
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.violation_kind import ViolationKind

from .channel import Channel, Key, PartList, text_of_part, texts_of
from .piece_grammar import PIECE, PiecePhase, PieceStep, TextStep
from .text_track import TextTrack
from .violation_kinds import DISAGREES, NOT_IN_PIECES, OUT_OF_TURN, TOO_MANY, of_piece

__all__ = ["ItemTrack"]

#: How often an item that is closed again is compared with its texts: that it is, is told each time.
_MOST_ENDS = 4


class ItemTrack:
    """One item. Nothing is compared in an item whose beginning was missed."""

    def __init__(self, number: int, phase: PiecePhase) -> None:
        self.name = f"item {number}"
        self.phase = phase
        self.item: JsonObject = {}  #: as its added event had it, then as its done event
        self._missed = False
        self._ends = 0  # done events
        self._counts = dict.fromkeys(PartList, 0)  # of `_parts`
        self._parts: dict[tuple[PartList, int], PiecePhase] = {}
        self._texts: dict[Key, TextTrack] = {}

    @property
    def texts(self) -> Mapping[Key, str]:
        """What it says so far."""
        return {key: text.joined for key, text in self._texts.items()}

    def step(self, step: PieceStep) -> ViolationKind | None:
        """The item is opened, worked on or closed, or the response is at its end."""
        self._missed = step is not PieceStep.ADDED and (self._missed or self.phase is PiecePhase.MISSED)
        self.phase, violates = PIECE[self.phase, step]
        self._missed |= self.phase is PiecePhase.MISSED
        return violates

    def part(
        self, part_list: PartList, index: int, step: PieceStep, path: str, level: Level
    ) -> Iterator[Violation]:
        """A part is opened, worked on or closed; `level` is what it matters."""
        key = (part_list, index)
        if key not in self._parts:
            if max(index, len(self._parts)) >= MOST_PARTS:
                yield of_piece(TOO_MANY, self.name, path, "one more part")
                return
            before = self._counts[part_list]
            self._counts[part_list] += 1
            if step is PieceStep.ADDED and index != before and not self._missed:
                name = f"{part_list.member} {index} of {self.name}"
                yield of_piece(OUT_OF_TURN, name, f"$.{part_list.index}", seen(index), expected=seen(before))
                self._missed = True  # its texts are not where the finished item has them
        unseen = PiecePhase.MISSED if self._missed else PiecePhase.NEW
        self._parts[key], violates = PIECE[self._parts.get(key, unseen), step]
        if violates is not None:
            name = f"{part_list.member} {index} of {self.name}"
            yield of_piece(replace(violates, level=level), name, path, seen(index))

    def delta(self, channel: Channel, index: int, piece: JsonValue) -> Iterator[Violation]:
        """A piece of a text."""
        text = self._text((channel, index))
        if text is None:
            yield of_piece(TOO_MANY, self.name, "$", "one more text")
            return
        violates = text.step(TextStep.DELTA)
        if violates is not None:
            yield of_piece(violates, self.name, "$.delta", seen(piece))
        elif isinstance(piece, str):
            text.append(piece)

    def done(self, channel: Channel, index: int, whole: JsonValue) -> Iterator[Violation]:
        """The whole of a text."""
        text, path = self._text((channel, index)), f"$.{channel.whole}"
        if text is None:
            yield of_piece(TOO_MANY, self.name, "$", "one more text")
            return
        began = text.began
        violates = text.step(TextStep.DONE)
        if violates is not None:
            yield of_piece(violates, self.name, path, seen(whole))
        elif isinstance(whole, str):
            if not self._missed:
                yield from (
                    text.agrees(whole, self.name, path)
                    if began
                    else self._not_in_pieces(channel, path, whole)
                )
            text.put(whole)

    def part_done(self, index: int, part: JsonObject) -> Iterator[Violation]:
        """A finished part repeats its text."""
        found = text_of_part(part)
        if found is not None:
            channel, whole = found
            yield from self._repeated((channel, index), f"$.part.{channel.whole}", whole)

    def close(self, item: JsonObject) -> Iterator[Violation]:
        """The finished item repeats all of its texts; its parts and texts are closed with it."""
        self._ends += 1
        if self._ends > _MOST_ENDS:
            return
        for (part_list, index), phase in tuple(self._parts.items()):
            if phase is not PiecePhase.CLOSED:
                yield from self.part(part_list, index, PieceStep.END, "$.item", Level.MUST)
        for (channel, _), text in self._texts.items():
            violates = text.step(TextStep.END)
            if violates is not None:
                expected = f"response.{channel.name}.done before it"
                yield of_piece(violates, self.name, "$.item", ABSENT, expected=expected)
        found = texts_of(item)
        for key, (place, whole) in found.items():
            yield from self._repeated(key, f"$.item{place}", whole)
        yield from self._missing_texts(found, "$.item")
        self.item = item
        for key, (_, whole) in found.items():
            fresh = self._text(key) if self._missed or key not in self._texts else None
            if fresh is not None:
                fresh.put(whole)

    def compare_end(self, item: JsonObject, path: str) -> Iterator[Violation]:
        """The end of the response says again what a closed item said."""
        found = texts_of(item)
        for key, (place, whole) in found.items():
            text = self._texts.get(key)
            if text is not None:
                yield from text.agrees(whole, self.name, path + place)
            elif whole:
                yield of_piece(DISAGREES, self.name, path + place, seen(whole), expected="no such text")
        yield from self._missing_texts(found, path)

    def _repeated(self, key: Key, path: str, whole: str) -> Iterator[Violation]:
        text = self._texts.get(key)
        if self._missed:
            return
        if text is None:
            yield from self._not_in_pieces(key[0], path, whole)
        else:
            yield from text.agrees(whole, self.name, path)

    def _not_in_pieces(self, channel: Channel, path: str, whole: str) -> Iterator[Violation]:
        if whole:
            yield of_piece(replace(NOT_IN_PIECES, level=channel.level), self.name, path, seen(whole))

    def _missing_texts(self, found: Mapping[Key, object], path: str) -> Iterator[Violation]:
        for key, text in self._texts.items():
            if key not in found and not self._missed:
                yield from text.agrees("", self.name, path)

    def _text(self, key: Key) -> TextTrack | None:
        if key not in self._texts and len(self._texts) >= MOST_PARTS:
            return None
        return self._texts.setdefault(key, TextTrack())
