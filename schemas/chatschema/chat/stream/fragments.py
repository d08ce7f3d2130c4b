"""Fragments of tool calls, joined by index, and what a fragment owes to those before it."""

from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO

from chatschema.core.base import MOST_PARTS
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_walk import objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation

__all__ = ["TEXT", "CallFragments"]

#: Where each form of a call has its text.
TEXT = {"function": "arguments", "custom": "input"}


class _Call:
    """One call as far as it came."""

    def __init__(self) -> None:
        self.head: JsonObject = {}  # id, type and name, each as first said
        self.form = "function"
        self.text = StringIO()

    def whole(self) -> JsonObject:
        inner: JsonObject = {"name": self.head.get("name", ""), TEXT[self.form]: self.text.getvalue()}
        return {"id": self.head.get("id", ""), "type": self.head.get("type", self.form), self.form: inner}


class CallFragments:
    """The tool calls of one choice."""

    def __init__(self) -> None:
        self._calls: dict[int, _Call] = {}
        self._latest = 0

    def feed(self, delta: JsonObject, path: str) -> Iterator[Violation]:
        """Join the fragments of one delta that stands at `path`, and say what they break."""
        for place, fragment in objects(delta, "tool_calls", at=path):
            index = self._index(fragment)
            if index not in self._calls and len(self._calls) >= MOST_PARTS:
                yield _breach(
                    place, "The choice calls too many tools.", f"at most {MOST_PARTS} calls", "one more"
                )
                continue
            fresh = index not in self._calls
            call = self._calls.setdefault(index, _Call())
            form, inner = _inner(fragment) or (call.form, {})
            said = (
                ("id", f"{place}.id", fragment.get("id")),
                ("name", f"{place}.{form}.name", inner.get("name")),
                ("type", f"{place}.type", fragment.get("type")),
            )
            for name, where, value in said:
                yield from (
                    self._head(call, name, where, value) if not fresh else _first(call, name, where, value)
                )
            piece = inner.get(TEXT[form])
            self._join(index, call, form, piece if isinstance(piece, str) else "")

    def again(self, fragment: JsonObject) -> Callable[[str], None] | None:
        """What feeding a fragment like this one, which was fed, does with another piece of text.

        None where it could do more: the fragment has to name its call and its form, and may say of the call only
        what the call's head says already, so that there is nothing to keep and nothing to refuse.
        """
        index, found = fragment.get("index"), _inner(fragment)
        call = self._calls.get(int(index)) if whole(index) else None
        if call is None or found is None:
            return None
        form, inner = found
        said = (("id", fragment.get("id")), ("name", inner.get("name")), ("type", fragment.get("type")))
        if any(value not in (None, "") and value != call.head.get(name) for name, value in said):
            return None
        return partial(self._join, self._index(fragment), call, form)

    def _join(self, index: int, call: _Call, form: str, piece: str) -> None:
        self._latest, call.form = index, form
        call.text.write(piece)

    def calls(self) -> list[JsonValue]:
        """The calls in order of index."""
        return [self._calls[index].whole() for index in sorted(self._calls)]

    def _index(self, fragment: JsonObject) -> int:
        index = fragment.get("index")
        if whole(index):
            return int(index)
        # without an index (the shape rule reports it) an id opens a call and anything else goes on with the last
        return len(self._calls) if fragment.get("id") else self._latest

    @staticmethod
    def _head(call: _Call, name: str, where: str, value: JsonValue) -> Iterator[Violation]:
        if value in (None, "") or value == call.head.get(name):
            return
        if name not in call.head:
            call.head[name] = value
            return
        yield _breach(
            where,
            f"A later fragment changes the {name}.",
            f"{seen(call.head[name])}, or nothing",
            seen(value),
        )


def _inner(fragment: JsonObject) -> tuple[str, JsonObject] | None:
    for form in TEXT:
        inner = fragment.get(form)
        if isinstance(inner, dict):
            return form, inner
    return None


def _first(call: _Call, name: str, where: str, value: JsonValue) -> Iterator[Violation]:
    if isinstance(value, str) and value:
        call.head[name] = value
        return
    # the type goes without saying for the SDKs, so only the specification's own streams are the measure
    level = Level.SHOULD if name == "type" else Level.MUST
    yield _breach(
        where,
        f"The first fragment of a tool call has no {name}.",
        f"the {name} in the first fragment",
        ABSENT if value is None else seen(value),
        level,
    )


def _breach(where: str, message: str, expected: str, what: str, level: Level = Level.MUST) -> Violation:
    return Violation(
        rule="chat.tools.sse-fragments",
        level=level,
        path=where,
        message=message,
        expected=expected,
        seen=what,
        reference="ChatCompletionMessageToolCallChunk",
    )
