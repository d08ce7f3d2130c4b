"""Clients that are chat loops, on a terminal and on pipes."""

import pytest

from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.plan import MARK, Answer, Clear, Plan, Restart, Say, Spoil, Spoilage
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Cancelled, Displayed, Hung, Raised
from chatproof.history.running.sayable import is_sayable
from chatproof.stage import FakeStage
from tests.drivers.programs.driven import STORED, looping, played, repl
from tests.drivers.test_argv import FAILS, broken, endings

LONG = Say(text=f"{MARK} {'word ' * 2_000}end", answers=(Answer(text=f"one\n> two {MARK}\n\nthree"),))
PLAN: Plan = (Say(), LONG, FAILS, Say(stop=0), Say())


@pytest.mark.parametrize(
    "manner", ["plain", "input", "readline", "no-line-end", "framed", "counts", "coloured", "on-a-line"]
)
def test_a_right_loop_breaks_nothing_whatever_it_looks_like(stage: FakeStage, manner: str) -> None:
    plan = PLAN if manner in ("input", "readline") else (*PLAN[:3], Say())
    with played(stage, repl(looping(manner))) as session:
        session.gate()
        play = session.play(plan)
        assert broken(play, session.can) == set()
        assert set(endings(play)) == ({Displayed, Cancelled} if len(plan) == len(PLAN) else {Displayed})
        assert len(play.steps[-1].exchanges[0].messages) == 1 + 2 * 2 + 1


@pytest.mark.parametrize("prompt", ["", "> "])
def test_a_loop_on_a_pipe(stage: FakeStage, prompt: str) -> None:
    with played(stage, repl(looping("input"), prompt=prompt, piped=True)) as session:
        session.gate()
        play = session.play(PLAN[:3])
        assert broken(play, session.can) == set()


def test_it_is_started_again_where_it_stores(stage: FakeStage) -> None:
    command = f"/usr/bin/env STORED=1 {looping('input')}"
    with played(stage, repl(command, {"clear": "/clear", "quit": "/quit"}, prompt="> "), STORED) as session:
        play = session.play((Say(), Restart(), Say(), Restart(killed=True), Say(), Clear(), Say()))
        assert broken(play, session.can) == set()
        assert [len(step.exchanges[0].messages) for step in play.steps if step.asks] == [2, 4, 6, 2]


def test_its_disk_is_full(stage: FakeStage) -> None:
    command = f"/usr/bin/env STORED=1 {looping('input')}"
    with played(stage, repl(command, prompt="> "), STORED) as session:
        play = session.play((Say(), Spoil(how=Spoilage.UNWRITABLE), Say()))
        assert "File too large" in play.steps[-1].printed
        assert broken(play, session.can) == {"persist.read-only"}


@pytest.mark.parametrize(
    ("manner", "plan", "rule"),
    [
        ("loses-replies", (Say(), Say()), "accumulate.complete"),
        (
            "prints-half",
            (Say(answers=(Answer(text=f"one two {MARK} three four five"),)), Say()),
            "answer.returned",
        ),
        ("says-nothing", (Say(), FAILS, Say()), "answer.failure-told"),
    ],
)
def test_a_wrong_loop_breaks_its_rule_alone(stage: FakeStage, manner: str, plan: Plan, rule: str) -> None:
    with played(stage, repl(looping(manner), prompt="> ")) as session:
        assert broken(session.play(plan), session.can) == {rule}


def test_a_loop_that_ends_at_ctrl_c_is_told_so(stage: FakeStage) -> None:
    with played(stage, repl(looping("leaves"), prompt="> ")) as session:
        play = session.play((Say(), Say(stop=0), Say()))
        assert len(play.steps) == 2
        assert play.steps[-1].failure.startswith("cannot: the program ends at Ctrl-C")
        assert broken(play, session.can) == set()


def test_keys_and_escapes_in_what_it_prints_are_masked(stage: FakeStage) -> None:
    with played(stage, repl(looping("plain"), prompt="> ")) as session:
        (step,) = session.play((FAILS,)).steps
        assert not any(secret in step.printed for secret in ("aaaa", "\x1b", "owned"))
        assert "HTTP Error 400" in step.printed


@pytest.mark.parametrize(("manner", "ending"), [("dies", Raised), ("hangs", Hung), ("floods", Raised)])
def test_a_loop_that_goes_away_is_ended(stage: FakeStage, manner: str, ending: type) -> None:
    with played(stage, repl(looping(manner), prompt="> ", seconds=3.0)) as session:
        play = session.play((Say(), Say(), Say()))
        assert endings(play) == [Displayed, ending]
        assert endings(session.play((Say(),))) == [Displayed]


@pytest.mark.parametrize(
    ("manner", "prompt", "told"),
    [
        ("silent", "", "name what it prompts with by --prompt"),
        ("plain", "bot> ", "the prompt 'bot> ' did not come within 2 s. It printed: "),
    ],
)
def test_no_prompt_is_told_with_a_way_out(stage: FakeStage, manner: str, prompt: str, told: str) -> None:
    with played(stage, repl(looping(manner), prompt=prompt, seconds=2.0)) as session:
        with pytest.raises(CannotBuildError) as error:
            session.gate()
        assert told in str(error.value)


@pytest.mark.parametrize("command", ["no-such-bot", "/bin/false", "/bin/echo hello"])
def test_no_loop_is_told(stage: FakeStage, command: str) -> None:
    with played(stage, repl(command, seconds=5.0)) as session, pytest.raises(CannotBuildError):
        session.gate()


def test_a_line_holds_no_line_ends_and_nothing_around_it() -> None:
    lacking = frozenset({"dashes"})
    assert not any(is_sayable(text, lacking) for text in ("a\nb", "a\rb", " a", "a\t", "a\x1bb", "a\u2028b"))
    assert all(is_sayable(text, lacking) for text in ("a b", "-a", "\u05e9", "{a}"))
    assert is_sayable(" a\n", frozenset({"lines"}))
    assert not is_sayable("--help", frozenset({"lines"}))


def test_what_a_loop_can(stage: FakeStage) -> None:
    with played(
        stage, repl(looping("input"), {"clear": "/clear", "quit": "/quit"}, prompt="> "), Policy()
    ) as session:
        session.gate()
        assert session.can == {"say", "cancel", "spoil", "dashes", "clear"}


def test_a_full_disk_is_so_for_what_the_loop_has_started(stage: FakeStage) -> None:
    command = f"sh -c 'STORED=1 {looping('input')}; true'"
    with played(stage, repl(command, prompt="> "), STORED) as session:
        play = session.play((Say(), Spoil(how=Spoilage.UNWRITABLE), Say()))
        assert "File too large" in play.steps[-1].printed
