"""The conversations that are played: each fits its rule, and thirty of them meet every trap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history import RULES, AnswerKind, Log, Messages, Policy, Search
from chatproof.history.model.oracle import recorded_messages
from chatproof.history.model.play import Play
from chatproof.history.model.talks import failing_talks, nasty_talks, outgrowing_talks, recorded_talks
from chatproof.history.model.texts import NASTY, PLAIN
from chatproof.history.running.search import find_violation

policies = st.builds(Policy, window=st.integers(2, 30).map(Messages))


class _Listener:
    """Takes the place of a bench: hears the conversations and says that all went well."""

    policy = Policy()

    def __init__(self) -> None:
        self.logs: list[Log] = []

    def play(self, log: Log) -> Play:
        self.logs.append(log)
        return Play(policy=self.policy, system_prompt="", asks=())


def test_thirty_conversations_meet_every_trap() -> None:
    bench = _Listener()
    find_violation(RULES["accumulate.verbatim"], bench, Search(examples=30))
    said = [part.said for log in bench.logs for part in log]
    assert [trap for trap in NASTY if not any(trap in text for text in said)] == []


@given(st.data(), policies)
def test_recorded_talks_fit_in_the_window(data: st.DataObject, policy: Policy) -> None:
    *before, _ = data.draw(recorded_talks(policy))
    history = recorded_messages(tuple(before))
    assert policy.window is not None
    assert policy.window.keep(history) == history != ()


@given(st.data())
def test_failing_talks_fail_and_end_well(data: st.DataObject) -> None:
    *before, last = data.draw(failing_talks(AnswerKind.EMPTY_CHOICES)(Policy()))
    assert any(not part.answer.is_ordinary for part in before)
    assert last.answer.is_ordinary
    assert len({part.said for part in (*before, last)}) == len(before) + 1


@given(st.data(), policies)
def test_outgrowing_talks_stay_near_the_window(data: st.DataObject, policy: Policy) -> None:
    assert policy.window is not None
    assert 1 <= len(data.draw(outgrowing_talks(policy))) <= policy.window.rounds + 5


@given(st.data())
def test_nothing_nasty_is_blank(data: st.DataObject) -> None:
    assert all(part.said.strip() for part in data.draw(nasty_talks(Policy())))


@pytest.mark.parametrize("texts", [PLAIN, NASTY])
def test_texts_differ_and_are_utf8_without_nul(texts: tuple[str, ...]) -> None:
    assert len(set(texts)) == len(texts)
    assert "\0" not in "".join(texts)
    "".join(texts).encode()
