"""Writes the tables of the docs that are made from the code: `python docs/generate.py`.

A test fails where a table and the code differ.
"""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from chatproof.cases import CASES

HERE = Path(__file__).parent
HEAD = "| id | level | asked for | what breaks without it | reference |"


def cases() -> str:
    """docs/cases.md: what an endpoint is held to."""
    lines = [
        "# The cases that an endpoint is held to",
        "",
        "Written by `python docs/generate.py` from the cases themselves. **must**: official SDKs break, text is lost",
        "or invented, or a conversation goes wrong. **should**: promised by the specification or by OpenAI's own",
        "behaviour. **may**: an optional capability, held to its own musts once it is there. Ids are never renamed.",
    ]
    for group, members in groupby(CASES.values(), key=lambda case: case.group):
        lines += [
            "",
            f"## {group}",
            "",
            "| id | level | asked for | what breaks without it | reference |",
            "| --- " * 5 + "|",
        ]
        for case in members:
            cells = (case.id, case.level.value, case.sentence, case.breaks, case.reference)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"cases.md": cases}

if __name__ == "__main__":
    for name, render in PAGES.items():
        (HERE / name).write_text(render(), encoding="utf-8")
