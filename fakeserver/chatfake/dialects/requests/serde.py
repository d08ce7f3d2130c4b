"""What a route of a server in Rust takes, as serde reads it: the shape of a body as data, and where a body has another.

    record("Message", {"role": STRING}, {"content": maybe(either("Content", STRING, several(PART)))})

A mistake is a status and a sentence, and the first in the order of the text is the one that is told.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from chatfake.core.json_text import JsonValue, RepeatedNames

Mistakes: TypeAlias = Iterator[tuple[int, str]]
#: From a value and the path to it (`parameters.stop[1]`) to what is wrong.
Shape: TypeAlias = Callable[[JsonValue, str], Mistakes]


def mistake(path: str, sentence: str, status: int = 422) -> Mistakes:
    """One mistake, with its place before it."""
    yield status, f"{path}: {sentence}" if path else sentence


def _unlike(path: str, expected: str) -> Mistakes:
    return mistake(path, f"invalid type, expected {expected}")


def _of(expected: str, *kinds: type) -> Shape:
    def shape(value: JsonValue, path: str) -> Mistakes:
        fits = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
        return iter(()) if fits else _unlike(path, expected)

    return shape


STRING = _of("a string", str)
BOOL = _of("a boolean", bool)
F32 = _of("f32", int, float)


def ANY(_: JsonValue, __: str) -> Mistakes:  # noqa: N802  a shape among the others
    """Any value."""
    return iter(())


def whole(name: str, low: int, high: float = float("inf")) -> Shape:
    """An integer of one of Rust's types."""

    def shape(value: JsonValue, path: str) -> Mistakes:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            yield from _unlike(path, name)

    return shape


I32 = whole("i32", -(2**31), 2**31 - 1)
U32 = whole("u32", 0, 2**32 - 1)
U64 = whole("u64", 0, 2**64 - 1)
USIZE = whole("usize", 0, 2**64 - 1)


def maybe(shape: Shape) -> Shape:
    """An `Option`: null, or the shape."""
    return lambda value, path: iter(()) if value is None else shape(value, path)


def several(shape: Shape) -> Shape:
    """A `Vec`."""

    def listed(value: JsonValue, path: str) -> Mistakes:
        if not isinstance(value, list):
            yield from _unlike(path, "a sequence")
            return
        for place, one in enumerate(value):
            yield from shape(one, f"{path}[{place}]")

    return listed


def named(shape: Shape) -> Shape:
    """A map from any text to one shape."""

    def mapped(value: JsonValue, path: str) -> Mistakes:
        if not isinstance(value, dict):
            yield from _unlike(path, "a map")
            return
        for name, one in value.items():
            yield from shape(one, f"{path}.{name}")

    return mapped


def either(name: str, *shapes: Shape) -> Shape:
    """An untagged enum: the error names the enum alone."""

    def one_of(value: JsonValue, path: str) -> Mistakes:
        if all(next(shape(value, path), None) for shape in shapes):
            yield from mistake(path, f"data did not match any variant of untagged enum {name}")

    return one_of


def tagged(records: Mapping[str, Shape]) -> Shape:
    """An enum by the member `type`."""

    def by_type(value: JsonValue, path: str) -> Mistakes:
        if not isinstance(value, dict):
            return _unlike(path, "internally tagged enum")
        kind = value.get("type")
        record = records.get(kind) if isinstance(kind, str) else None
        return mistake(path, "unknown variant of `type`") if record is None else record(value, path)

    return by_type


def names(*known: str) -> Shape:
    """An enum of names; what is neither a name nor an object is no JSON of an enum, to serde_json."""

    def name(value: JsonValue, path: str) -> Mistakes:
        if not isinstance(value, str):
            yield from mistake(path, "expected value", 400)
        elif value not in known:
            yield from mistake(path, f"unknown variant, expected one of {', '.join(known)}")

    return name


def record(struct: str, needed: Mapping[str, Shape], others: Mapping[str, Shape]) -> Shape:
    """A `struct`. Members that it does not have are passed over, and none of its own may come twice."""
    shapes = {**needed, **others}

    def members(value: JsonValue, path: str) -> Mistakes:
        if not isinstance(value, dict):
            yield from _unlike(path, f"struct {struct}")
            return
        for name, one in value.items():
            if name in shapes:
                yield from shapes[name](one, f"{path}.{name}" if path else name)
        for name in value.names if isinstance(value, RepeatedNames) else ():
            if name in shapes:
                yield from mistake(path, f"duplicate field `{name}`")
        for name in needed:
            if name not in value:
                yield from mistake(path, f"missing field `{name}`")

    return members
