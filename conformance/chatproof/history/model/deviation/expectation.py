"""What a request is to carry: a slot for each message that it must, may or must not."""

from dataclasses import dataclass

from chatproof.history.model.deviation.kinds import Cause, Moment, Presence
from chatproof.history.model.message import Message

__all__ = ["Expectation", "Slot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A message that a request carries, may carry, or must not. Slots stand in the order of the conversation.

    `also` are other forms of it that are taken. With `opens` any beginning of its text is it: what arrived of a reply
    that was cut. It is `excused` when it was once not as expected: then it may be there or not, and anywhere, and
    `copies` more of it. `decides`: where it is not there, it is not in the history. It was `left_out` of a request
    after such a moment, and may have been there all the same.
    """

    message: Message
    cause: Cause
    presence: Presence = Presence.MUST
    node: int | None = None
    round: int = -1
    answer: str = "text"
    confirmed: bool = False
    also: tuple[Message, ...] = ()
    opens: bool = False
    excused: bool = False
    copies: int = 0
    decides: bool = False
    left_out: tuple[Moment, str] | None = None

    def takes(self, sent: Message) -> bool:
        """Whether a message is this one, in one of its forms. A tool's result is its client's to word."""
        if sent == self.message or sent in self.also:
            return True
        if self.cause is Cause.RESULT:
            return sent.role == "tool" and sent.result_of == self.message.result_of and not sent.odd
        if self.cause is Cause.CALL and self.message.may_be(sent):
            return True
        return self.opens and self.is_beginning(sent)

    def is_beginning(self, sent: Message) -> bool:
        """Whether a message is the beginning of this one."""
        whole = self.message
        plain = not (sent.odd or sent.calls or sent.result_of)
        return plain and sent.role == whole.role and sent.text != "" and whole.text.startswith(sent.text)

    @property
    def in_history(self) -> bool:
        """Whether it is of a round before."""
        return self.cause not in (Cause.SYSTEM, Cause.NEW, Cause.NEVER_SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a request is to carry. `cut`: a window leaves something out, or may."""

    slots: tuple[Slot, ...]
    cut: bool = False

    @property
    def suffix(self) -> bool:
        """Whether it is open how much of the history is sent."""
        return any(slot.presence is Presence.SUFFIX and slot.in_history for slot in self.slots)
