"""Counts, places and addresses in the words of the page."""

import re
from collections.abc import Iterable, Mapping

from .tally import Cell, Provider, Where

__all__ = ["cell", "counted", "link", "named", "short", "table"]

_GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/(\d+)$")
_FILE = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:blob|tree)/[^/]+/(?:.*/)?([^/#]+)")
_BRACKETS = re.compile(r" \([^()]*\)")
_HOST = re.compile(r"https://([^/]+)/")

#: How an endpoint is called beside the form.
_ENDPOINTS: Mapping[str, str] = {
    "completions": "completion",
    "embeddings": "embedding",
    "models": "model list",
    "other routes": "other",
    "responses": "Responses",
}
#: How a form is called where its answers are counted.
_FORMS: Mapping[str, str] = {"json": "answers", "stream": "streams", "error": "errors"}


def link(source: str) -> str:
    """A source as a link with a short name; as it is, where it is no address."""
    if found := _GITHUB.match(source):
        return f"[{found[1]}#{found[2]}]({source})"
    if found := _FILE.match(source):
        return f"[{found[1]}: {found[2]}]({source})"
    if found := _HOST.match(source):
        return f"[{found[1]}]({source})"
    return source


def named(where: Where) -> str:
    """`("chat", "stream")` is `chat streams`."""
    return f"{_ENDPOINTS.get(where[0], where[0])} {_FORMS[where[1]]}"


def counted(provider: Provider, found: Mapping[Where, set[str]]) -> str:
    """`33 of 128 chat answers, 15 of 47 chat streams`."""
    return ", ".join(
        f"{len(names):,} of {provider.cells[where].judged:,} {named(where)}"
        for where, names in sorted(found.items())
    )


def short(sentence: str) -> str:
    """A sentence without what it says in brackets."""
    return _BRACKETS.sub("", sentence)


def cell(cells: Iterable[Cell]) -> str:
    """`44 of 128`: those that break a must."""
    found = list(cells)
    judged = sum(one.judged for one in found)
    return f"{sum(one.invalid for one in found):,} of {judged:,}" if judged else ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table in Markdown."""
    return [_row(head), "| --- " * len(head) + "|", *map(_row, rows)]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"
