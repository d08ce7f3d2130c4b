"""A chat whose rounds are in a store: each ask takes up what is there, so the next process goes on with it."""

from collections.abc import Generator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import ClassVar, Self

from chatproof.clients.answers import Reply
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.history_store import HistoryStore, Round, round_now
from chatproof.clients.messages import FATES, assistant, limit_of, most_recent, system, user
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Messages, Policy
from chatschema import JsonObject

__all__ = ["StoredChat"]

_LIMIT, _CAP = 10, 100


@dataclass(slots=True)
class _Window:
    """What the conversations of one client have in common."""

    limit: int | None


class StoredChat:
    """The conversation of one key, for one deployment as an example.

    `limit` is the number of messages sent before the new one (None: all), whole rounds, so an odd one holds one less;
    with 0 nothing is sent of the history, and the round is recorded all the same.
    """

    POLICY: ClassVar[Policy] = Policy(
        window=Messages(_LIMIT), cap=Messages(_CAP), fates=FATES, retries=0, persistent=True, many=True
    )

    def __init__(
        self,
        model: ChatModel,
        store: HistoryStore,
        *,
        key: str = "default",
        system_prompt: str = "",
        limit: int | None = _LIMIT,
    ) -> None:
        self.model = model
        self.store = store
        self.key = key
        self.system_prompt = system_prompt
        self._window = _Window(limit)

    @classmethod
    def at(cls, endpoint: Endpoint) -> Self:
        """A client for an endpoint of the suite, with the window and cap that its policy declares.

        It goes on with what lies in the endpoint's home.
        """
        store = HistoryStore(endpoint.home / "chat" / "history.json", cap=limit_of(endpoint.policy.cap))
        return cls(
            ChatModel.at(endpoint),
            store,
            system_prompt=endpoint.system_prompt,
            limit=limit_of(endpoint.policy.window),
        )

    def say(self, text: str) -> str:
        """Say something, and give the reply back. A round that cannot be written is no reason to withhold it.

        Raises:
            AnswerError: there is no reply. The transcript is as it was before.
        """
        return self._record(text, self.model.ask(self._request(self.store.rounds(self.key), text)))

    def stream(self, text: str) -> Generator[str, None, None]:
        """The same in pieces; a generator that is closed early records nothing."""
        reply = yield from self.model.stream(self._request(self.store.rounds(self.key), text))
        self._record(text, reply)

    def again(self) -> str:
        """Ask for the last reply once more; the new one takes its place in the transcript.

        Raises:
            AnswerError: there is no new reply. The old one stays.
            LookupError: nothing was said yet.
        """
        rounds = self.store.rounds(self.key)
        if not rounds:
            raise LookupError("nothing was said yet")
        *before, old = rounds
        reply = self.model.ask(self._request(before, old.user))
        return self._record(old.user, reply, instead_of=old)

    def conversation(self, key: str) -> Self:
        """The conversation of another key in the same store."""
        other = copy(self)
        other.key = key
        return other

    def window(self, n: int | None) -> None:
        """Send so many messages from now on, in all conversations of this client; what is stored stays."""
        self._window.limit = n

    def clear(self) -> None:
        """Take this conversation out of the store. Raises OSError where that cannot be done."""
        self.store.clear(self.key)

    def older(self) -> None:
        """Write the store as version 1 of it had it. Raises OSError."""
        self.store.older()

    def close(self) -> None:
        """Write what could not be written, and close the connections where they are the model's own."""
        self.store.flush()
        self.model.close()

    def _request(self, rounds: Sequence[Round], text: str) -> list[JsonObject]:
        said = [message for one in rounds for message in (user(one.user), assistant(one.assistant))]
        return [*system(self.system_prompt), *most_recent(said, self._window.limit), user(text)]

    def _record(self, text: str, reply: Reply, instead_of: Round | None = None) -> str:
        _ = reply.said  # nothing without a text is recorded
        self.store.record(self.key, round_now(text, reply.text), instead_of=instead_of)
        return reply.text
