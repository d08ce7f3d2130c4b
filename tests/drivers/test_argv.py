"""Clients that are commands: a process for each ask."""

from pathlib import Path

import pytest

from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.plan import (
    MARK,
    Again,
    Answer,
    Clear,
    Plan,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Together,
    Widen,
)
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.model.seen import Cancelled, Hung, Play, Printed, Raised
from chatproof.history.rules import RULES
from chatproof.history.rules.registry import Can
from chatproof.history.running.findings import found_in
from chatproof.history.running.trial import unclaimed
from chatproof.stage import FakeStage
from tests.drivers.programs.driven import STORED, argv, asking, played

FAILS = Say(answers=(Answer(name="http-400"),))
LINES = Say(
    text=f"  one\n{MARK}\x1b[31m 'two' $(pwd)\n", answers=(Answer(text=f"**{MARK}**\n- and\n  more"),)
)


def broken(play: Play, can: Can) -> set[str]:
    rules = [rule for rule in RULES if rule not in unclaimed(RULES, play.policy, can)]
    return {found.rule for found in found_in(play, rules)}


def endings(play: Play) -> list[type]:
    return [type(ask.ending) for step in play.steps for ask in step.asks]


@pytest.mark.parametrize("said", ["-- {text}", ""])
def test_a_right_command_breaks_nothing(stage: FakeStage, said: str) -> None:
    plan: Plan = (
        LINES,
        FAILS,
        Say(),
        Restart(killed=True),
        Together(first=Say(), second=Say()),
        Say(stop=0),
        Say(),
    )
    with played(stage, argv(asking("right", said=said)), STORED) as session:
        play = session.play(plan)
        assert [Printed, Raised, Printed, Printed, Printed, Cancelled, Printed] == endings(play)
        assert broken(play, session.can) == set()
        last = [one.text for one in play.steps[-1].exchanges[-1].messages]
        assert len(last) == 1 + 2 * 4 + 1


@pytest.mark.parametrize("how", [Spoilage.UNWRITABLE, Spoilage.BINARY])
def test_a_right_command_lives_without_its_files(stage: FakeStage, how: Spoilage) -> None:
    with played(stage, argv(asking("right")), STORED) as session:
        play = session.play((Say(), Spoil(how=how), Say(), Say()))
        assert endings(play) == [Printed] * 3
        assert "nothing was stored" in play.steps[2].printed or how is Spoilage.BINARY
        assert broken(play, session.can) == set()


@pytest.mark.parametrize(
    ("manner", "plan", "rule"),
    [
        ("loses-replies", (Say(), Say()), "accumulate.complete"),
        (
            "prints-half",
            (Say(answers=(Answer(text=f"one two {MARK} three four five"),)), Say()),
            "answer.returned",
        ),
        ("ends-well", (Say(), FAILS), "answer.failure-told"),
        ("is-silent", (Say(), FAILS), "answer.failure-told"),
    ],
)
def test_a_wrong_command_breaks_its_rule_alone(stage: FakeStage, manner: str, plan: Plan, rule: str) -> None:
    with played(stage, argv(asking(manner)), STORED) as session:
        assert broken(session.play(plan), session.can) == {rule}


def test_a_window_that_is_ignored_is_named(stage: FakeStage) -> None:
    policy = Policy(persistent=True, window=Messages(2))
    for manner, rules in (
        ("right", set[str]()),
        ("ignores-the-window", {"truncate.bound", "truncate.monotone"}),
    ):
        command = f"/usr/bin/env LIMIT={{window}} {asking(manner)}"
        with played(stage, argv(command), policy) as session:
            play = session.play((Say(), Say(), Say(), Widen(n=4), Say()))
            assert broken(play, session.can) <= rules
            assert bool(broken(play, session.can)) == bool(rules)


def test_what_it_can_besides_has_a_command_of_its_own(stage: FakeStage) -> None:
    ways = {"clear": asking("clear", said=""), "open": "/bin/sh -c 'test -d \"$1\"' sh {home}"}
    with played(stage, argv(asking("right"), ways), STORED) as session:
        play = session.play((Say(), Clear(), Say(), Again()))
        assert len(play.steps[2].exchanges[0].messages) == 2
        assert (
            play.steps[3].failure == "cannot: again: no command was given for it; --can again='…' names one"
        )
        assert {"clear", "cancel", "kill", "spoil", "together"} <= session.can
        assert not {"open", "again", "window", "conversation"} & session.can


def test_a_text_that_would_be_an_option_is_not_said(stage: FakeStage) -> None:
    assert "dashes" not in argv("bot {text}").can
    assert all("dashes" in argv(command).can for command in ("bot -- {text}", "bot --text={text}", "bot"))


def test_keys_and_escapes_in_what_it_says_are_masked(stage: FakeStage) -> None:
    with played(stage, argv(asking("right")), STORED) as session:
        (step,) = session.play((FAILS,)).steps
        ending = step.asks[0].ending
        assert isinstance(ending, Raised)
        assert ending.error.startswith("exit status 1: error: HTTP Error 400")
        assert not any(secret in f"{ending.error}{step.printed}" for secret in ("aaaa", "\x1b", "owned"))


@pytest.mark.parametrize(("manner", "ending"), [("hangs", Hung), ("floods", Raised)])
def test_a_command_that_does_not_end_is_ended(stage: FakeStage, manner: str, ending: type) -> None:
    with played(stage, argv(asking(manner), seconds=3.0), STORED) as session:
        assert endings(session.play((Say(),))) == [ending]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-bot {text}", "there is no program no-such-bot on the PATH"),
        ("/bin/false {text}", "raised exit status 1. Requests that came: none"),
        ("/bin/echo {text}", "Requests that came: none"),
        ("bot {window} {text}", "no window is declared"),
    ],
)
def test_no_client_is_told(stage: FakeStage, command: str, told: str) -> None:
    with played(stage, argv(command), STORED) as session, pytest.raises(CannotBuildError) as error:
        session.gate()
    assert told in str(error.value)


def test_what_it_has_started_ends_with_it(stage: FakeStage, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"sleep 1000 & echo $! >{pid}; exec {asking('right')}"
    driver = argv(f"/bin/sh -c '{script.replace('-- {text}', '')}'")
    with played(stage, driver, STORED) as session:
        assert endings(session.play((Say(),))) == [Printed]
    status = Path("/proc", pid.read_text().strip(), "stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] in "ZX"
