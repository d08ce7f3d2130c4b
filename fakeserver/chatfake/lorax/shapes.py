"""What a route takes, as serde reads it: in the order of the text, and no further than the first mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chatfake.core.json_text import parse
from chatfake.lorax.errors import Broken, Mistaken, number_seen
from chatfake.lorax.scanner import Scanner

__all__ = [
    "ANY", "BOOL", "F32", "I32", "STRING", "U32", "U64", "USIZE", "Either", "Maybe", "Member", "Named", "Names",
    "Record", "Several", "Shape", "Tagged",
]  # fmt: skip


class Shape(Protocol):
    """Reads one value and keeps nothing: `Broken` or `Mistaken` where it is another."""

    def read(self, scanner: Scanner) -> None: ...


@dataclass(frozen=True, slots=True)
class _Text:
    def read(self, scanner: Scanner) -> None:
        if scanner.peek() != b'"':
            scanner.unlike("a string")
        scanner.string()


@dataclass(frozen=True, slots=True)
class _Flag:
    def read(self, scanner: Scanner) -> None:
        mark = scanner.peek()
        if mark not in (b"t", b"f"):
            scanner.unlike("a boolean")
        scanner.word(mark)


@dataclass(frozen=True, slots=True)
class _Whole:
    name: str
    low: int
    high: int

    def read(self, scanner: Scanner) -> None:
        if not _begins_number(scanner.peek()):
            scanner.unlike(self.name)
        digits = scanner.number()
        seen = number_seen(digits)
        if not seen.startswith("integer"):
            scanner.mistaken(f"invalid type: {seen}, expected {self.name}")
        if not self.low <= int(digits) <= self.high:
            scanner.mistaken(f"invalid value: {seen}, expected {self.name}")


@dataclass(frozen=True, slots=True)
class _Number:
    name: str

    def read(self, scanner: Scanner) -> None:
        if not _begins_number(scanner.peek()):
            scanner.unlike(self.name)
        scanner.number()


@dataclass(frozen=True, slots=True)
class _Any:
    def read(self, scanner: Scanner) -> None:
        scanner.any()


@dataclass(frozen=True, slots=True)
class Maybe:
    """An `Option`: null, or the shape."""

    shape: Shape

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        if scanner.peek() == b"n":
            scanner.word(b"n")
        else:
            self.shape.read(scanner)


@dataclass(frozen=True, slots=True)
class Several:
    """A `Vec`."""

    shape: Shape

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        if scanner.peek() != b"[":
            scanner.unlike("a sequence")
        if self.shape is STRING and scanner.texts():
            return
        scanner.at += 1
        number = 0
        while scanner.item(first=number == 0):
            scanner.path.append(f"[{number}]")
            self.shape.read(scanner)
            scanner.path.pop()
            number += 1


@dataclass(frozen=True, slots=True)
class Named:
    """A map from any text to one shape."""

    shape: Shape

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        if scanner.peek() != b"{":
            scanner.unlike("a map")
        scanner.at += 1
        first = True
        while (key := scanner.key(first=first)) is not None:
            first = False
            scanner.colon()
            scanner.path.append(f".{key}")
            self.shape.read(scanner)
            scanner.path.pop()
        scanner.at += 1


@dataclass(frozen=True, slots=True)
class Either:
    """An untagged enum: a value is read whole before any of the shapes is tried, and the error names the enum alone."""

    name: str
    shapes: tuple[Shape, ...]

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        scanner.space()
        start = scanner.at
        scanner.any()
        value = scanner.data[start : scanner.at]
        if not any(_reads(shape, value) for shape in self.shapes):
            # serde knows the place only once it has left the object around it
            scanner.end_object()
            scanner.mistaken(f"data did not match any variant of untagged enum {self.name}")


def _reads(shape: Shape, value: bytes) -> bool:
    try:
        shape.read(Scanner(value))
    except (Broken, Mistaken):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tagged:
    """An enum by the member `type`."""

    records: Mapping[str, Shape]

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        if scanner.peek() != b"{":
            scanner.unlike("internally tagged enum")
        start = scanner.at
        scanner.any()
        value = parse(scanner.data[start : scanner.at])
        kind = value.get("type") if isinstance(value, dict) else None
        record = self.records.get(kind) if isinstance(kind, str) else None
        if record is None:
            scanner.mistaken("unknown variant of an enum that is tagged by `type`")
        else:
            record.read(Scanner(scanner.data[start : scanner.at]))


@dataclass(frozen=True, slots=True)
class Names:
    """An enum of names, aliases among them."""

    names: tuple[str, ...]

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        mark = scanner.peek()
        if mark != b'"':  # serde_json reads an enum as a text or an object
            scanner.broken("expected value", 1)
        name = scanner.string().decode()
        if name not in self.names:
            known = ", ".join(f"`{one}`" for one in self.names)
            scanner.mistaken(f"unknown variant `{name}`, expected one of {known}")


@dataclass(frozen=True, slots=True)
class Member:
    """One member; `needed` has no default."""

    shape: Shape
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A `struct`. Members that it does not have are passed over, and none may come twice."""

    name: str
    members: Mapping[str, Member]

    def read(self, scanner: Scanner) -> None:
        """Reads it."""
        if scanner.peek() != b"{":
            scanner.unlike(f"struct {self.name}")
        scanner.at += 1
        seen: set[str] = set()
        first = True
        while (key := scanner.key(first=first)) is not None:
            first = False
            self._member(scanner, key, seen)
        scanner.at += 1
        for name, member in self.members.items():
            if member.needed and name not in seen:
                scanner.mistaken(f"missing field `{name}`")

    def _member(self, scanner: Scanner, key: str, seen: set[str]) -> None:
        member = self.members.get(key)
        if key in seen:
            scanner.space()
            scanner.mistaken(f"duplicate field `{key}`")
        scanner.colon()
        scanner.path.append(f".{key}")
        if member is None:
            scanner.any()
        else:
            seen.add(key)
            member.shape.read(scanner)
        scanner.path.pop()


def _begins_number(mark: bytes) -> bool:
    return mark == b"-" or mark.isdigit()


STRING = _Text()
BOOL = _Flag()
ANY = _Any()
F32 = _Number("f32")
I32 = _Whole("i32", -(2**31), 2**31 - 1)
U32 = _Whole("u32", 0, 2**32 - 1)
U64 = _Whole("u64", 0, 2**64 - 1)
USIZE = _Whole("usize", 0, 2**64 - 1)
