"""Messages without words: nothing tells one from another."""

import pytest

from chatproof.history.model.deviation import Cause, Difference
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer
from tests.history.plays import Hand, reply, user


@pytest.mark.parametrize(
    ("content", "kind"), [("", Difference.EXTRA), (None, Difference.MALFORMED), ([], Difference.MALFORMED)]
)
def test_a_second_message_without_words_is_no_copy_of_the_first(content: object, kind: Difference) -> None:
    """A round whose answer was none leaves an empty message, and the next one does: two faults, of two answers."""
    hand, nothing = Hand(fates={"null-content": "keep-user", "refusal": "keep-user"}), reply(content)
    hand.says("one", hand.sends(user("one"), answer=Answer(name="null-content")), back=None)
    hand.says("two", hand.sends(user("one"), nothing, user("two"), answer=Answer(name="refusal")), back=None)
    hand.says("three", hand.sends(user("one"), nothing, user("two"), nothing, user("three")))
    told = [
        (one.kind, one.cause, one.moment_answer) for judged in follow(hand.play) for one in judged.deviations
    ]
    assert told == [(kind, Cause.NEVER_SAID, "null-content"), (kind, Cause.NEVER_SAID, "refusal")]
