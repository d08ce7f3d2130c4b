"""The committed samples: `samples/KIND/valid/*.json` and `samples/KIND/broken/*.json`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatschema import JsonValue, Kind

__all__ = ["SAMPLES", "Sample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file."""

    kind: Kind
    valid: bool
    path: Path

    @property
    def value(self) -> JsonValue:
        found: JsonValue = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    def __str__(self) -> str:
        return "/".join(self.path.with_suffix("").parts[-3:])


def _samples() -> Iterator[Sample]:
    for path in sorted(Path(__file__).with_name("samples").glob("*/*/*.json")):
        sort = path.parent.name
        assert sort in {"valid", "broken"}, path
        yield Sample(kind=Kind(path.parents[1].name), valid=sort == "valid", path=path)


SAMPLES = tuple(_samples())
