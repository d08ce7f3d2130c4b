"""The tour: it provokes every rule, with no more asks than it needs, and reaches what it says."""

from collections.abc import Iterator

import pytest
from syrupy.assertion import SnapshotAssertion

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import (
    Answer,
    Call,
    Fork,
    Load,
    Move,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Together,
    move_from_json,
    move_to_json,
)
from chatproof.history.model.policy import Messages, Policy, Rounds
from chatproof.history.rules import RULES, Can
from chatproof.history.running.tour import Leg, brief_tour, template, tour
from chatproof.history.running.tour.reached import reached
from tests.history.plays import Hand, file, user

ABLE: Can = frozenset(
    [
        "again",
        "cancel",
        "clear",
        "conversation",
        "fork",
        "handed",
        "kill",
        "load",
        "older",
        "restart",
        "spoil",
        "stream",
        "together",
        "lines",
        "dashes",
        "window",
    ]
)
ABLEST = Policy(
    window=Messages(10),
    cap=Messages(20),
    tools=5,
    persistent=True,
    many=True,
    tree=True,
    models=("one", "two"),
    sticky=True,
    timeout=1.0,
)
PLAIN = frozenset({"together", "lines", "dashes"})
POLICIES = (Policy(), Policy(timeout=1.0), Policy(window=Messages(0)), Policy(window=Rounds(3)), ABLEST)


def legs() -> Iterator[Leg]:
    for policy in POLICIES:
        for can in (frozenset[str](), ABLE):
            yield from tour(policy, can)


def moves(leg: Leg) -> Iterator[Move]:
    for move in leg.plan:
        yield from (move.first, move.second) if isinstance(move, Together) else (move,)


def test_every_rule_is_provoked_for_some_client() -> None:
    assert {rule for leg in legs() for rule in leg.provokes} == set(RULES)


def test_a_client_is_provoked_to_break_all_that_it_claims_and_nothing_else() -> None:
    for policy in (Policy(), Policy(window=Messages(10)), ABLEST):
        for can in (frozenset[str](), ABLE):
            claimed = {id_ for id_, rule in RULES.items() if not rule.unclaimed(policy, can)}
            provoked = {rule for leg in tour(policy, can) for rule in leg.provokes}
            assert provoked == claimed


def test_every_answer_is_given_and_an_ordinary_ask_follows() -> None:
    plans = [leg.plan for leg in tour(Policy(timeout=1.0), frozenset())]
    for name in ANSWERS:
        after = [
            plan[at + 1 : at + 2]
            for plan in plans
            for at, move in enumerate(plan)
            if isinstance(move, Say) and name in [answer.name for answer in move.answers]
        ]
        assert any(
            isinstance(move, Say) and move.answers == (Answer(),) for (move,) in filter(None, after)
        ), name


def test_what_a_client_cannot_do_is_not_asked_of_it() -> None:
    for leg in tour(ABLEST, frozenset()):
        assert not any(isinstance(move, Fork | Load | Restart | Spoil) for move in leg.plan)
        assert not any(
            isinstance(move, Say) and (move.streamed or move.stop is not None) for move in moves(leg)
        )
        assert all(move.to == "a" for move in moves(leg) if isinstance(move, Say))


def test_names_are_names_and_plans_are_plain_data() -> None:
    for policy in POLICIES:
        found = tour(policy, ABLE)
        assert len({leg.name for leg in found}) == len(found)
        for leg in found:
            assert tuple(move_from_json(move_to_json(move)) for move in leg.plan) == leg.plan


@pytest.mark.parametrize("policy", [Policy(), ABLEST], ids=["plain", "ablest"])
def test_what_the_tour_costs(policy: Policy, snapshot: SnapshotAssertion) -> None:
    found = tour(policy, ABLE if policy is ABLEST else PLAIN)
    sizes = {leg.name: leg.asks for leg in found}
    assert {"all": sum(sizes.values()), **sizes} == snapshot


def test_templates_are_short_and_say_what_the_leg_says() -> None:
    for leg in legs():
        for rule in leg.provokes:
            for plan in template(rule, leg):
                assert len(plan) < len(leg.plan)
                assert len(plan) <= 4
                assert all(move in leg.plan or isinstance(move, Say) for move in plan)


