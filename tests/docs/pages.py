"""The blocks of README and of the pages in docs/, with what their sources say of them.

A comment of HTML above a block speaks of it: `<!-- needs NAME -->` names packages beyond chatproof's own, or programs, as
the page's text does, `<!-- file NAME -->` says what the reader saves it as, for the blocks below it, and
`<!-- not run: REASON -->` says why the block cannot be run here.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>needs|file|not run:) (?P<words>[^\n]+) -->\n)?"
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$(?:\n```text\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a page; `output` is the text that stands directly below it."""

    page: str
    line: int
    language: str
    text: str
    output: str | None = None
    needs: tuple[str, ...] = ()
    not_run: str = ""
    file: str = ""  #: the name under which the reader has saved it

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The command lines of a block of them, without comments."""
        lines = self.text.splitlines()
        if self.language == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [line for line in (re.sub(r"\s+# .*", "", line) for line in lines) if line]

    @property
    def is_test(self) -> bool:
        """Whether pytest runs it."""
        return bool(re.search(r"^(def test_|class Test)", self.text, re.MULTILINE))


def blocks_of(page: str, text: str) -> list[Block]:
    """All blocks of a page, in order."""
    found: list[Block] = []
    for match in BLOCK.finditer(text):
        mark, words = match["mark"], match["words"] or ""
        found.append(
            Block(
                page=page,
                line=text.count("\n", 0, match.start("language")) + 1,
                language=match["language"],
                text=match["text"],
                output=match["output"],
                needs=tuple(words.split()) if mark == "needs" else (),
                not_run=words if mark == "not run:" else "",
                file=words if mark == "file" else "",
            )
        )
    return found


BLOCKS = [
    block
    for page in PAGES
    for block in blocks_of(str(page.relative_to(ROOT)), page.read_text(encoding="utf-8"))
]


def saved_before(block: Block) -> dict[str, str]:
    """What a reader of the page has saved when the block comes, by name."""
    above = (one for one in BLOCKS if one.page == block.page and one.line < block.line and one.file)
    return {one.file: one.text for one in above}
