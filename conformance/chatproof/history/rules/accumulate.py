"""What was said and answered is sent again, whole and untouched."""

from collections.abc import Iterator

from chatproof.findings.finding import Level
from chatproof.history.model.messages import missing, spoken
from chatproof.history.model.play import ClientViolation, Play
from chatproof.history.model.policy import Policy
from chatproof.history.model.registry import rule
from chatproof.history.model.talks import nasty_talks, recorded_talks

__all__: list[str] = []


def _no_round_fits(policy: Policy) -> str:
    window = policy.window
    return f"no whole round fits in a {window}" if window is not None and not window.rounds else ""


@rule(
    "accumulate.complete",
    Level.MUST,
    talks=recorded_talks,
    unclaimed=_no_round_fits,
    breaks="The model has forgotten something that both sides said: it contradicts itself or asks again.",
    reference="the stateless pattern of LoRAX and OpenAI: the full array with each request; home-llm #384",
)
def complete(play: Play) -> Iterator[ClientViolation]:
    """Every recorded round is in the next request, user message before its reply."""
    for at, number, sent in play.requests():
        if lost := missing(spoken(play.expected(at)), spoken(sent)):
            yield ClientViolation(
                message=f"{_messages(len(lost))} that should be in the request {_are(len(lost))} not there.",
                ask=at,
                request=number,
            )


@rule(
    "accumulate.verbatim",
    Level.MUST,
    talks=nasty_talks,
    breaks="The model reads another text than the user wrote: code, JSON and foreign scripts arrive damaged.",
    reference="minillmlib 0.4.4 runs str.format over everything that was said and answered",
)
def verbatim(play: Play) -> Iterator[ClientViolation]:
    """Text is sent byte for byte, when it is new and when it is sent again."""
    for at, number, sent in play.requests():
        said = {ask.round.said for ask in play.asks[: at + 1]}
        texts = [message.text for message in sent if message.role == "user" and not message.odd]
        if texts[-1:] != [play.asks[at].round.said]:
            yield ClientViolation(
                message="The new user message is not the text that was said.", ask=at, request=number
            )
        elif not said.issuperset(texts):
            yield ClientViolation(
                message="An earlier user message is no text that was said.", ask=at, request=number
            )


def _messages(count: int) -> str:
    return "One message" if count == 1 else f"{count} messages"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
