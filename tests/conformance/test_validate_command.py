"""`chatproof validate`: recorded answers, judged offline."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatproof.cli import main
from tests.validate.bodies import COMPLETION, CUT_STREAM, ERROR, STREAM, WARNED, WRONG


def validate(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)], input=stdin)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A folder with one file of each sort."""
    files = {
        "good.json": COMPLETION,
        "good.sse": STREAM,
        "wrong.json": WRONG,
        "warned.json": WARNED,
        "cut.sse": CUT_STREAM,
        "page.html": b"<html>Bad gateway</html>",
        "empty.json": b" \n",
        "half.json": COMPLETION[:120],
        "other.json": b'{"name": "x"}',
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_good_answers_are_valid(answers: Path) -> None:
    run = validate(answers / "good.json", answers / "good.sse")
    assert run.exit_code == 0, run.output
    assert "good.json  chat.completion      valid\n" in run.stdout
    assert "good.sse   chat.completion.sse  valid\n" in run.stdout
    assert run.stdout.endswith("2 bodies in 2 files: 2 valid, 0 failed\n")


def test_a_broken_must_is_shown_with_its_path(answers: Path) -> None:
    run = validate(answers / "wrong.json")
    assert run.exit_code == 1
    assert "✗ must    shape.type  $.created\n" in run.stdout
    assert 'seen      "soon" (a string)' in run.stdout
    assert run.stdout.endswith("1 body in 1 file: 0 valid, 1 failed\n")


def test_a_stream_without_its_end_is_not_valid(answers: Path) -> None:
    run = validate(answers / "cut.sse")
    assert run.exit_code == 1
    assert "chat.sse.done" in run.stdout


def test_a_broken_should_is_a_warning_and_fails_where_it_is_asked_to(answers: Path) -> None:
    run = validate(answers / "warned.json")
    assert run.exit_code == 0
    assert "! should  chat.json.spec-complete" in run.stdout
    assert run.stdout.endswith("1 body in 1 file: 1 valid (1 with warnings), 0 failed\n")
    run = validate(answers / "warned.json", "--level", "should")
    assert run.exit_code == 1
    assert run.stdout.endswith("1 body in 1 file: 0 valid, 1 failed\n")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere.json", "No such file"),
        ("*.nothing", "no file fits this pattern"),
        ("page.html", "is neither JSON nor an event stream nor a cassette; --kind says what it is"),
        ("empty.json", "is empty"),
        ("half.json", "The body is no JSON: Unterminated string"),
        ("other.json", "is no body of a known kind; --kind says which it is, --skip-unknown passes over it"),
    ],
)
def test_what_cannot_be_judged_is_told_and_the_rest_is_judged(answers: Path, name: str, why: str) -> None:
    run = validate(answers / name, answers / "good.json")
    assert run.exit_code == 2
    assert f"chatproof: {answers / name}: {why}" in run.stderr
    assert run.stdout.endswith("unreadable  1: not judged, see above\n1 body in 1 file: 1 valid, 0 failed\n")


def test_what_cannot_be_judged_wins_over_what_fails(answers: Path) -> None:
    assert validate(answers / "wrong.json", answers / "empty.json").exit_code == 2


def test_run_that_judges_nothing_is_not_green(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "{}", "url": "https://x/v1/files", "status": 200}')
    run = validate(tmp_path / "a.jsonl")
    assert run.exit_code == 2
    assert "chatproof: no body was judged" in run.stderr
    assert "skipped     1: 1 of another route" in run.stdout


def test_hostile_members_cannot_steer_the_terminal(tmp_path: Path) -> None:
    value = json.loads(COMPLETION)
    value["choices"][0]["\x1b[2J"] = value["choices"][0]["finish_reason"] = "\x1b[2J\ud800"
    (tmp_path / "evil\x1b[2J.json").write_text(json.dumps(value))
    run = validate(tmp_path / "evil\x1b[2J.json")
    assert run.exit_code == 1
    assert "\x1b" not in run.output


def test_standard_input_is_judged() -> None:
    run = validate("-", stdin=COMPLETION)
    assert run.exit_code == 0
    assert "standard input  chat.completion  valid" in run.stdout
    assert validate("-", stdin=gzip.compress(STREAM)).exit_code == 0
    assert validate("-", stdin=b"").exit_code == 2


