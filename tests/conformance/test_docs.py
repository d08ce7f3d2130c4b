"""The docs say what the code does."""

import re
import shlex
from pathlib import Path

import pytest

from chatproof.cases import CASES
from chatschema.rulebook import RULEBOOK
from tools.generate import PAGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    page = ROOT / "docs" / name
    assert page.read_text(encoding="utf-8") == PAGES[name](), "run `python tools/generate.py`"


def test_every_case_or_rule_that_a_page_names_exists() -> None:
    named = re.compile(r"`((?:http|models|chat\.(?:json|sse|tools|errors)|history)\.[a-z-]+)`")
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for id_ in named.findall(page.read_text(encoding="utf-8")):
            assert id_ in CASES or id_ in RULEBOOK, (page.name, id_)


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_readme_has_the_two_commands_that_do_all_the_setup() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    judge, test = map(shlex.split, commands)
    assert judge[-2:] == [".venv/bin/chatproof", "check"]
    assert any(word.endswith("pytest") for word in test)
