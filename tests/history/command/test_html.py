"""`chatproof client --html`: written whole or not at all, and refused before the run where it cannot be."""

from pathlib import Path

import pytest

from tests.history.command.commanding import BAD, GOOD, TWO, client


def test_the_page_has_the_verdict_and_the_conversation(folder: Path) -> None:
    result = client(BAD, *TWO, "--html", "report.html")
    assert result.exit_code == 1
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>\n<html")
    assert "This client breaks 1 of the 2 rules that it was put to (1 must)." in text
    assert "of a round whose answer was one without choices" in text
    assert f">chatproof client {BAD} --examples 0 -k record.empty-choices<" in text
    assert [file.name for file in folder.iterdir() if "report" in file.name] == ["report.html"]


def test_on_standard_output_it_stands_alone() -> None:
    result = client(GOOD, *TWO, "--html", "-")
    assert result.stdout.startswith("<!doctype html>")
    assert "This client keeps all 2 rules that it was put to." in result.stdout
    assert "none of 2 rules broken" in result.stderr


def test_a_run_that_cannot_be_made_leaves_the_page_that_stands_there(folder: Path) -> None:
    (folder / "report.html").write_text("an earlier one")
    assert client("nonesuch.py:make", *TWO, "--html", "report.html").exit_code == 2
    assert (folder / "report.html").read_text() == "an earlier one"


def test_keys_are_on_no_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "plain-words-that-nobody-guesses"
    monkeypatch.setenv("MY_SERVICE_API_KEY", key)
    (folder / "leaky.py").write_text(
        "from chatproof.selftest.bots.bot import Bot\n"
        "class Leaky(Bot):\n"
        f"    def say(self, text):\n        return super().say(text + ' {key}')\n"
    )
    result = client("leaky.py:Leaky", "-k", "accumulate.verbatim", "--examples", "0", "--html", "report.html")
    assert result.exit_code == 1
    text = (folder / "report.html").read_text()
    assert key not in text
    assert "$MY_SERVICE" in text  # and the rest, outside of what is marked
