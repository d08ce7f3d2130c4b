"""The command `client`: what it prints, and its exit code."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatproof.history import RULES
from chatproof.history.model.policy import UNKNOWN, Policy, PolicyError, Turns
from chatproof.history.model.policy_file import policy_from_toml
from tests.history.command.commanding import BAD, GOOD, TWO, client, explain


def test_it_ends_with_0_where_all_is_kept_and_leaves_nothing_behind(folder: Path) -> None:
    before = sorted(folder.iterdir())
    result = client(GOOD, *TWO)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "none of 2 rules broken, 2 kept " in result.stdout
    assert sorted(folder.iterdir()) == before


def test_it_ends_with_1_and_the_story_where_a_must_is_broken(folder: Path) -> None:
    files = ["--json", "result.json", "--junit", "result.xml"]
    result = client(BAD, *TWO, "--system", "none", *files)
    assert result.exit_code == 1
    assert "BROKEN  record.empty-choices  must\n" in result.stdout
    assert "shortest conversation, 3 of 3, no window, no system prompt\n" in result.stdout
    assert "← of a round whose answer was one without choices" in result.stdout
    again = f"chatproof client {BAD} --system none --examples 0 -k record.empty-choices"
    assert f"  again  {again}\n" in result.stdout
    assert "1 of 2 rules broken, 1 kept " in result.stdout
    assert "\033" not in result.stdout
    document = json.loads((folder / "result.json").read_text())
    outcomes = {case["id"]: case["outcome"] for case in document["cases"]}
    assert outcomes == {"accumulate.order": "passed", "record.empty-choices": "failed"}
    assert document["target"] == {"client": BAD, "policy": "no window, no system prompt"}
    assert document["whole"] is True
    (suite,) = ET.fromstring((folder / "result.xml").read_text()).iter("testsuite")  # noqa: S314  our own
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_json_on_standard_output_leaves_what_is_for_people_to_standard_error() -> None:
    result = client(BAD, *TWO, "--json", "-")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["schema"] == "chatproof.result/1"
    assert "BROKEN  record.empty-choices  must" in result.stderr


def test_what_is_not_claimed_is_told_with_its_reason() -> None:
    result = client(GOOD, "-k", "truncate.bound or accumulate.order", "--examples", "0")
    assert result.exit_code == 0
    assert "not claimed  truncate.bound: it declares no window" in result.stdout
    assert "1 kept, 1 not claimed by this client" in result.stdout


def test_a_run_in_which_nothing_was_judged_is_not_green() -> None:
    result = client(GOOD, "-k", "record.stream-cut", "--examples", "0")
    assert result.exit_code == 2
    assert "not reached  record.stream-cut: no request of the client asked for a stream" in result.stdout
    assert "nothing was judged" in result.stdout


def test_a_should_fails_where_that_is_asked_for() -> None:
    target = "chatproof.selftest.mutants.accumulate:NumbersItsMessages"
    options = [target, "-k", "prefix-stable", "--examples", "0"]
    assert client(*options).exit_code == 0
    assert client(*options, "--level", "should").exit_code == 1


def test_every_declaration_can_stand_in_a_file() -> None:
    text = 'clears_results = true\nbreaks_control_tokens = true\ntools = "unknown"\nmodels = ["big", "small"]\ncap = {turns = 4}'
    policy = policy_from_toml(text)
    assert policy == Policy(
        clears_results=True, breaks_control_tokens=True, tools=UNKNOWN, models=("big", "small"), cap=Turns(4)
    )
    with pytest.raises(PolicyError, match="clears_results = 1: it is bool"):
        policy_from_toml("clears_results = 1")


def test_the_policy_of_a_file_is_declared_and_options_stand_over_it(folder: Path) -> None:
    (folder / "bot.toml").write_text('window = {rounds = 3}\nsystem = "none"\n')
    declared = ["-k", "truncate.bound", "--examples", "0", "--policy", "bot.toml"]
    result = client(GOOD, *declared)
    assert (result.exit_code, result.stdout.splitlines()[0].split("   ")[2]) == (
        0,
        "window 3 rounds, no system prompt",
    )
    over = client(GOOD, *declared, "--window", "2").stdout
    assert over.splitlines()[0].endswith("window 2 messages, no system prompt")


def test_it_prompts_with_the_given_text(folder: Path) -> None:
    (folder / "bot.py").write_text(
        "from chatproof.selftest.bots.bot import Bot\n"
        "def make(endpoint):\n"
        "    assert endpoint.system_prompt == 'Be brief.', endpoint.system_prompt\n"
        "    return Bot(endpoint)\n"
    )
    assert client("bot.py:make", "--system-prompt", "Be brief.", *TWO).exit_code == 0
    assert client("bot.py:make", *TWO).exit_code == 2


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "no TARGET was given"),
        (["bot"], "'bot' names no factory"),
        (["bot:"], "'bot:' names no factory"),
        (["nonesuch_bot:make"], "importing nonesuch_bot raised ModuleNotFoundError"),
        (["nonesuch.py:make"], "there is no file nonesuch.py"),
        (["wrong.py:make"], "importing wrong.py raised ZeroDivisionError"),
        (["leaves.py:make"], "importing leaves.py raised SystemExit: 0"),
        (["bot.py:mak"], "there is no mak in bot.py; near are make"),
        (["bot.py:SEVEN"], "bot.py:SEVEN is a int, and cannot be called with an endpoint"),
        (["bot.py:make"], "the factory raised RuntimeError: no licence for [sk-"),
        (["harm.py:leaves"], "the factory raised SystemExit: 0"),
        (["harm.py:ends"], "the client ended the process with status 7"),
        (["harm.py:slow", "--timeout", "0.2"], "did not come back within 0.2 s"),
        ([GOOD, "-k", "nonesuch"], f"-k 'nonesuch' fits none of {len(RULES)} rules"),
        ([GOOD, "-k", "not"], "-k 'not' cannot be read"),
        ([GOOD, "--system", "none", "--system-prompt", "x"], "exclude each other"),
        ([GOOD, "--json", "nonesuch/result.json"], "cannot write nonesuch/result.json"),
        (
            [GOOD, "--html", "-", "--json", "-"],
            "only one of --json, --junit and --html can go to standard output",
        ),
        ([GOOD, "--html", "nonesuch/report.html"], "cannot write nonesuch/report.html"),
        ([GOOD, "--policy", "nonesuch.toml"], "nonesuch.toml cannot be read: No such file or directory"),
        ([GOOD, "--policy", "binary.toml"], "binary.toml is no text in UTF-8"),
        ([GOOD, "--policy", "long.toml"], "long.toml has more than 64 kB: it is no policy"),
        ([GOOD, "--policy", "bot.py"], "bot.py: it is no TOML"),
        ([GOOD, "--policy", "name.toml"], "nothing is declared by 'windw'; near are window"),
        ([GOOD, "--policy", "value.toml"], "value.toml: window = 'ten': it is {messages = 10}"),
        ([GOOD, "--policy", "fate.toml"], "no answer is called 'stream-cat'; near are stream-cut"),
    ],
)
def test_what_cannot_run_says_why_in_one_line(folder: Path, args: list[str], sentence: str) -> None:
    (folder / "bot.py").write_text(
        "SEVEN = 7\ndef make(endpoint): raise RuntimeError('no licence for sk-proj-' + 40 * 'a')\n"
    )
    (folder / "wrong.py").write_text("1 / 0\n")
    (folder / "leaves.py").write_text("raise SystemExit(0)\n")
    (folder / "binary.toml").write_bytes(b"\xff\xfe")
    (folder / "long.toml").write_text("#" * 70_000)
    (folder / "name.toml").write_text("windw = 1\n")
    (folder / "value.toml").write_text('window = "ten"\n')
    (folder / "fate.toml").write_text('fates = {stream-cat = "drop"}\n')
    result = client(*args)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert sentence.replace("[sk-", "") in result.stderr
    assert result.stderr.startswith("chatproof: ")
    assert 40 * "a" not in result.output


@pytest.mark.parametrize(
    "args", [["--window", "-1"], ["--examples", "-1"], ["--timeout", "0"], ["--seed", "x"]]
)
def test_numbers_that_make_no_sense_are_refused(args: list[str]) -> None:
    assert client(GOOD, *args).exit_code == 2


def test_the_list_shows_every_rule_with_its_level_and_its_sentence() -> None:
    lines = client("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)
    assert all(
        rule.level in line and rule.sentence in line for rule, line in zip(RULES.values(), lines, strict=True)
    )
    assert len(client("--list", "-k", "truncate").stdout.splitlines()) == 11


@pytest.mark.parametrize("args", [["client", "--help"], ["explain", "--help"]])
def test_help_has_examples_and_every_exit_code(args: list[str]) -> None:
    command = client if args[0] == "client" else explain
    told = command("--help").stdout
    assert "Examples:" in told
    assert "Exit code: 0" in told


def test_explain_tells_of_a_rule_what_to_do_and_of_a_case_how_to_see_it() -> None:
    rule = explain("record.empty-choices").stdout
    assert rule.startswith("record.empty-choices\n  asked       A round whose answer has no choices")
    assert "  what to do  Add the question and its reply together" in rule
    assert "chatproof check URL -k chat.sse.done" in explain("chat.sse.done").stdout
    assert "--profile lorax -k lorax." in explain("lorax.generate.shape").stdout


@pytest.mark.parametrize(
    ("id_", "near"),
    [
        ("record.empty-choice", "record.empty-choices"),
        ("empty-choices", "record.empty-choices"),
        ("nonesuch", "`chatproof client --list` shows all rules"),
        ("a\x1b[31m", "`chatproof client --list`"),
    ],
)
def test_explain_names_what_is_near_a_wrong_id(id_: str, near: str) -> None:
    result = explain(id_)
    assert (result.exit_code, result.stdout) == (2, "")
    assert near in result.stderr
    assert "\x1b" not in result.stderr
