"""Each check, on a play that keeps its rule and on the same play with one thing wrong."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import (
    Again,
    Answer,
    Call,
    Clear,
    Fork,
    Load,
    Move,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.policy import UNKNOWN, Messages, Rounds, Tokens
from chatproof.history.model.seen import Ask, Cancelled, Hung, Raised, Returned
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import owner
from tests.history.plays import Hand, file, message, reply, user

FAILED = Answer(name="http-500", text="")
CALLED = Answer(text="", calls=(Call(id="call_1", arguments="{}"),))
RAISED = Raised(error="HTTPError: 500")


def two(*, back: str | None = "fine", **changes: Any) -> Hand:
    """Two rounds; `changes` go into what the second request carries of the first."""
    hand = Hand()
    hand.says("one", hand.sends(user("one")))
    first = [user("one", **changes.get("first", {})), reply("fine", **changes.get("reply", {}))]
    return hand.says("two", hand.sends(*first, user("two"), **changes.get("body", {})), back=back)


# -- answer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back", "message_"),
    [
        ("fine", ""),
        ("fine ", "What came back is not the reply that the endpoint gave."),
        ("", "What came back is not the reply that the endpoint gave."),
        ("So: fine", "What came back is more than the reply that the endpoint gave."),
        (None, "The endpoint answered, and the client gave no reply back."),
    ],
)
def test_what_came_is_given_back(back: str | None, message_: str) -> None:
    assert [one.message for one in two(back=back).breaches("answer.returned")] == [message_] * bool(message_)


def test_an_ask_without_a_request_is_not_answered() -> None:
    assert [one.message for one in two().says("three", back="fine").breaches("answer.returned")] == [
        "The client sent no request."
    ]


def test_text_beside_calls_may_come_back_with_the_reply() -> None:
    hand = Hand(tools=3)
    asked = hand.sends(user("one"), answer=Answer(text="Let me see.", calls=CALLED.calls))
    function = {"name": "look_up", "arguments": "{}"}
    called = reply("Let me see.", tool_calls=[{"id": "call_1", "type": "function", "function": function}])
    result = message("tool", "it is so", tool_call_id="call_1")
    hand.says("one", asked, hand.sends(user("one"), called, result), back="Let me see. fine")
    assert not hand.breaches("answer.returned")


@pytest.mark.parametrize(
    ("ending", "is_told"),
    [
        (RAISED, True),
        (Returned(text=None), True),
        (Returned(text=None, shown="Failure(500)"), True),
        (Returned(text=""), False),
        (Returned(text="Sorry!"), False),
    ],
)
def test_a_failure_is_told(ending: Returned | Raised, *, is_told: bool) -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=ending)
    assert bool(hand.breaches("answer.failure-told")) is not is_told


def test_what_is_declared_as_kept_is_no_failure() -> None:
    hand = Hand(fates={"stream-cut": "keep-arrived"})
    cut = Answer(name="stream-cut", text="half a reply")
    hand.says("one", hand.sends(user("one"), answer=cut, arrived="half", streamed=True), back="half")
    assert not hand.breaches("answer.failure-told")


@pytest.mark.parametrize(("text", "is_told"), [("half", True), ("Sorry!", False), ("", False)])
def test_what_is_unknown_may_be_what_arrived(text: str, *, is_told: bool) -> None:
    hand = Hand(fates={"stream-cut": "unknown"})
    cut = Answer(name="stream-cut", text="half a reply")
    hand.says("one", hand.sends(user("one"), answer=cut, arrived="half", streamed=True), back=text)
    assert bool(hand.breaches("answer.failure-told")) is not is_told


# -- record ---------------------------------------------------------------------------------------------------------


def after_failure(ending: Returned | Raised, *, asked: bool = True) -> Hand:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=RAISED)
    return hand.says("two", *([hand.sends(user("two"))] if asked else []), ending=ending)


def test_a_client_that_is_locked_out_does_not_recover() -> None:
    assert not after_failure(Returned(text="fine")).breaches("record.recovers")
    locked = after_failure(Raised(error="RuntimeError: blocked"), asked=False)
    assert [one.step for one in locked.breaches("record.recovers")] == [1]
    assert not locked.breaches("answer.returned")


def test_a_client_that_stays_locked_out_does_not_break_another_rule() -> None:
    locked = after_failure(RAISED, asked=False).says("three", ending=RAISED)
    assert len(locked.breaches("record.recovers")) == 2
    assert not locked.breaches("answer.returned")


@pytest.mark.parametrize(
    ("policy", "requests", "seconds", "is_bounded"),
    [
        ({}, 5, 1.0, True),
        ({}, 6, 1.0, False),
        ({}, 1, 31.0, False),
        ({"retries": 0}, 1, 1.0, True),
        ({"retries": 0}, 2, 1.0, False),
        ({"retries": 9}, 10, 1.0, True),
    ],
)
def test_retries_are_bounded(
    policy: dict[str, Any], requests: int, seconds: float, *, is_bounded: bool
) -> None:
    hand = Hand(**policy)
    tries = [hand.sends(user("one"), answer=FAILED) for _ in range(requests)]
    hand.says("one", *tries, ending=RAISED, seconds=seconds)
    assert bool(hand.breaches("record.retries-bounded")) is not is_bounded


def test_each_model_may_be_tried_as_often() -> None:
    hand = Hand(models=("one", "two"))
    tries = [hand.sends(user("one"), answer=FAILED, model=name) for name in ("one", "two") * 5]
    assert not hand.says("one", *tries, ending=RAISED).breaches("record.retries-bounded")


def test_a_failed_turn_that_hangs_costs_too_much_time() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=Hung(seconds=20), seconds=20)
    assert hand.breaches("record.retries-bounded")


# -- what a request looks like --------------------------------------------------------------------------------------

KEEPING = (
    "accumulate.request-valid",
    "accumulate.prefix-stable",
    "accumulate.private",
    "accumulate.stateless",
)


@pytest.mark.parametrize("rule", KEEPING)
def test_a_plain_conversation_keeps_them(rule: str) -> None:
    assert not two().breaches(rule)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("accumulate.request-valid", {"reply": {"refusal": None}}),
        ("accumulate.request-valid", {"reply": {"annotations": []}}),
        ("accumulate.request-valid", {"reply": {"reasoning_content": "hm"}}),
        ("accumulate.request-valid", {"reply": {"tool_calls": []}}),
        ("accumulate.request-valid", {"body": {"temperature": 9}}),
        ("accumulate.private", {"reply": {"timestamp": 1}}),
        ("accumulate.private", {"first": {"id": "m1"}}),
        ("accumulate.private", {"reply": {"provider_specific_fields": {}}}),
        ("accumulate.private", {"body": {"conversation_id": "c1"}}),
        ("accumulate.stateless", {"body": {"previous_response_id": "r1"}}),
        ("accumulate.prefix-stable", {"first": {"content": [{"type": "text", "text": "one"}]}}),
        ("accumulate.prefix-stable", {"first": {"name": "ann"}}),
    ],
)
def test_one_thing_in_a_request_breaks_one_rule(rule: str, changes: dict[str, Any]) -> None:
    hand = two(**changes)
    also = {"accumulate.prefix-stable"} if "first" in changes else set[str]()
    assert {one for one in KEEPING if hand.breaches(one)} - also == {rule} - also
    assert len(hand.breaches(rule)) == 1


def test_what_a_server_documents_is_no_bookkeeping() -> None:
    assert not two(first={"name": "ann", "cache_control": {"type": "ephemeral"}}).breaches(
        "accumulate.private"
    )


def test_a_clock_in_the_system_prompt_breaks_the_prefix() -> None:
    hand = Hand()
    first = hand.sends(user("one"))
    second = hand.sends(user("one"), reply("fine"), user("two"))
    late = second.body.replace(b"Be brief.", b"Be brief. It is 9.")
    hand.says("one", first).says(
        "two", type(second)(number=2, route="chat", body=late, answer=Answer(text="fine"))
    )
    assert len(hand.breaches("accumulate.prefix-stable")) == 1


def _called(number: int, result: str) -> list[dict[str, Any]]:
    function = {"name": "look_up", "arguments": "{}"}
    call = {"id": f"call_{number}", "type": "function", "function": function}
    return [reply(None, tool_calls=[call]), message("tool", result, tool_call_id=f"call_{number}")]


@pytest.mark.parametrize(
    ("declares", "later", "next_round", "is_kept"),
    [
        (True, "found", "[cleared]", True),
        (True, "found", "found", True),
        (True, "[cleared]", "[cleared]", False),  # while the round that it is for is under way
        (False, "found", "[cleared]", False),
        (False, "found", "found", True),
    ],
)
def test_old_results_are_cleared_where_that_is_declared(
    later: str, next_round: str, *, declares: bool, is_kept: bool
) -> None:
    hand = Hand(tools=3, clears_results=declares)
    answers = [Answer(text="", calls=(Call(id=f"call_{number}", arguments="{}"),)) for number in (1, 2)]
    hand.says(
        "one",
        hand.sends(user("one"), answer=answers[0]),
        hand.sends(user("one"), *_called(1, "found"), answer=answers[1]),
        hand.sends(user("one"), *_called(1, later), *_called(2, "found")),
    )
    old = [*_called(1, next_round), *_called(2, next_round)]
    hand.says("two", hand.sends(user("one"), *old, reply("fine"), user("two")))
    assert bool(hand.breaches("accumulate.prefix-stable")) is not is_kept


def test_a_failed_round_that_is_gone_is_no_other_prefix() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=RAISED)
    hand.says("two", hand.sends(user("two")))
    assert not hand.breaches("accumulate.prefix-stable")


def test_what_has_a_deviation_has_a_rule_already() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=Answer(name="null-content", text="")), ending=RAISED)
    for said in ("two", "three"):
        hand.says(said, hand.sends(user("one"), reply(None), user(said)))
    assert not hand.breaches("accumulate.request-valid")


@pytest.mark.parametrize("headers", [{"cookie": "chatproof-stage=seen"}, {"x-session-id": "s1"}])
def test_a_cookie_counts_where_nothing_else_carries_the_conversation(headers: dict[str, str]) -> None:
    whole, bare = Hand(), Hand()
    for hand, history in ((whole, [user("one"), reply("fine")]), (bare, [])):
        hand.says("one", hand.sends(user("one")))
        hand.says("two", hand.sends(*history, user("two"), headers=headers))
    assert not whole.breaches("accumulate.stateless")
    assert len(bare.breaches("accumulate.stateless")) == 1


def test_a_list_that_was_handed_in_stays_as_it_is() -> None:
    hand = Hand()
    hand.does(Load(), loaded=("one", "fine")).says("two", hand.sends(user("one"), reply("fine"), user("two")))
    assert not hand.breaches("accumulate.caller-untouched")
    assert hand.says("three", altered="it had 2 messages, it has 4").breaches("accumulate.caller-untouched")


# -- truncate -------------------------------------------------------------------------------------------------------


def test_a_history_that_is_cut_in_a_round_does_not_begin_with_the_user() -> None:
    for window in (UNKNOWN, Tokens(100)):
        hand = Hand(window=window)
        hand.says("one", hand.sends(user("one")))
        hand.says("two", hand.sends(reply("fine"), user("two")))
        found = [owner(deviation) for one in follow(hand.play) for deviation in one.deviations]
        assert found == ["truncate.starts-with-user"]
        assert not RULES[found[0]].unclaimed(hand.policy, frozenset())


@pytest.mark.parametrize(("n", "is_kept"), [(300, False), (50, True)])
def test_more_tokens_send_no_less(n: int, *, is_kept: bool) -> None:
    hand = Hand(window=Tokens(200))
    hand.says("one", hand.sends(user("one"))).does(Widen(n=200))
    hand.says("two", hand.sends(user("one"), reply("fine"), user("two"))).does(Widen(n=n))
    hand.says("three", hand.sends(user("two"), reply("fine"), user("three")))
    assert bool(hand.breaches("truncate.monotone")) is not is_kept


@pytest.mark.parametrize(("grows", "is_kept"), [(0, True), (20_000, False)])
def test_files_stay_as_large_as_the_cap(grows: int, *, is_kept: bool) -> None:
    hand = Hand(cap=Messages(8), window=Messages(0), persistent=True)
    for number in range(10):
        size = 20_000 * min(number + 1, 4) + grows * max(number - 3, 0)
        files = {"h.json": file(f"{number}", size=size), "h.db-wal": file("w", size=90_000 * number)}
        hand.says("x" * 9_000, hand.sends(user("x" * 9_000)), files=files)
    assert bool(hand.breaches("truncate.unbounded-growth")) is not is_kept


# -- tools ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tools", "requests", "is_kept"), [(3, 4, True), (3, 5, False), (UNKNOWN, 90, True)])
def test_rounds_with_tools_end(tools: Any, requests: int, *, is_kept: bool) -> None:
    hand = Hand(tools=tools)
    hand.says("one", *(hand.sends(user("one"), answer=CALLED) for _ in range(requests)), ending=RAISED)
    assert bool(hand.breaches("tools.bounded")) is not is_kept


def test_rounds_with_tools_that_hang_do_not_end() -> None:
    hand = Hand(tools=UNKNOWN)
    hand.says("one", hand.sends(user("one"), answer=CALLED), ending=Hung(seconds=20))
    assert hand.breaches("tools.bounded")


@pytest.mark.parametrize(("arguments", "is_kept"), [("{}", True), ("", False)])
def test_arguments_are_never_empty(arguments: str, *, is_kept: bool) -> None:
    hand = Hand(tools=3)
    empty = Answer(text="", calls=(Call(id="call_1", arguments=""),))
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "found"}
    asked = hand.sends(user("one"), answer=empty)
    hand.says("one", asked, hand.sends(user("one"), reply(None, tool_calls=[call]), result))
    assert bool(hand.breaches("tools.arguments-string")) is not is_kept
    assert not [deviation for one in follow(hand.play) for deviation in one.deviations]


# -- persist --------------------------------------------------------------------------------------------------------

OPENED: dict[str, Callable[[], Any]] = {
    "persist.round-trip": Restart,
    "persist.atomic": lambda: Restart(killed=True),
    "persist.corrupt": lambda: Spoil(how=Spoilage.BINARY),
    "persist.read-only": lambda: Spoil(how=Spoilage.UNWRITABLE),
    "persist.migrates": lambda: Spoil(how=Spoilage.OLDER),
}


@pytest.mark.parametrize("rule", OPENED)
def test_a_client_goes_on_with_its_files(rule: str) -> None:
    for ending, is_kept in ((Returned(text="fine"), True), (RAISED, False)):
        hand = Hand(persistent=True)
        hand.says("one", hand.sends(user("one"))).does(OPENED[rule]())
        hand.says("two", hand.sends(user("one"), reply("fine"), user("two")), ending=ending)
        broken = [id_ for id_ in (*OPENED, "answer.returned", "record.recovers") if hand.breaches(id_)]
        assert broken == [rule] * (not is_kept)


@pytest.mark.parametrize("rule", OPENED)
def test_a_client_starts_on_its_files(rule: str) -> None:
    for failure, is_kept in (("", True), ("the factory raised ValueError", False), ("cannot: restart", True)):
        hand = Hand(persistent=True)
        hand.says("one", hand.sends(user("one"))).does(OPENED[rule](), failure=failure)
        assert bool(hand.breaches(rule)) is not is_kept


def test_a_client_that_was_killed_in_a_write_starts_on_its_files() -> None:
    for failure, is_kept in (("", True), ("the factory raised ValueError", False)):
        hand = Hand(persistent=True)
        hand.says("one", hand.sends(user("one")))
        killed = Raised(error="the client ended the process with status -25 (SIGXFSZ)")
        hand.says(
            "two",
            hand.sends(user("one"), reply("fine"), user("two")),
            ending=killed,
            move=Tear(),
            failure=failure,
        )
        broken = [
            id_ for id_ in ("persist.atomic", "answer.returned", "record.recovers") if hand.breaches(id_)
        ]
        assert broken == ["persist.atomic"] * (not is_kept)


@pytest.mark.parametrize(
    ("how", "printed", "heard", "is_kept"),
    [
        (Spoilage.BINARY, "", True, False),
        (Spoilage.SCHEMA, "", True, False),
        (Spoilage.TRUNCATED, "", True, False),
        (Spoilage.EMPTY, "", True, True),  # an empty file may be taken for an empty store
        (Spoilage.BINARY, "it was set aside", True, True),
        (Spoilage.BINARY, "", False, True),
    ],
)
def test_who_loses_what_cannot_be_read_says_so(
    how: Spoilage, printed: str, *, heard: bool, is_kept: bool
) -> None:
    hand = Hand(persistent=True).heard(heard)
    hand.says("one", hand.sends(user("one"))).says("two", hand.sends(user("one"), reply("fine"), user("two")))
    hand.does(Spoil(how=how), files={"h.json": file("1")})
    hand.says("three", hand.sends(user("three")), printed=printed)
    assert bool(hand.breaches("persist.corrupt")) is not is_kept


def test_who_stores_nothing_has_no_file_that_cannot_be_read() -> None:
    hand = Hand(persistent=True).heard(True)
    hand.says("one", hand.sends(user("one"))).says("two", hand.sends(user("one"), reply("fine"), user("two")))
    hand.does(Spoil(how=Spoilage.BINARY)).says("three", hand.sends(user("three")))
    assert not hand.breaches("persist.corrupt")


def test_who_loses_nothing_has_nothing_to_say() -> None:
    hand = Hand(persistent=True).heard(True)
    first = [user("one"), reply("fine")]
    hand.says("one", hand.sends(user("one"))).says(
        "two", hand.sends(*first, user("two"), answer="well"), back="well"
    )
    hand.does(Spoil(how=Spoilage.BINARY)).says(
        "three", hand.sends(*first, user("two"), reply("well"), user("three"))
    )
    assert not hand.breaches("persist.corrupt")


@pytest.mark.parametrize(
    ("before", "printed", "heard", "is_kept"),
    [
        ({"h.json": file("1")}, "", True, False),
        ({"h.json": file("1")}, "it cannot be written", True, True),
        ({"h.json": file("1")}, "", False, True),
        ({}, "", True, True),  # it stores later, or not at all
    ],
)
def test_who_cannot_store_what_is_said_says_so(
    before: dict[str, Any], printed: str, *, heard: bool, is_kept: bool
) -> None:
    hand = Hand(persistent=True).heard(heard)
    hand.says("one", hand.sends(user("one")), files=before).does(Spoil(how=Spoilage.UNWRITABLE), files=before)
    hand.says("two", hand.sends(user("one"), reply("fine"), user("two")), files=before, printed=printed)
    assert bool(hand.breaches("persist.read-only")) is not is_kept


def test_spoiled_bytes_are_somewhere() -> None:
    hand = Hand(persistent=True)
    hand.says("one", hand.sends(user("one"))).does(Spoil(how=Spoilage.BINARY))
    hand.says("two", hand.sends(user("two")), lost=("h.json",))
    assert [one.step for one in hand.breaches("persist.corrupt")] == [2]


def cleared(**files: str) -> Hand:
    hand = Hand(persistent=True, many=True)
    setup = {"settings.json": file("s")}
    hand.does(Load(new="z"), files=setup)
    hand.says("one", hand.sends(user("one")), files={**setup, "a.json": file("a")})
    both = {**setup, "a.json": file("a"), "b.json": file("b")}
    hand.says("two", hand.sends(user("two")), to="b", files=both)
    return hand.does(Clear(), files={name.replace("_", "."): file(digest) for name, digest in files.items()})


@pytest.mark.parametrize(
    ("files", "is_kept"),
    [
        ({"settings_json": "s", "b_json": "b"}, True),
        ({"settings_json": "s", "b_json": "b", "a_json": "empty"}, True),
        ({"settings_json": "s", "a_json": "a"}, False),
        ({"settings_json": "s2", "b_json": "b"}, False),
        ({"b_json": "b"}, False),
    ],
)
def test_clearing_leaves_other_files(files: dict[str, str], *, is_kept: bool) -> None:
    assert bool(cleared(**files).breaches("persist.clear")) is not is_kept


def test_clearing_leaves_what_another_program_has() -> None:
    foreign = {"other.ini": replace(file("x"), foreign=True)}
    for after, is_kept in ((foreign, True), ({}, False)):
        hand = Hand(persistent=True)
        hand.says("one", hand.sends(user("one")), files={**foreign, "a.json": file("a")})
        hand.does(Clear(), files=after)
        assert bool(hand.breaches("persist.clear")) is not is_kept


def test_one_file_may_hold_all_conversations() -> None:
    hand = Hand(persistent=True, many=True)
    hand.says("one", hand.sends(user("one")), to="b", files={"all.json": file("b")})
    assert not hand.does(Clear(), files={"all.json": file("c")}).breaches("persist.clear")


def test_what_a_branch_wrote_is_the_conversations_own() -> None:
    hand = Hand(persistent=True, tree=True).does(Fork(at=0, to="a", new="b"), files={"a.json": file("a")})
    assert not hand.does(Clear(), files={"a.json": file("b")}).breaches("persist.clear")


@pytest.mark.parametrize(
    ("stored", "is_kept"),
    [
        (file("1"), True),
        (file("1", mode=0o100644), False),
        (file("1", mode=0o100640), False),
        (file("1", mode=0o100644, size=0), True),
        (file("1", holds_key=True), False),
    ],
)
def test_a_transcript_is_private(stored: Any, *, is_kept: bool) -> None:
    hand = Hand(persistent=True)
    hand.says("one", hand.sends(user("one")), files={"h.json": stored})
    assert bool(hand.breaches("persist.private")) is not is_kept


TWICE = Together(first=Say(), second=Say())


def at_once(*, second: Returned | Raised, then: list[dict[str, Any]]) -> Hand:
    hand = Hand(persistent=True)
    asks = (Ask(to="a", said="one", ending=Returned(text="r1")), Ask(to="a", said="two", ending=second))
    hand.together(TWICE, asks, hand.sends(user("one"), answer="r1"), hand.sends(user("two"), answer="r2"))
    return hand.does(Restart()).says("three", hand.sends(*then, user("three")))


def test_rounds_that_were_recorded_at_once_are_both_there() -> None:
    one, both = [user("one"), reply("r1")], [user("one"), reply("r1"), user("two"), reply("r2")]
    assert not at_once(second=Returned(text="r2"), then=both).breaches("persist.concurrent")
    assert at_once(second=Returned(text="r2"), then=one).breaches("persist.concurrent")
    assert not at_once(second=Raised(error="busy"), then=one).breaches("persist.concurrent")


# -- isolate, fall back ---------------------------------------------------------------------------------------------


def test_two_asks_at_once_leave_turns() -> None:
    turns = [user("one"), reply("r1"), user("two"), reply("r2")]
    assert not at_once(second=Returned(text="r2"), then=turns).breaches("isolate.one-at-a-time")
    mixed = [user("one"), user("two"), reply("r1"), reply("r2")]
    assert len(at_once(second=Returned(text="r2"), then=mixed).breaches("isolate.one-at-a-time")) == 1


def test_a_request_with_both_questions_is_no_turn() -> None:
    hand = Hand()
    asks = tuple(Ask(to="a", said=said, ending=Returned(text="r")) for said in ("one", "two"))
    hand.together(TWICE, asks, hand.sends(user("one")), hand.sends(user("one"), user("two")))
    assert hand.breaches("isolate.one-at-a-time")


def test_two_conversations_are_both_answered() -> None:
    for ending, is_kept in ((Returned(text="fine"), True), (RAISED, False)):
        hand = Hand(many=True)
        asks = (
            Ask(to="a", said="one", ending=Returned(text="fine")),
            Ask(to="b", said="two", ending=ending),
        )
        both = Together(first=Say(), second=Say(to="b"))
        hand.together(both, asks, hand.sends(user("one")), hand.sends(user("two")))
        assert bool(hand.breaches("isolate.concurrent")) is not is_kept


@pytest.mark.parametrize(("model", "is_kept"), [("two", True), ("one", False)])
def test_the_model_that_answered_is_asked_first(model: str, *, is_kept: bool) -> None:
    hand = Hand(models=("one", "two"), sticky=True)
    failed = hand.sends(user("one"), answer=FAILED, model="one")
    hand.says("one", failed, hand.sends(user("one"), model="two"))
    hand.says("two", hand.sends(user("one"), reply("fine"), user("two"), model=model))
    assert bool(hand.breaches("fallback.sticky")) is not is_kept


@pytest.mark.parametrize(
    ("tool", "arguments", "tools", "is_kept"),
    [
        ("break_down", "{}", 3, False),
        ("break_down", "{", 3, True),
        ("break_down", "{}", 1, True),
        ("not_there", "{}", 3, True),
    ],
)
def test_a_round_goes_on_after_a_tool_that_raises(
    tool: str, arguments: str, tools: int, *, is_kept: bool
) -> None:
    hand = Hand(tools=tools)
    called = Answer(text="", calls=(Call(tool=tool, id="call_1", arguments=arguments),))
    hand.says("one", hand.sends(user("one"), answer=called), ending=RAISED)
    assert bool(hand.breaches("tools.failure-is-a-result")) is not is_kept


def test_there_may_be_nothing_to_ask_again() -> None:
    nothing = Raised(error="LookupError: nothing was said yet")
    hand = Hand()
    hand.says("", move=Again(), ending=nothing)
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=RAISED)
    hand.says("", move=Again(), ending=nothing)
    hand.says("two", hand.sends(user("two")))
    assert not hand.breaches("answer.returned") + hand.breaches("record.recovers")
    hand.says("", move=Again(), ending=nothing)
    assert len(hand.breaches("answer.returned")) == 1


def test_a_store_that_cannot_be_written_may_have_nothing_to_ask_again() -> None:
    hand = Hand(persistent=True).does(Spoil(how=Spoilage.UNWRITABLE))
    hand.says("one", hand.sends(user("one")))
    hand.says("", move=Again(), ending=Raised(error="LookupError"))
    assert not hand.breaches("persist.read-only") + hand.breaches("answer.returned")


def test_an_ask_that_gave_its_whole_reply_back_was_not_stopped() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one")), move=Say(stop=3), back="fine")
    hand.says("two", hand.sends(user("two")))
    assert [owner(one) for each in follow(hand.play) for one in each.deviations] == [
        "accumulate.complete"
    ] * 2


def test_what_was_stopped_is_not_judged_as_an_answer() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one")), ending=Cancelled(pieces=0), move=Say(stop=0))
    for rule in ("answer.returned", "answer.failure-told", "record.retries-bounded"):
        assert not hand.breaches(rule)


def test_no_check_says_anything_of_an_ordinary_conversation() -> None:
    hand = Hand(window=Rounds(1))
    hand.says("one", hand.sends(user("one")))
    hand.says("two", hand.sends(user("one"), reply("fine"), user("two")))
    hand.says("three", hand.sends(user("two"), reply("fine"), user("three")))
    assert message("user", "one") == user("one")
    assert {id_ for id_, rule in RULES.items() if rule.check and hand.breaches(id_)} == set()


def test_every_check_is_seen_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert {id_ for id_, rule in RULES.items() if rule.check and f'"{id_}"' not in source} == set()


def test_of_two_at_once_nobody_knows_which_model_answered_last() -> None:
    hand = Hand(models=("one", "two"), sticky=True)
    asks = tuple(Ask(to="a", said=said, ending=Returned(text="fine")) for said in ("one", "two"))
    failed = hand.sends(user("one"), answer=FAILED, model="one")
    hand.together(
        TWICE, asks, failed, hand.sends(user("one"), model="two"), hand.sends(user("two"), model="one")
    )
    hand.says("three", hand.sends(user("three"), model="two"))
    assert not hand.breaches("fallback.sticky")


@pytest.mark.parametrize(
    ("move", "is_kept"),
    [(Load(), True), (Clear(), True), (Restart(), True), (Widen(n=3), False)],
)
def test_who_begins_anew_may_ask_any_model_first(move: Move, *, is_kept: bool) -> None:
    hand = Hand(models=("one", "two"), sticky=True)
    failed = hand.sends(user("one"), answer=FAILED, model="one")
    hand.says("one", failed, hand.sends(user("one"), model="two")).does(move)
    hand.says("two", hand.sends(user("two"), model="one"))
    assert bool(hand.breaches("fallback.sticky")) is not is_kept


def test_the_model_that_answered_last_is_that_of_any_conversation() -> None:
    hand = Hand(models=("one", "two"), sticky=True, many=True)
    hand.says("one", hand.sends(user("one"), model="one"))
    failed = hand.sends(user("two"), answer=FAILED, model="one")
    hand.says("two", failed, hand.sends(user("two"), model="two"), to="b")
    hand.says("three", hand.sends(user("one"), reply("fine"), user("three"), model="two"))
    assert not hand.breaches("fallback.sticky")


def test_what_is_spoiled_is_set_aside_by_whoever_meets_it() -> None:
    for spoiled, is_kept in ((True, True), (False, False)):
        hand = Hand(persistent=True, many=True)
        hand.says("one", hand.sends(user("one")), files={"a.json": file("a")})
        hand.says("two", hand.sends(user("two")), to="b", files={"a.json": file("a"), "b.json": file("b")})
        if spoiled:
            half = {"a.json": file("a", size=9), "b.json": file("half")}
            hand.does(Spoil(how=Spoilage.TRUNCATED), files=half)
        hand.does(Clear(), files={"a.json": file("empty"), "b.json": file("none")})
        assert bool(hand.breaches("persist.clear")) is not is_kept


def test_rounds_that_a_spoiled_store_has_lost_were_not_lost_at_once() -> None:
    for how, is_kept in ((Spoilage.EMPTY, True), (None, False)):
        hand = Hand(persistent=True)
        asks = tuple(Ask(to="a", said=said, ending=Returned(text="fine")) for said in ("one", "two"))
        hand.together(TWICE, asks, hand.sends(user("one")), hand.sends(user("two")))
        if how is not None:
            hand.does(Spoil(how=how))
        hand.does(Restart()).says("three", hand.sends(user("three")))
        assert bool(hand.breaches("persist.concurrent")) is not is_kept
