"""Tool calls that have their number in them, or that come whole: in a JSON answer, and in a stream."""

from collections.abc import Iterable

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import Fragments
from chatfake.dialects.format.render_context import ABSENT, Absent, Make, RenderContext


def numbered(*names: str) -> Make:
    """The calls of a message with these members in this order; `index` is the call's number."""

    def make(context: RenderContext) -> JsonValue | Absent:
        calls = context.openai.get("tool_calls")
        if not isinstance(calls, list):
            return ABSENT
        return _written((call for call in calls if isinstance(call, dict)), names)

    return make


def one_by_one(*names: str) -> Fragments:
    """A chunk a call, with all of its arguments."""
    return lambda calls: iter([[call] for call in _written(calls, names)])


def all_at_once(*names: str) -> Fragments:
    """All calls in one chunk."""
    return lambda calls: iter([written] if (written := _written(calls, names)) else [])


def _written(calls: Iterable[JsonObject], names: tuple[str, ...]) -> list[JsonValue]:
    counted: list[JsonObject] = [{**call, "index": number} for number, call in enumerate(calls)]
    return [{name: call[name] for name in names if name in call} for call in counted]
