"""Whatever an endpoint does: a verdict or one sentence, an exit code that is right, and nothing that harms.

In this process, for a program in each case costs a second: `python -m tools.hostile` runs them so.
"""

import asyncio
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatproof.cli import main
from tests.hostile.checked import VARIABLES, arguments
from tests.hostile.clean import KEY, flaws
from tests.hostile.endpoint import serving
from tests.hostile.kind import Kind
from tests.hostile.kinds import CATALOGUE, GROUPS
from tests.hostile.others import OTHERS, Other

ROOT = Path(__file__).parents[2]

BRIEF = (
    "handshake that hangs", "reset", "hangs in the head", "endless chunks", "gzip bomb", "long number", "gzip cut",
    "lone surrogates", "redirect to no URL", "key its middle", "key in two chunks", "OSC in an answer",
    "workflow command in a model's id", "dies", "refuses the key from then on",
)  # fmt: skip
"""In the default suite; the others are its exhaustive part."""

DOORS = [kind for kind in CATALOGUE.values() if kind.door is not None]
_INSIDE = [kind for kind in CATALOGUE.values() if kind.inside is not None and kind.timeout > 1]
INSIDE = [*_INSIDE[::6], CATALOGUE["key its middle"], CATALOGUE["gzip cut"]]
"""Some of them: what takes up time is tried at the door alone, and all are the program's business."""


def kinds(some: list[Kind], brief: tuple[str, ...]) -> list[object]:
    return [
        pytest.param(kind, id=kind.name, marks=() if kind.name in brief else pytest.mark.exhaustive)
        for kind in some
    ]


def checked(kind: Kind, folder: Path, *more: str, inside: bool = False) -> int:
    """The exit code of a run over it, whose words and files are looked at."""
    with serving(kind, inside=inside) as url:
        words, files = arguments(url, kind, folder)
        ran = CliRunner().invoke(main, [*words, *more], env=VARIABLES, prog_name="chatproof")
    artefacts = {"stdout": ran.stdout_bytes, "stderr": ran.stderr_bytes}
    artefacts |= {name: path.read_bytes() for name, path in files.items() if path.exists()}
    assert flaws(artefacts) == []
    assert len(artefacts) == 4
    return ran.exit_code


@pytest.mark.parametrize("kind", kinds(DOORS, BRIEF))
def test_an_endpoint_that_is_hostile_from_the_start(kind: Kind, tmp_path: Path) -> None:
    assert checked(kind, tmp_path) == kind.door


@pytest.mark.parametrize("kind", kinds(INSIDE, ("key its middle", "gzip cut")))
def test_an_endpoint_that_is_hostile_once_a_run_has_begun(kind: Kind, tmp_path: Path) -> None:
    some = "json.shape or sse.done or errors.bad-json or http.utf8"  # what comes of all is the program's business
    assert checked(kind, tmp_path, "-k", some, inside=True) in {0, 1, 2}


@pytest.mark.exhaustive
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: f"{other.program} {other.name}")
def test_other_programs(other: Other) -> None:
    ran = asyncio.run(other.runs())
    assert ran.code == other.code
    assert flaws(ran.artefacts) == []


def test_the_page_has_the_kinds_of_the_catalogue() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \| (\d?) \| (\d?) \| [\d.]+ \| \d+ \| ", page, re.MULTILINE)
    codes = [(kind.name, *("" if c is None else str(c) for c in (kind.door, kind.inside))) for kind in CATALOGUE.values()]  # fmt: skip
    assert rows == codes, "run `python -m tools.hostile`"
    others = re.findall(
        r"^\| ((?:check|validate|guard|client)[^|]*?) \| ([^|]+?) \| (\d) \|", page, re.MULTILINE
    )
    assert others == [(other.program, other.name, str(other.code)) for other in OTHERS]
    assert len(CATALOGUE) == sum(map(len, GROUPS.values())) > 60


@pytest.mark.parametrize(
    ("name", "data", "flaw"),
    [
        ("stdout", KEY.encode(), "a piece of the key"),
        ("stderr", f"x{KEY[3:11].upper()}x".encode(), "a piece of the key"),
        ("stdout", KEY.encode().hex().encode(), "a piece of the key"),
        ("r.json", ('"' + "".join(f"\\u{ord(c):04x}" for c in KEY) + '"').encode(), "a piece of the key"),
        ("r.xml", f"<a>{KEY.translate({38: '&amp;', 97: '&#97;'})}</a>".encode(), "a piece of the key"),
        ("stdout", b"\x1b[2J", "not printable"),
        ("stdout", "\u202e".encode(), "not printable"),
        ("stdout", b"a\n::error::owned", "a command"),
        ("stderr", b"Traceback (most recent call last):", "a traceback"),
        ("stderr", b"\xff", "no UTF-8"),
    ],
)
def test_what_would_harm_is_seen(name: str, data: bytes, flaw: str) -> None:
    found = flaws({name: data})
    assert found
    assert flaw in found[0]
