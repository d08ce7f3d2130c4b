"""Baselines: the violations that a project has today, written down so that only new ones fail.

The file is `{"format": "chatproof.baseline/1", "known": [...]}`, sorted, with an entry a line, so that a diff
shows what came and what went. It names places and rules, and holds nothing of a body but the names of members.
"""

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

from chatproof.validate.files.body import Place
from chatproof.validate.files.sources import STDIN
from chatschema import Violation

__all__ = [
    "FORMAT",
    "BaselineError",
    "Known",
    "baseline_text",
    "fixed",
    "known_of",
    "normalised",
    "read_baseline",
    "read_beside",
    "written_beside",
]

FORMAT = "chatproof.baseline/1"

#: Past this nobody reads it, and allowing the rule says the same.
MOST_KNOWN = 100_000

_INDEX = re.compile(r"\[\d+\]")


class BaselineError(ValueError):
    """A baseline cannot be read, or would be too long; with the way out."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Known:
    """One violation, as a baseline has it: however often it stands in one item, it is one entry."""

    file: str
    item: str
    rule: str
    path: str


def normalised(path: str) -> str:
    """A JSON path without its indexes: `$[3].choices[0]` is `$[*].choices[*]`."""
    return _INDEX.sub("[*]", path)


def stable_name(file: str) -> str:
    """One name for a file, however it is written: from the working directory on, or absolute outside of it."""
    name = os.path.abspath(file)  # noqa: PTH100  links are not followed: the user's name is the file's
    inside = os.path.relpath(name)
    return Path(name if inside.startswith("..") else inside).as_posix()


def written_beside(known: Iterable[Known], baseline: str) -> frozenset[Known]:
    """Entries as the baseline has them: its files are named from its own place on, wherever it is used."""
    folder = os.path.dirname(os.path.abspath(baseline))  # noqa: PTH100, PTH120  as above
    return frozenset(replace(entry, file=_from(folder, entry.file)) for entry in known)


def read_beside(known: Iterable[Known], baseline: str) -> frozenset[Known]:
    """The entries of a baseline as this run names files."""
    folder = Path(baseline).parent
    return frozenset(
        entry if entry.file == STDIN else replace(entry, file=stable_name(str(folder / entry.file)))
        for entry in known
    )


def _from(folder: str, file: str) -> str:
    if file == STDIN:
        return file
    name = os.path.abspath(file)  # noqa: PTH100  as above
    with suppress(ValueError):  # on different drives
        if len(Path(os.path.commonpath([folder, name])).parts) > 1:
            return Path(os.path.relpath(name, folder)).as_posix()
    return Path(name).as_posix()


def known_of(place: Place, violation: Violation) -> Known:
    """The entry of a violation."""
    return Known(
        file=stable_name(place.file), item=place.item, rule=violation.rule, path=normalised(violation.path)
    )


def baseline_text(known: Iterable[Known]) -> str:
    """The file's text. Raises `BaselineError` where there are too many."""
    entries = sorted(set(known))
    if len(entries) > MOST_KNOWN:
        raise BaselineError(
            f"more than {MOST_KNOWN:,} violations: --allow RULE says it better than a baseline"
        )
    lines = [json.dumps(asdict(entry), ensure_ascii=False) for entry in entries]
    inner = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "format": "{FORMAT}",\n  "known": [\n{inner}\n  ]\n}}\n' if lines else _EMPTY


_EMPTY = f'{{\n  "format": "{FORMAT}",\n  "known": []\n}}\n'


def read_baseline(path: Path) -> frozenset[Known]:
    """The entries of a file. Raises `BaselineError`."""
    try:
        document: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"cannot be read: {error.strerror}; --write-baseline writes one") from None
    except (ValueError, RecursionError):
        raise BaselineError("is no JSON; --write-baseline writes one") from None
    if not isinstance(document, dict) or cast("dict[str, Any]", document).get("format") != FORMAT:
        raise BaselineError(f"is no {FORMAT} document; --write-baseline writes one")
    entries: Any = cast("dict[str, Any]", document).get("known")
    try:
        found = frozenset(Known(**entry) for entry in entries)
    except TypeError:
        raise BaselineError(
            f"has entries that {FORMAT} does not know; --write-baseline writes it anew"
        ) from None
    if not all(isinstance(text, str) for entry in found for text in asdict(entry).values()):
        raise BaselineError(f"has entries that {FORMAT} does not know; --write-baseline writes it anew")
    return found


def fixed(known: Iterable[Known], met: frozenset[Known], files: frozenset[str]) -> tuple[Known, ...]:
    """The entries that were not met although their file was read to its end."""
    return tuple(sorted(entry for entry in known if entry.file in files and entry not in met))
