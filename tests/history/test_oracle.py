"""The oracle, against an independent and naive statement of the same rules: one rule, one property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history import Answer, AnswerKind, Log, Message, Messages, Policy, Round, expected_messages
from chatproof.history.model.oracle import RECORDING

SYSTEM = "Be brief."

answers = st.builds(Answer, text=st.text(min_size=1, max_size=3)) | st.just(
    Answer(kind=AnswerKind.EMPTY_CHOICES)
)
logs = st.lists(st.builds(Round, said=st.text(max_size=3), answer=answers), max_size=8).map(tuple)
windows = st.integers(0, 20).map(Messages)
policies = st.builds(Policy, window=st.none() | windows, system=st.sampled_from(["kept", "none"]))


def naive(log: Log, policy: Policy, new: str) -> list[Message]:
    """Written from the rules' sentences: take rounds from the newest back while they fit."""
    room = policy.window.n if policy.window else 10**9
    newest_first: list[Message] = []
    for past in reversed(log):
        if past.answer.kind == AnswerKind.EMPTY_CHOICES:
            continue
        if room < 2:
            break
        newest_first += [
            Message(role="assistant", text=past.answer.text),
            Message(role="user", text=past.said),
        ]
        room -= 2
    system = [Message(role="system", text=SYSTEM)] if policy.system == "kept" else []
    return system + newest_first[::-1] + [Message(role="user", text=new)]


def history(log: Log, policy: Policy) -> list[Message]:
    """What stands between the system prompt and the new message."""
    sent = expected_messages(log, policy, SYSTEM, "new")
    return list(sent[policy.system == "kept" : -1])


@given(logs, policies, st.text(max_size=3))
def test_oracle_agrees_with_the_naive_statement(log: Log, policy: Policy, new: str) -> None:
    assert list(expected_messages(log, policy, SYSTEM, new)) == naive(log, policy, new)


@given(logs, policies)
def test_oracle_ends_with_the_new_message(log: Log, policy: Policy) -> None:
    assert expected_messages(log, policy, SYSTEM, "new")[-1] == Message(role="user", text="new")


@given(logs, windows)
def test_oracle_stays_within_the_window(log: Log, window: Messages) -> None:
    assert len(history(log, Policy(window=window))) <= window.n


@given(logs, windows)
def test_oracle_wastes_no_whole_round_of_the_window(log: Log, window: Messages) -> None:
    everything = history(log, Policy())
    assert len(history(log, Policy(window=window))) == min(window.n - window.n % 2, len(everything))


@given(logs, windows)
def test_oracle_keeps_the_most_recent_part(log: Log, window: Messages) -> None:
    kept, everything = history(log, Policy(window=window)), history(log, Policy())
    assert kept == everything[len(everything) - len(kept) :]


@given(logs, policies)
def test_oracle_alternates_from_a_user_message_on(log: Log, policy: Policy) -> None:
    roles = [message.role for message in history(log, policy)]
    assert roles == ["user", "assistant"] * (len(roles) // 2)


@given(logs, policies)
def test_oracle_puts_the_system_prompt_first_whatever_the_window_cuts(log: Log, policy: Policy) -> None:
    sent = expected_messages(log, policy, SYSTEM, "new")
    assert [m.role == "system" for m in sent].count(True) == (policy.system == "kept")
    assert (sent[0] == Message(role="system", text=SYSTEM)) == (policy.system == "kept")


@given(logs, policies, st.integers(0, 8))
def test_oracle_forgets_a_round_without_choices(log: Log, policy: Policy, at: int) -> None:
    failed = Round(said="lost", answer=Answer(kind=AnswerKind.EMPTY_CHOICES))
    assert history((*log[:at], failed, *log[at:]), policy) == history(log, policy)


@given(logs, st.integers(0, 20), st.integers(0, 20))
def test_oracle_sends_more_for_a_wider_window(log: Log, narrow: int, more: int) -> None:
    less = history(log, Policy(window=Messages(narrow)))
    wide = history(log, Policy(window=Messages(narrow + more)))
    assert wide[len(wide) - len(less) :] == less


def test_oracle_sends_no_history_through_a_window_of_nothing() -> None:
    log = (Round(said="hi", answer=Answer(text="Hello.")),)
    assert [m.role for m in expected_messages(log, Policy(window=Messages(0)), SYSTEM, "new")] == [
        "system",
        "user",
    ]


def test_recording_says_what_becomes_of_every_answer() -> None:
    assert set(RECORDING) == set(AnswerKind)


@pytest.mark.parametrize("n", [-1, -10])
def test_window_cannot_be_negative(n: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Messages(n)


def test_policy_refuses_an_unknown_word_for_the_system_prompt() -> None:
    with pytest.raises(ValueError, match="'kept' or 'none'"):
        Policy(system="dropped")  # type: ignore[arg-type]  # what a caller without a type checker writes
