"""YAML documents: the cassettes of VCR's family, one interaction at a time; else one exchange or one parsed body."""

import io
from collections.abc import Iterator
from typing import Any, cast

import yaml

from chatschema import JsonValue

from .body import Body, Item, Place, Unreadable
from .recorded import recording
from .yaml_values import YamlError, YamlEvents, YamlValue, line_of

__all__ = ["cassette"]

_INTERACTIONS = frozenset({"interactions", "http_interactions"})


def cassette(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """The items of all documents in the stream."""
    events = YamlEvents(stream)
    number = 0
    try:
        while not isinstance(event := events.next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                for value, line in _values(events, events.next()):
                    number += 1
                    yield _item(value, Place(file=file, item=f"interaction {number}", line=line))
    except YamlError as error:
        yield Unreadable(place=Place(file=file, line=error.line), why=str(error))


def _values(events: YamlEvents, event: Any) -> Iterator[tuple[YamlValue, int]]:
    """What one document holds, and the line of each."""
    if isinstance(event, yaml.SequenceStartEvent):
        yield from _sequence(events)
    elif isinstance(event, yaml.MappingStartEvent):
        yield from _mapping(events, line_of(event))
    else:
        yield events.value(event), line_of(event)


def _mapping(events: YamlEvents, line: int) -> Iterator[tuple[YamlValue, int]]:
    members: dict[str, YamlValue] = {}
    is_container = False
    while not isinstance(event := events.next(), yaml.MappingEndEvent):
        name = events.name(event)
        event = events.next()
        if name in _INTERACTIONS and isinstance(event, yaml.SequenceStartEvent):
            is_container = True
            yield from _sequence(events)
        else:
            members[name] = events.value(event)
    if not is_container:
        yield members, line


def _sequence(events: YamlEvents) -> Iterator[tuple[YamlValue, int]]:
    while not isinstance(event := events.next(), yaml.SequenceEndEvent):
        yield events.value(event), line_of(event)


def _item(value: YamlValue, place: Place) -> Item:
    # bytes inside a body are no JSON, which the judge says; that they are no JsonValue is all that is cast away
    return recording(value, place) or Body(place=place, data=cast("JsonValue", value))
