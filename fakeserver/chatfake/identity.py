"""Ids, timestamps and fingerprints: derived from the request by default, so the same request gets the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from chatfake.chat import Chat
from chatfake.jsontext import canonical, digest
from chatfake.reply import Reply

#: Derived timestamps lie in the thirty days after this one (2025-10-09).
EPOCH = 1_760_000_000
SPAN = 30 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one answer from the next."""

    digest: str
    created: int

    @property
    def completion_id(self) -> str:
        """The id of a chat completion and of all its chunks."""
        return f"chatcmpl-{self.digest[:29]}"

    @property
    def text_id(self) -> str:
        """The id of a text completion and of all its chunks."""
        return f"cmpl-{self.digest[:29]}"

    @property
    def request_id(self) -> str:
        """The value of the `x-request-id` header."""
        return f"req_{self.digest[32:64]}"

    @property
    def system_fingerprint(self) -> str:
        """It stands for the server, not for the request: always the same."""
        return "fp_chatfake"

    def call_id(self, choice: int, call: int) -> str:
        """The id of a tool call that brought none."""
        return f"call_{digest(self.digest, str(choice), str(call))[:24]}"


def identity(
    chat: Chat,
    replies: tuple[Reply, ...],
    clock: Callable[[], float] | None = None,
    new_id: Callable[[], str] | None = None,
) -> Identity:
    """From the whole request body and what is said to it; a clock and an id source replace what they stand for."""
    mark = digest(canonical(chat.body), repr(replies), *([] if new_id is None else [new_id()]))
    created = EPOCH + int(mark[:12], 16) % SPAN if clock is None else int(clock())
    return Identity(digest=mark, created=created)
