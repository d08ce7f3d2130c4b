"""Of messages that are equal each is taken for the one whose place it has."""

from hypothesis import given
from hypothesis import strategies as st

from chatproof.history.model.deviation import Cause, Difference, Expectation, Presence, Slot, explain
from chatproof.history.model.message import Message

TEXTS = ("amber", "birch", "cedar")


def slot(text: str, presence: Presence = Presence.MUST, *, number: int = 0) -> Slot:
    return Slot(message=Message(role="user", text=text), cause=Cause.KEPT, presence=presence, round=number)


def kinds(slots: list[Slot], sent: list[str]) -> list[Difference]:
    messages = [Message(role="user", text=text) for text in sent]
    return [one.kind for one in explain(Expectation(slots=tuple(slots)), messages).deviations]


@given(st.lists(st.sampled_from(TEXTS), max_size=12))
def test_the_same_again_and_again_is_in_order(texts: list[str]) -> None:
    assert kinds([slot(text, number=number) for number, text in enumerate(texts)], texts) == []


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12), st.data())
def test_one_that_is_not_there_is_missing_and_none_is_moved(texts: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(texts) - 1))
    slots = [slot(text, number=number) for number, text in enumerate(texts)]
    assert kinds(slots, texts[:gone] + texts[gone + 1 :]) == [Difference.MISSING]


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12), st.data())
def test_one_that_is_there_once_more_is_twice_and_none_is_moved(
    texts: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(texts) - 1))
    slots = [slot(text, number=number) for number, text in enumerate(texts)]
    assert kinds(slots, [*texts[:at], texts[at], *texts[at:]]) == [Difference.TWICE]


def test_what_must_be_there_is_taken_before_what_may() -> None:
    slots = [slot("amber"), slot("birch", number=1), slot("amber", Presence.MAY, number=2)]
    assert kinds(slots, ["amber", "birch"]) == []
    assert kinds(slots, ["amber", "birch", "amber"]) == []
    assert kinds(slots[::2], ["amber"]) == []
