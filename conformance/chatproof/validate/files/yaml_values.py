"""YAML into plain values, from the parser's events: no tag builds an object, and no alias unfolds into a bomb.

We read events rather than load documents, because a cassette of any size is then read one interaction at a time,
each with its line. Plain scalars mean what they mean to PyYAML, which writes most cassettes; a date stays text.
"""

import base64
import binascii
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import yaml

from .body import ITEM_LIMIT

__all__ = ["YamlError", "YamlEvents", "YamlValue", "line_of"]

YamlValue: TypeAlias = dict[str, "YamlValue"] | list["YamlValue"] | str | bytes | int | float | bool | None

#: libyaml where PyYAML was built with it (its wheels are), which is ten times as quick.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Bytes of a file, nodes of one interaction with its aliases unfolded, and levels.
_MOST_BYTES = 4 * ITEM_LIMIT
_MOST_NODES = 1_000_000
_MOST_LEVELS = 100

_TOO_DEEP = f"nested deeper than {_MOST_LEVELS} levels"
#: What libyaml says from 0.2.6 on of 1,000 open brackets, ahead of the first event that we could count.
_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"

_BINARY = frozenset({"tag:yaml.org,2002:binary", "!binary"})  # Psych writes the second


class YamlError(ValueError):
    """The text is no YAML that can be read, and why; `line` counts from 1."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


class _Bounded:
    """A stream that ends in an error where it is too long."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._left = stream, _MOST_BYTES

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise YamlError(f"more than {_MOST_BYTES // 1024**2} MB of YAML in one file", 1)
        return piece


class YamlEvents:
    """The events of a stream, and the values that they add up to."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(_Bounded(stream), Loader=_LOADER))
        self._anchors: dict[str, tuple[YamlValue, int]] = {}
        self._plain: Any = yaml.SafeLoader("")
        self._weight = 0

    def next(self) -> Any:
        """The next event. Raises `YamlError`."""
        try:
            event = next(self._events)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            why = (
                _TOO_DEEP
                if error.problem == _DEEP_FOR_LIBYAML
                else f"no YAML: {error.problem or error.context}"
            )
            raise YamlError(why, line) from None
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError):  # bytes that no text has
            raise YamlError("no YAML: it has characters that YAML does not allow", 1) from None
        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()
        return event

    def value(self, event: Any) -> YamlValue:
        """The value that `event` begins. Raises `YamlError`."""
        self._weight = 0
        return self._value(event, 1)

    def _value(self, event: Any, level: int) -> YamlValue:
        before = self._weight
        self._grow(1, event)
        value: YamlValue
        match event:
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    raise YamlError("an alias to nothing before it", line_of(event))
                value, weight = self._anchors[event.anchor]
                self._grow(weight, event)
                return value
            case yaml.ScalarEvent():
                value = self._scalar(event)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if level > _MOST_LEVELS:
                    raise YamlError(_TOO_DEEP, line_of(event))
                value = self._list(level) if isinstance(event, yaml.SequenceStartEvent) else self._dict(level)
            case _:
                raise YamlError("no YAML: a value is missing", line_of(event))
        if event.anchor is not None:
            self._anchors[event.anchor] = value, self._weight - before
        return value

    def _list(self, level: int) -> YamlValue:
        items: list[YamlValue] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self._value(event, level + 1))
        return items

    def _dict(self, level: int) -> YamlValue:
        members: dict[str, YamlValue] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            name = self.name(event)
            members[name] = self._value(self.next(), level + 1)
        return members

    def name(self, event: Any) -> str:
        """A member's name, as it is written. Raises `YamlError`."""
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(event, yaml.AliasEvent):
            name, _ = self._anchors.get(str(event.anchor), (None, 0))
            if isinstance(name, str):
                return name
        raise YamlError("a member's name is no text", line_of(event))

    def _scalar(self, event: Any) -> YamlValue:
        text: str = event.value
        if event.tag in _BINARY:
            try:
                return base64.b64decode("".join(text.split()), validate=True)
            except (binascii.Error, ValueError):
                raise YamlError("its base64 cannot be read", line_of(event)) from None
        tag = self._plain.resolve(yaml.ScalarNode, text, (True, False)) if event.implicit[0] else event.tag
        build = _PLAIN.get(tag)
        try:
            return text if build is None else build(self._plain, yaml.ScalarNode(tag, text))
        except (ValueError, LookupError, OverflowError):  # more digits than Python reads, or !!int "x"
            return text

    def _grow(self, weight: int, event: Any) -> None:
        self._weight += weight
        if self._weight > _MOST_NODES:
            raise YamlError(f"more than {_MOST_NODES:,} values in one interaction", line_of(event))


_PLAIN: Mapping[str, Callable[[Any, Any], YamlValue]] = {
    "tag:yaml.org,2002:null": lambda _loader, _node: None,
    "tag:yaml.org,2002:bool": lambda loader, node: bool(loader.construct_yaml_bool(node)),
    "tag:yaml.org,2002:int": lambda loader, node: int(loader.construct_yaml_int(node)),
    "tag:yaml.org,2002:float": lambda loader, node: float(loader.construct_yaml_float(node)),
}


def line_of(event: Any) -> int:
    """The line that an event begins in, from 1."""
    return int(event.start_mark.line) + 1
