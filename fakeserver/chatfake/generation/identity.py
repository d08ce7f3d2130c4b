"""Ids, timestamps and fingerprints: derived from the request by default, so the same request gets the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from chatfake.core.json_text import canonical, digest
from chatfake.generation.reply import Reply
from chatfake.request.chat_request import Chat

#: Derived timestamps lie in the thirty days after this one (2025-10-09).
EPOCH = 1_760_000_000
SPAN = 30 * 24 * 3600


def prefixed(prefix: str, digits: int) -> Callable[[str], str]:
    """Ids of a prefix and so many hexadecimal digits."""
    return lambda mark: prefix + mark[:digits]


_COMPLETION, _TEXT, _CALL = prefixed("chatcmpl-", 29), prefixed("cmpl-", 29), prefixed("call_", 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The forms of ids, each a function of 64 hexadecimal digits."""

    completion: Callable[[str], str] = _COMPLETION
    text: Callable[[str], str] = _TEXT
    call: Callable[[str], str] = _CALL
    call_prefix: str = ""  #: before `call`; `{}` in it stands for the number of the call


#: The forms that OpenAI gives them.
IDS = Ids()


def as_uuid(mark: str) -> str:
    """A UUID of random form, of the first 32 hexadecimal digits."""
    return f"{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-a{mark[17:20]}-{mark[20:32]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The digest and the time that an answer's ids and timestamps are made from."""

    digest: str
    created: int
    ids: Ids = IDS

    @property
    def completion_id(self) -> str:
        """The id of a chat completion and of all its chunks."""
        return self.ids.completion(self.digest)

    @property
    def text_id(self) -> str:
        """The id of a text completion and of all its chunks."""
        return self.ids.text(self.digest)

    @property
    def request_id(self) -> str:
        """The value of the `x-request-id` header."""
        return f"req_{self.request_mark}"

    @property
    def request_mark(self) -> str:
        """The 32 hexadecimal digits that ids in headers are made of."""
        return self.digest[32:64]

    @property
    def system_fingerprint(self) -> str:
        """It stands for the server, not for the request: always the same."""
        return "fp_chatfake"

    def call_id(self, choice: int, call: int) -> str:
        """The id of a tool call for which the reply names none."""
        return self.ids.call_prefix.format(call) + self.ids.call(digest(self.digest, str(choice), str(call)))


def identity(
    chat: Chat,
    replies: tuple[Reply, ...],
    clock: Callable[[], float] | None = None,
    new_id: Callable[[], str] | None = None,
    ids: Ids = IDS,
) -> Identity:
    """From the whole request body and what is said to it; a clock and an id source replace what they stand for."""
    mark = digest(canonical(chat.body), repr(replies), *([] if new_id is None else [new_id()]))
    created = EPOCH + int(mark[:12], 16) % SPAN if clock is None else int(clock())
    return Identity(digest=mark, created=created, ids=ids)
