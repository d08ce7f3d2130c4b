"""A conversation that is carried on: tools are run, models stand in for one another, a failed round is forgotten.

Rule 1: a round is made on a copy, and taken when its last reply is there.
Rule 2: each model that is asked gets the same messages.
Rule 3: a round is a generator that yields what is to be asked, and waits for nothing itself: `say`, `say_async` and
        `stream` play it, each in its way.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, replace
from random import Random
from threading import Lock
from typing import Any, ClassVar, Self, TypeAlias

from chatproof.clients.answers import Reply
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.conversation import Conversation
from chatproof.clients.failures import AnswerError, NoReplyError
from chatproof.clients.messages import FATES, Content, Given, checked, limit_of, user
from chatproof.clients.tools import Tools
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatschema import JsonObject, JsonValue

__all__ = ["ChatLoop"]

_MOST_ASKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """One request that a round wants to have made. What comes of it is sent back."""

    model: ChatModel
    messages: list[JsonObject]
    members: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """A round that is whole: its messages, and its last reply."""

    messages: tuple[JsonObject, ...]
    reply: Reply


_Round: TypeAlias = Generator[_Ask | _Done, Reply | AnswerError, None]
"""Asks, each answered with what came of it, and at the end what is to be recorded."""


class ChatLoop:
    """One conversation with models and tools.

    `models` are asked in order until one answers; with `weights`, the first is drawn by them. The model that answered
    last is asked first (`sticky`). `most_asks` bounds the requests of one round that each model is asked for, `limit`
    the messages of history before the new one. Overlapping asks are recorded whole, in the order in which they end.
    """

    POLICY: ClassVar[Policy] = Policy(
        fates=FATES, tools=_MOST_ASKS, retries=0, models=("tiny", "small"), sticky=True
    )

    def __init__(
        self,
        *models: ChatModel,
        conversation: Conversation = Conversation(),  # noqa: B008  it is a value
        tools: Mapping[str, Callable[..., Any]] | None = None,
        most_asks: int = _MOST_ASKS,
        weights: Sequence[float] = (),
        sticky: bool = True,
        limit: int | None = None,
        random: Random | None = None,
    ) -> None:
        if not models or (weights and len(weights) != len(models)):
            raise ValueError("there is a model at least, and a weight for each or none")
        self.conversation = conversation
        self.limit = limit
        self._models, self._weights, self._sticky = models, weights, sticky
        self._tools, self._most_asks = Tools(tools or {}), most_asks
        self._random = random or Random()  # noqa: S311  it spreads load
        self._recording = Lock()

    @classmethod
    def at(cls, endpoint: Endpoint) -> Self:
        """A client for an endpoint of the suite, with the tools, models and window that its policy declares."""
        policy = endpoint.policy
        first = ChatModel.at(endpoint)
        others = [replace(first, model=name) for name in policy.models if name != endpoint.model]
        return cls(
            *(first, *others),
            conversation=Conversation().system(endpoint.system_prompt),
            tools=endpoint.tools if policy.tools else None,
            most_asks=policy.tools if isinstance(policy.tools, int) else _MOST_ASKS,
            sticky=policy.sticky,
            limit=limit_of(policy.window),
        )

    @property
    def history(self) -> list[JsonObject]:
        """A copy of all messages, the system prompt among them."""
        return list(self.conversation.add().messages)

    def say(self, content: Content) -> str:
        """Say something, run the tools that are called, and give the last reply back.

        Raises:
            AnswerError: no model replied, or the calls have no end. The conversation is as it was before.
        """
        return self._record(self._played(self._round(self.conversation, user(content))))

    async def say_async(self, content: Content) -> str:
        """`say` for tasks; one that is cancelled records nothing. Tools run in the event loop's own thread.

        Raises:
            AnswerError: as `say`.
        """
        steps = self._round(self.conversation, user(content))
        step = next(steps)
        while isinstance(step, _Ask):
            try:
                outcome: Reply | AnswerError = await step.model.ask_async(step.messages, **step.members)
            except AnswerError as error:
                outcome = error
            step = steps.send(outcome)
        return self._record(step)

    def stream(self, content: Content) -> Generator[str, None, None]:
        """`say` in pieces of all that the assistant says. A generator that is closed early records nothing.

        A model whose reply broke off after a piece of it was given out has no stand-in: words cannot be taken back.

        Raises:
            AnswerError: as `say`.
        """
        steps = self._round(self.conversation, user(content))
        step = next(steps)
        while isinstance(step, _Ask):
            outcome = yield from _streamed(step)
            step = steps.send(outcome)
        self._record(step)

    def again(self) -> str:
        """Ask for the last round's reply once more; the new round takes its place.

        Raises:
            AnswerError: there is no new reply, or something else was said meanwhile. The old round stays.
            LookupError: nothing was said yet.
        """
        old = self.conversation
        before, said = old.before_last()
        done = self._played(self._round(before, said))
        with self._recording:
            if self.conversation is not old:
                raise AnswerError("something else was said meanwhile")
            self.conversation = before
        return self._record(done)

    def from_messages(self, messages: Given) -> Self:
        """Another conversation with the same models, prompt and tools, that begins with these messages.

        Raises:
            ValueError: a request cannot carry them.
        """
        other = copy(self)
        other.conversation = self.conversation.cleared().add(*checked(messages))
        return other

    def window(self, n: int | None) -> None:
        """Send so many messages of history from now on; what was recorded stays."""
        self.limit = n

    def clear(self) -> None:
        """Forget all but the system prompt."""
        with self._recording:
            self.conversation = self.conversation.cleared()

    def close(self) -> None:
        """Close the connections, where they are the models' own."""
        for model in self._models:
            model.close()

    def _round(self, before: Conversation, said: JsonObject) -> _Round:
        talk = before.add(said)
        first = before.model_used if self._sticky else ""
        for left in reversed(range(self._most_asks)):
            reply = yield from self._reply(talk, first)
            more = bool(self._tools and reply.calls)
            if more and not left:  # no tool is run whose result nobody hears
                raise AnswerError(f"the model still calls tools after {self._most_asks} requests")
            talk, first = talk.with_response(reply, self._tools), reply.model
            if not more:
                yield _Done(messages=talk.messages[len(before.messages) :], reply=reply)

    def _reply(self, talk: Conversation, first: str) -> Generator[_Ask, Reply | AnswerError, Reply]:
        """The reply of the first model that gives one."""
        members: dict[str, JsonValue] = {"tools": [*self._tools.definitions]} if self._tools else {}
        failures: list[tuple[str, AnswerError]] = []
        for model in self._in_order(first):
            outcome = yield _Ask(model=model, messages=talk.request(self.limit), members=members)
            if isinstance(outcome, Reply) and (outcome.text or self._tools):
                return outcome
            none = AnswerError("it calls tools, and there are none")
            failures.append((model.model, outcome if isinstance(outcome, AnswerError) else none))
        raise NoReplyError(failures)

    def _in_order(self, first: str) -> list[ChatModel]:
        named = [model for model in self._models if model.model == first]
        if not named and self._weights:
            named = self._random.choices(self._models, self._weights)
        return [*named[:1], *(model for model in self._models if not named or model is not named[0])]

    def _played(self, steps: _Round) -> _Done:
        step = next(steps)
        while isinstance(step, _Ask):
            try:
                outcome: Reply | AnswerError = step.model.ask(step.messages, **step.members)
            except AnswerError as error:
                outcome = error
            step = steps.send(outcome)
        return step

    def _record(self, done: _Done) -> str:
        with self._recording:
            went_on = self.conversation.add(*done.messages)
            self.conversation = replace(went_on, model_used=done.reply.model)
        return done.reply.text


def _streamed(ask: _Ask) -> Generator[str, None, Reply | AnswerError]:
    """The pieces of a reply, then the reply."""
    begun = False
    with closing(ask.model.stream(ask.messages, **ask.members)) as pieces:
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
            except AnswerError as error:
                if begun:
                    raise
                return error
            begun = True
            yield piece