def test_an_error_body_is_known(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes(ERROR)
    run = validate(tmp_path / "e.json")
    assert "error  valid" in run.stdout
    assert run.exit_code == 0


def test_directory_is_searched_and_what_is_no_answer_is_counted(answers: Path) -> None:
    (answers / "deep" / ".hidden").mkdir(parents=True)
    (answers / "deep" / ".hidden" / "a.json").write_bytes(WRONG)
    (answers / "deep" / "more.jsonl.gz").write_bytes(gzip.compress(COMPLETION + b"\n" + COMPLETION))
    (answers / "half.json").unlink()
    run = validate(answers)
    assert run.exit_code == 1
    assert "skipped     2: 1 of no known format, 1 of no known kind\n" in run.stdout
    assert run.stdout.endswith("7 bodies in 6 files: 5 valid (1 with warnings), 2 failed\n")


def test_directory_without_a_file_that_could_be_one_is_a_mistake(tmp_path: Path) -> None:
    run = validate(tmp_path)
    assert run.exit_code == 2
    assert "no file in this directory ends in one of .har .json" in run.stderr


def test_quoted_pattern_is_expanded_and_each_file_is_judged_once(answers: Path) -> None:
    run = validate(answers / "**" / "good.*", answers / "good.json", f"{answers}/./good.sse")
    assert run.exit_code == 0
    assert run.stdout.endswith("2 bodies in 2 files: 2 valid, 0 failed\n")


def test_forced_kind_is_what_bodies_are_held_to(answers: Path) -> None:
    run = validate("--kind", "error", answers / "good.json")
    assert run.exit_code == 1
    assert "good.json  error  failed" in run.stdout
    run = validate("--kind", "chat.completion", answers / "page.html")
    assert run.exit_code == 1
    assert "The body is no JSON" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--kind", "chat"], "'chat' is none of chat.completion"),
        (["--kind", "banana"], "'banana' is none of"),
        (["--allow", "chat.json.usages"], "'chat.json.usages' fits no rule: did you mean chat.json.usage"),
        (["http://localhost:8000/v1"], "an address is none: `chatproof check URL` asks an endpoint"),
        (["--allow", "banana"], "'banana' fits no rule; a pattern such as 'chat.tools.*' works too."),
        (["--level", "may"], "'may' is not one of 'must', 'should'"),
        (
            ["--baseline", "nowhere.json"],
            "nowhere.json: cannot be read: No such file or directory; --write-baseline writes one",
        ),
        (
            ["--output", "/nowhere/x.json"],
            "chatproof: cannot write /nowhere/x.json: No such file or directory",
        ),
    ],
)
def test_bad_option_says_what_to_write_instead(answers: Path, arguments: list[str], why: str) -> None:
    run = validate(answers / "good.json", *arguments)
    assert run.exit_code == 2
    assert why in run.stderr


def test_allowed_rules_are_passed_over_and_counted(answers: Path) -> None:
    run = validate(
        answers / "wrong.json", answers / "cut.sse", "--allow", "shape.type", "--allow", "chat.sse.*"
    )
    assert run.exit_code == 0
    assert "allowed     2 violations\n" in run.stdout


def test_quiet_run_says_only_what_fails(answers: Path) -> None:
    run = validate("-q", answers / "good.json", answers / "warned.json")
    assert run.exit_code == 0
    assert run.output == ""
    run = validate("-q", answers / "good.json", answers / "wrong.json", answers / "warned.json")
    assert run.exit_code == 1
    assert [line.split() for line in run.stdout.splitlines() if "json" in line] == [
        [str(answers / "wrong.json"), "chat.completion", "failed"]
    ]


def test_unknown_bodies_are_skipped_where_that_is_asked_for(answers: Path) -> None:
    run = validate("--skip-unknown", answers / "other.json", answers / "page.html", answers / "empty.json")
    assert run.exit_code == 0
    assert run.stderr == ""
    run = validate("--skip-unknown", answers / "half.json")  # it has members of an answer
    assert run.exit_code == 2


def test_report_in_a_file_leaves_the_text_to_the_terminal(answers: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run = validate(answers, "--format", "json", "--output", report)
    assert json.loads(report.read_text())["schema"] == "chatproof.validate/1"
    assert "✗ must    chat.sse.done" in run.stdout
    run = validate(answers / "wrong.json", "--output", tmp_path / "report.txt")
    assert run.stdout == ""
    assert "✗ must    shape.type" in (tmp_path / "report.txt").read_text(encoding="utf-8")


def test_files_that_the_run_writes_are_not_judged(answers: Path) -> None:
    report = answers / "report.json"
    validate(answers, "--format", "json", "--output", report)
    validate(answers, "--format", "json", "--output", report)
    assert not any("report.json" in item["file"] for item in json.loads(report.read_text())["items"])


def test_help_shows_examples_and_exit_codes() -> None:
    run = validate("--help")
    assert run.exit_code == 0
    assert "chatproof validate tests/cassettes --baseline known.json" in run.stdout
    assert "Exit code: 0 nothing fails" in run.stdout


def test_run_that_is_interrupted_says_so_and_is_not_green(
    answers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chatproof.cli.validate.run", interrupted)
    run = validate(answers / "good.json")
    assert run.exit_code == 130
    assert run.stderr == "chatproof: interrupted: nothing is known of what was not read yet.\n"
