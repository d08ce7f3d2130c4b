"""What a request is to carry: a slot for each message that it must, may or must not."""

from dataclasses import dataclass
from itertools import zip_longest

from chatproof.history.model.deviation.kinds import Cause, Presence
from chatproof.history.model.message import Message

__all__ = ["Expectation", "Slot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A message that a request carries, may carry, or must not. Slots stand in the order of the conversation.

    `also` are other forms of it that are taken. With `opens` any beginning of its text is it: what arrived of a reply
    that was cut. It is `excused` when it was once not as expected: then it may be there or not, and anywhere, and
    `copies` more of it. `decides`: where it is not there, it is not in the history.
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

    def takes(self, sent: Message) -> bool:
        """Whether a message is this one, in one of its forms. A tool's result is its client's to word."""
        if sent == self.message or sent in self.also:
            return True
        if self.cause is Cause.RESULT:
            return sent.role == "tool" and sent.result_of == self.message.result_of and not sent.odd
        return self._is_mended(sent) or (self.opens and self.is_beginning(sent))

    def _is_mended(self, sent: Message) -> bool:
        """Whether the calls are the same but for arguments that were none, which a client may mend."""
        same = sent.role == self.message.role and sent.text == self.message.text and not sent.odd
        pairs = zip_longest(self.message.calls, sent.calls)
        return same and bool(sent.calls) and all(one and other and one.may_be(other) for one, other in pairs)

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
