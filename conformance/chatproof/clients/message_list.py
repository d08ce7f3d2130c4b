"""The plain list of messages, as the LoRAX and OpenAI examples keep it, with what those leave out.

Rule 1: a round enters the list when its reply is there, all of its messages at once. So a round that failed in
        whatever way leaves no trace, and saying the same again sends it once.
Rule 2: the system prompt is no part of the list, so no window can cut it.
Rule 3: text is passed on as it came.
"""

from collections.abc import Generator, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import ClassVar, Self

from chatproof.clients.answers import Reply
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.messages import FATES, Content, Given, checked, limit_of, most_recent, system, user
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatschema import JsonObject

__all__ = ["MessageList"]


class MessageList:
    """One conversation, kept in a list.

    `limit` is the number of messages sent before the new one, None for all of them; it is rounded down to start with
    a user message. Asks that overlap are recorded whole, in the order in which they end; none sees the other.
    """

    POLICY: ClassVar[Policy] = Policy(fates=FATES, retries=0)

    def __init__(self, model: ChatModel, *, system_prompt: str = "", limit: int | None = None) -> None:
        self.model = model
        self.system_prompt = system_prompt
        self.limit = limit
        self._rounds: list[tuple[JsonObject, ...]] = []

    @classmethod
    def at(cls, endpoint: Endpoint) -> Self:
        """A client for an endpoint of the suite, with the window that its policy declares."""
        model = ChatModel.at(endpoint)
        return cls(model, system_prompt=endpoint.system_prompt, limit=limit_of(endpoint.policy.window))

    @property
    def messages(self) -> list[JsonObject]:
        """A copy of what was recorded, oldest first, without the system prompt."""
        return deepcopy(self._flat(self._rounds))

    def say(self, content: Content) -> str:
        """Say something, and give the reply back.

        Raises:
            AnswerError: there is no reply. The conversation is as it was before.
        """
        new = user(content)
        reply = self.model.ask(self._request(self._rounds, new))
        return self._record(new, reply)

    def stream(self, content: Content) -> Generator[str, None, None]:
        """The same in pieces. The round is recorded at the end: a generator that is closed before records nothing.

        Raises:
            AnswerError: there is no reply, whatever came before. The conversation is as it was.
        """
        new = user(content)
        reply = yield from self.model.stream(self._request(self._rounds, new))
        self._record(new, reply)

    def again(self) -> str:
        """Ask for the last reply once more; the new one takes its place.

        Raises:
            AnswerError: there is no new reply. The old one stays.
            LookupError: nothing was said yet.
        """
        if not self._rounds:
            raise LookupError("nothing was said yet")
        old = self._rounds[-1]
        reply = self.model.ask(self._request(self._rounds[:-1], old[0]))
        new = (old[0], reply.said)
        for at, one in enumerate(self._rounds):
            if one is old:  # it may have been cleared in the meantime
                self._rounds[at] = new
        return reply.text

    def record(self, messages: Given) -> None:
        """Add whole rounds that came about elsewhere: parts with images, calls of tools with their results.

        Raises:
            ValueError: one does not begin with a user's message and end with a reply, or a call has no result.
        """
        new = checked(messages)
        starts = [at for at, message in enumerate(new) if message["role"] == "user"]
        rounds = [tuple(new[start:end]) for start, end in pairwise([*starts, len(new)])]
        if starts[:1] != [0] or any(one[-1]["role"] != "assistant" for one in rounds):
            raise ValueError("a round begins with a user's message and ends with a reply")
        self._rounds += rounds

    def from_messages(self, messages: Given) -> Self:
        """Another conversation with the same model, that begins with these rounds. Raises ValueError as `record`."""
        other = type(self)(self.model, system_prompt=self.system_prompt, limit=self.limit)
        other.record(messages)
        return other

    def window(self, n: int | None) -> None:
        """Send so many messages from now on; what was recorded stays."""
        self.limit = n

    def clear(self) -> None:
        """Forget what was said. The system prompt stays."""
        self._rounds.clear()

    def close(self) -> None:
        """Close the connections, where they are the client's own."""
        self.model.close()

    def _request(self, rounds: Sequence[tuple[JsonObject, ...]], new: JsonObject) -> list[JsonObject]:
        return [*system(self.system_prompt), *most_recent(self._flat(rounds), self.limit), new]

    def _record(self, new: JsonObject, reply: Reply) -> str:
        self._rounds.append((new, reply.said))
        return reply.text

    @staticmethod
    def _flat(rounds: Sequence[tuple[JsonObject, ...]]) -> list[JsonObject]:
        return [message for one in rounds for message in one]
