"""What becomes of a round when the endpoint misbehaves."""

from collections.abc import Iterator

from chatproof.findings.finding import Level
from chatproof.history.model.log import AnswerKind
from chatproof.history.model.messages import missing, spoken
from chatproof.history.model.play import ClientViolation, Play
from chatproof.history.model.registry import rule
from chatproof.history.model.talks import failing_talks

__all__: list[str] = []


@rule(
    "record.empty-choices",
    Level.MUST,
    talks=failing_talks(AnswerKind.EMPTY_CHOICES),
    breaks="A failed round poisons the conversation: two user messages in a row, which many servers reject for good.",
    reference="200 with choices: []; Backend.AI drops the round, a list kept by hand (LoRAX) keeps the question",
)
def empty_choices(play: Play) -> Iterator[ClientViolation]:
    """A round whose answer has no choices leaves no trace, and the next round works."""
    yield from _traces(play)


def _traces(play: Play) -> Iterator[ClientViolation]:
    """Messages in later requests that no recorded round accounts for."""
    for at, number, sent in play.requests():
        if left := missing(spoken(sent), (*play.recorded(at), play.new(at))):
            what = "a message" if len(left) == 1 else f"{len(left)} messages"
            yield ClientViolation(
                message=f"The request carries {what} that should not be there.", ask=at, request=number
            )