def test_a_template_for_an_answer_gives_that_answer() -> None:
    leg = next(leg for leg in tour(Policy(), frozenset()) if leg.name == "bodies")
    fault = Say(answers=(Answer(name="refusal"),))
    assert template("record.refusal", leg)[2:] == (
        (fault, Say()),
        (Say(), fault, Say()),
        (Say(), Say(), fault, Say()),
    )
    assert template("record.refusal", None) == ()


def test_the_move_at_which_it_was_seen_comes_first() -> None:
    leg = next(leg for leg in tour(Policy(), frozenset()) if leg.name == "long")
    assert template("accumulate.verbatim", leg, 5)[2][0] == leg.plan[5]


def test_calls_are_made_where_tools_are_declared_alone() -> None:
    called = [
        leg.name
        for leg in tour(Policy(), ABLE)
        for move in moves(leg)
        if isinstance(move, Say) and any(answer.calls for answer in move.answers)
    ]
    assert called == []
    arguments = {
        call.arguments
        for leg in tour(ABLEST, ABLE)
        for move in moves(leg)
        if isinstance(move, Say)
        for answer in move.answers
        for call in answer.calls
    }
    assert {"", "{", Call().arguments} <= arguments


def test_an_answer_that_was_not_given_is_not_reached() -> None:
    leg = next(leg for leg in tour(Policy(), frozenset()) if leg.name == "streams")
    plain, cut = Hand(), Hand()
    for number in range(len(leg.plan)):
        plain.says(f"{number}", plain.sends(user(f"{number}")))
        cut.says(f"{number}", cut.sends(user(f"{number}"), answer=Answer(name="stream-cut"), streamed=True))
    assert leg.reached_by(plain.play) == set()
    assert leg.reached_by(cut.play) >= {"record.stream-cut", "record.recovers"}
    assert "record.stream-error" not in leg.reached_by(cut.play)


def test_a_window_that_was_not_outgrown_is_not_reached() -> None:
    for rounds, is_reached in ((3, False), (5, True)):
        hand = Hand(window=Rounds(3))
        for number in range(rounds):
            hand.says(f"{number}", hand.sends(user(f"{number}")))
        assert reached("truncate.bound", hand.play) is is_reached


def test_where_everything_is_refused_nothing_that_is_remembered_is_reached() -> None:
    hand = Hand(window=Rounds(3))
    for number in range(9):
        hand.says(f"{number}", hand.sends(user(f"{number}"), answer=Answer(name="http-400")), back=None)
    about_failures = {rule for rule in RULES if rule.partition(".")[0] in ("record", "answer")}
    assert {rule for rule in RULES if reached(rule, hand.play)} <= about_failures


def test_what_nobody_sent_is_not_reached() -> None:
    hand = Hand().says("one", back="cached").says("two", back="cached")
    silent = {"record.timeout", *(id_ for id_ in RULES if reached(id_, hand.play))}
    assert silent == {"record.timeout"}


def test_a_store_that_was_not_there_was_not_spoiled() -> None:
    for files, is_reached in (({}, False), ({"h.json": file("1")}, True)):
        hand = Hand(persistent=True)
        hand.says("one", hand.sends(user("one")), files=files).does(Spoil(how=Spoilage.EMPTY))
        hand.says("two", hand.sends(user("two")))
        assert reached("persist.corrupt", hand.play) is is_reached


def test_a_brief_tour_provokes_what_the_whole_one_does() -> None:

    for policy in POLICIES:
        for can in (PLAIN, PLAIN | {"sse"}, ABLE, ABLE | {"sse"}):
            whole, brief = tour(policy, can), brief_tour(policy, can)
            assert {rule for leg in brief for rule in leg.provokes} == {
                rule for leg in whole for rule in leg.provokes
            }
            assert len({leg.name for leg in brief}) == len(brief)
            assert sum(leg.asks for leg in brief) < sum(leg.asks for leg in whole)
    names = {
        answer.name
        for leg in brief_tour(ABLEST, ABLE | {"sse"})
        for move in leg.plan
        if isinstance(move, Say)
        for answer in move.answers
    }
    assert names >= {kind.name for kind in ANSWERS.values() if kind.rule} - {
        "tool-call-only",
        "stream-tool-call-only",
    }
