"""What a window cuts away, and what it must not."""

from collections.abc import Iterator

from chatproof.findings.finding import Level
from chatproof.history.model.messages import spoken
from chatproof.history.model.play import ClientViolation, Play
from chatproof.history.model.registry import needs_system, needs_window, rule
from chatproof.history.model.talks import outgrowing_talks

__all__: list[str] = []


@rule(
    "truncate.bound",
    Level.MUST,
    talks=outgrowing_talks,
    unclaimed=needs_window,
    breaks="Requests grow past what was promised: each turn costs more, until the endpoint refuses the prompt.",
    reference="Backend.AI: the most recent K messages before the new user content; llama_index #21950",
)
def bound(play: Play) -> Iterator[ClientViolation]:
    """A request never carries more history than the declared window."""
    if (window := play.policy.window) is None:
        return
    for at, number, sent in play.requests():
        history = len(spoken(sent)) - 1  # the new user message is outside the window
        if history > window.n:
            yield ClientViolation(
                message=f"The request carries {history} messages of history; the window allows {window.n}.",
                ask=at,
                request=number,
            )


@rule(
    "truncate.system-kept",
    Level.MUST,
    talks=outgrowing_talks,
    unclaimed=needs_system,
    breaks="After some turns the assistant forgets who it is, and every instruction and safeguard with it.",
    reference="semantic-kernel #12612, dataline #280, koog #706: the system message lost when history is cut",
)
def system_kept(play: Play) -> Iterator[ClientViolation]:
    """Truncation never drops the system prompt when it was declared as kept."""
    for at, number, sent in play.requests():
        if all(message.role != "system" or message.text != play.system_prompt for message in sent):
            yield ClientViolation(message="The system prompt is not in the request.", ask=at, request=number)
