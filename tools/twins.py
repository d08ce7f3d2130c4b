"""Writes the modules for `httpx2` from those for `httpx`: `python tools/twins.py`.

Each `…httpx.py` of the packages has its twin `…httpx2.py` beside it. `--check` writes nothing, and fails where a twin
is not what would be written.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("conformance", "fakeserver")
#: What is another word in the twin: a pattern, and what takes its place.
SUBSTITUTIONS = ((r"\bhttpx\b", "httpx2"),)
HEAD = "# Written from {name} by `python tools/twins.py`: change that file, not this one.\n"


def sources(root: Path) -> list[Path]:
    """The modules that have a twin."""
    return sorted(path for package in PACKAGES for path in (root / package).rglob("*httpx.py"))


def twin(source: Path) -> Path:
    """Where the twin of a module is."""
    return source.with_name(f"{source.stem}2.py")


def written(source: Path) -> str:
    """The twin's text. A substitution that finds nothing is one that is wrong or not needed."""
    text = source.read_text(encoding="utf-8")
    if "httpx2" in text:
        raise SystemExit(f"{source}: it names httpx2, which its twin could not tell from httpx")
    for pattern, word in SUBSTITUTIONS:
        text, count = re.subn(pattern, word, text)
        if not count:
            raise SystemExit(f"{source}: nothing in it is {pattern}")
    return formatted(HEAD.format(name=source.name) + text)


def formatted(text: str) -> str:
    """As ruff lays it out: what fits on a line may not with the longer name."""
    ruff = (sys.executable, "-m", "ruff", "format", "--quiet", "--config", ROOT / "pyproject.toml", "-")
    return subprocess.run(ruff, input=text, capture_output=True, encoding="utf-8", check=True).stdout


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Writes the twins; with `--check`, names those that are not up to date, and returns 1 where there are any."""
    texts = {twin(source): written(source) for source in sources(root)}
    stale = [
        path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" in arguments:
            print(f"{path}: not what `python tools/twins.py` writes", file=sys.stderr)
        else:
            path.write_text(texts[path], encoding="utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
