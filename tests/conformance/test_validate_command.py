"""`chatproof validate`: recorded answers, judged offline."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatfake import Fake, Request
from chatproof.cli import main


def validate(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments], input=stdin)


def body(**members: Any) -> bytes:
    """An answer of the fake."""
    asked = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}], **members}
    request = Request(method="POST", path="/v1/chat/completions", body=json.dumps(asked).encode())
    return Fake().answer(request).body


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A folder with one file of each sort."""
    (tmp_path / "good.json").write_bytes(body())
    (tmp_path / "good.sse").write_bytes(body(stream=True))
    wrong = json.loads(body())
    wrong["created"] = str(wrong["created"])
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    del wrong["choices"][0]["message"]["refusal"]
    wrong["created"] = 1
    (tmp_path / "warned.json").write_text(json.dumps(wrong))
    (tmp_path / "cut.sse").write_bytes(body(stream=True).replace(b"data: [DONE]\n\n", b""))
    (tmp_path / "page.html").write_text("<html>Bad gateway</html>")
    (tmp_path / "empty.json").write_text(" \n")
    return tmp_path


def test_good_answers_are_valid(answers: Path) -> None:
    run = validate(str(answers / "good.json"), str(answers / "good.sse"))
    assert run.exit_code == 0, run.output
    assert "good.json   chat.completion   valid" in run.output
    assert "good.sse   chat.completion.sse   valid" in run.output
    assert run.output.endswith("2 answers: 2 valid, 0 not, 0 with warnings\n")


def test_a_broken_must_is_shown_with_its_path(answers: Path) -> None:
    run = validate(str(answers / "wrong.json"))
    assert run.exit_code == 1
    assert "must" in run.output
    assert "$.created" in run.output
    assert "a string" in run.output
    assert run.output.endswith("1 answer: 0 valid, 1 not, 0 with warnings\n")


def test_a_stream_without_its_end_is_not_valid(answers: Path) -> None:
    run = validate(str(answers / "cut.sse"))
    assert run.exit_code == 1
    assert "chat.sse.done" in run.output


def test_a_broken_should_is_a_warning(answers: Path) -> None:
    run = validate(str(answers / "warned.json"))
    assert run.exit_code == 0
    assert "warn should" in run.output
    assert "chat.json.spec-complete" in run.output
    assert run.output.endswith("1 answer: 1 valid, 0 not, 1 with warnings\n")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere.json", "No such file"),
        ("page.html", "is no chat answer that is known"),
        ("empty.json", "is empty"),
        (".", "Is a directory"),
    ],
)
def test_what_cannot_be_judged_is_told_and_the_rest_is_judged(answers: Path, name: str, why: str) -> None:
    run = validate(str(answers / name), str(answers / "good.json"))
    assert run.exit_code == 2
    assert why in run.output
    assert "1 answer: 1 valid" in run.output


def test_hostile_members_cannot_steer_the_terminal(tmp_path: Path) -> None:
    value = json.loads(body())
    value["choices"][0]["\x1b[2J"] = value["choices"][0]["finish_reason"] = "\x1b[2J\ud800"
    (tmp_path / "evil.json").write_text(json.dumps(value))
    run = validate(str(tmp_path / "evil.json"))
    assert run.exit_code == 1
    assert "\x1b" not in run.output


def test_standard_input_is_judged() -> None:
    run = validate("-", stdin=body())
    assert run.exit_code == 0
    assert "standard input   chat.completion   valid" in run.output


def test_an_error_body_is_known(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes(body(temperature="hot"))
    run = validate(str(tmp_path / "e.json"))
    assert "error   valid" in run.output
    assert run.exit_code == 0
