"""The whole table, read from the files in `data`. Of rows with the same sign, the one recorded more often is first."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from chatschema.core.kind import Kind

from .deviation import Deviation

__all__ = ["DEVIATIONS", "FILES"]

#: In the order of the table.
FILES = (
    "chat_answers", "chat_tools", "chat_streams", "chat_remarks", "completions", "responses", "errors", "model_lists",
    "chat_members", "hosted_members", "usage_members", "other_members", "response_members",
)  # fmt: skip


def _rows() -> Iterator[Deviation]:
    folder = files("chatschema.deviations") / "data"
    for name in FILES:
        for id_, row in tomllib.loads((folder / f"{name}.toml").read_text("utf-8")).items():
            yield _deviation(id_, row)


def _deviation(id_: str, row: dict[str, Any]) -> Deviation:
    return Deviation(
        id=id_,
        vendors=tuple(row["vendors"]),
        kinds=tuple(Kind(kind) for kind in row["kinds"]),
        signs=tuple(row["signs"]),
        sentence=row["sentence"],
        seen=row.get("seen", ""),
        says=row.get("says", ""),
        breaks=row.get("breaks", ""),
        sources=tuple(row["sources"]),
    )


DEVIATIONS: tuple[Deviation, ...] = tuple(_rows())
