"""Known failures of an endpoint or a client: a file in TOML, a row each.

    [[known]]
    id = "chat.errors.tools-type"
    reason = "llama.cpp answers 500; reported"
    until = 2026-12-31

`until` is the last day, in UTC. `level = "should"` knows the case to break a should, and no must. Both may be absent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from chatproof.gate.escaping import line
from chatproof.report.toml import read_toml, toml_text

__all__ = ["BaselineError", "Known", "baseline_text", "read_baseline"]

_MEMBERS = ("id", "reason", "until", "level")

_HEAD = "# Known failures: give each a reason. With `until = 2026-12-31` it counts again after that day.\n"


class BaselineError(ValueError):
    """A baseline cannot be used; the text names the file and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One known failure; `level` is the worst that is known of it: must or should."""

    id: str
    reason: str = ""
    until: date | None = None
    level: str = "must"

    def covers(self, level: str) -> bool:
        """Is it known that something of this level is broken?"""
        return self.level == "must" or level == "should"

    def is_past(self, today: date) -> bool:
        """Does it count again?"""
        return self.until is not None and today > self.until

    @property
    def told(self) -> str:
        """Why it is known, and how long."""
        until = f" (until {self.until})" if self.until else ""
        return f"{self.reason.strip() or 'no reason is given'}{until}"


def read_baseline(path: str, ids: Collection[str], noun: str) -> dict[str, Known]:
    """The rows of a file by id. `ids` are all that there are, of what the noun says: a case, a rule.

    Raises:
        BaselineError: it cannot be read, or says what cannot be meant.
    """
    found: dict[str, Known] = {}
    try:
        for known in _rows(read_toml(Path(path))):
            _check_id(known.id, ids, noun)
            if known.id in found:
                raise ValueError(f"{known.id} stands there twice")  # noqa: TRY301  one place for the file's name
            found[known.id] = known
    except ValueError as error:
        raise BaselineError(line(f"{path}: {error}.")) from None
    return found


def _check_id(id_: str, ids: Collection[str], noun: str) -> None:
    if id_ not in ids:
        near = get_close_matches(id_, ids, n=3)
        hint = f"; near are {', '.join(near)}" if near else ""
        raise ValueError(f"no {noun} is called {id_!r}{hint}")


def _rows(document: dict[str, Any]) -> Iterable[Known]:
    rows = document.pop("known", [])
    if document or not isinstance(rows, list):
        raise ValueError("a baseline has rows and nothing else, each below a line [[known]]")
    for number, row in enumerate(cast("list[object]", rows), 1):
        try:
            yield _row(row)
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None


def _row(row: object) -> Known:
    if not isinstance(row, dict):
        raise ValueError("is to stand below a line [[known]]")  # noqa: TRY004  it is the file that is wrong
    members = cast("dict[str, Any]", row)
    if strange := [name for name in members if name not in _MEMBERS]:
        raise ValueError(f"has {strange[0]!r}, and may have {', '.join(_MEMBERS)}")
    id_, reason, until = members.get("id"), members.get("reason", ""), members.get("until")
    if not isinstance(id_, str) or not isinstance(reason, str):
        raise ValueError("needs an id, and may have a reason, both in quotes")  # noqa: TRY004  as above
    if type(until) not in {date, type(None)}:  # a moment is a date, too, for Python
        raise ValueError("until is to be a day, without quotes: 2026-12-31")
    if members.get("level", "must") not in ("must", "should"):
        raise ValueError('level is to be "must" or "should"')
    return Known(**members)


def baseline_text(rows: Iterable[Known]) -> str:
    """The file's text, in the order of the rows."""
    return "\n".join([_HEAD, *map(_written, rows)])


def _written(known: Known) -> str:
    lines = ["[[known]]", f"id = {toml_text(known.id)}", f"reason = {toml_text(known.reason)}"]
    lines += [f"until = {known.until.isoformat()}"] if known.until else []
    lines += [f"level = {toml_text(known.level)}"] if known.level != "must" else []
    return "\n".join([*lines, ""])
