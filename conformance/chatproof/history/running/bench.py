"""Where conversations are played: a fake endpoint of our own, and a thread in which the client lives."""

import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import chatfake  # lazy: a name of it is imported when a bench is made
from chatproof.history.model.client import CannotBuildError, ClientFactory, Endpoint, HistoryClient, told
from chatproof.history.model.log import Answer, Log, Message, Round
from chatproof.history.model.play import Ask, Ending, Hung, Play, Raised, Returned
from chatproof.history.model.policy import Policy
from chatproof.history.model.request import sent_messages
from chatproof.history.running.worker import HungError, Worker

if TYPE_CHECKING:
    from chatfake import Handle

__all__ = ["SYSTEM_PROMPT", "Bench"]

SYSTEM_PROMPT = "You are a helpful assistant."

_MODEL = "tiny"

_CONTEXT = 10_000_000
"""Tokens. The fake must never refuse a prompt for its length: a client's own window is what is judged."""

_RESENDS = 64
"""So often an answer is given again within one round. Up to 27 requests a turn were measured in clients."""


class Bench:
    """A place for the conversations of one client. Use it as a context manager."""

    def __init__(
        self,
        factory: ClientFactory,
        policy: Policy,
        *,
        system_prompt: str = SYSTEM_PROMPT,
        seconds: float = 30.0,
    ) -> None:
        self.policy = policy
        self.system_prompt = system_prompt if policy.system == "kept" else ""
        self.seconds = seconds
        self.requests = 0
        self._factory = factory
        self._rim = ExitStack()
        self._worker = Worker()

    def __enter__(self) -> Self:
        self._server = self._rim.enter_context(
            chatfake.LiveServer(chatfake.Fake(models=(_MODEL,), context_length=_CONTEXT, clock=time.time))
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.close()
        self._rim.__exit__(kind, error, trace)

    def build(self) -> None:
        """Build a client and throw it away.

        Raises:
            CannotBuildError: there is none, or it has no method `say`.
        """
        with self._handle() as handle:
            self._close(self._client(handle))

    def play(self, log: Log) -> Play:
        """Play a conversation with a new client, up to the round in which the client breaks.

        Raises:
            CannotBuildError: there is no client.
        """
        with self._handle() as handle:
            return self._played(log, handle)

    def _played(self, log: Log, handle: "Handle") -> Play:
        client = self._client(handle)
        asks: list[Ask] = []
        try:
            for part in log:
                asks.append(self._ask(client, handle, part))
                if _broke(asks[-1]):
                    break
        finally:
            if not (asks and isinstance(asks[-1].ending, Hung)):  # closing that one might hang as well
                self._close(client)
        return Play(policy=self.policy, system_prompt=self.system_prompt, asks=tuple(asks))

    @contextmanager
    def _handle(self) -> Generator["Handle"]:
        """A script and a journal of their own for one conversation."""
        handle = self._server.handle()
        yield handle
        self._server.fake.forget(handle.key)

    def _ask(self, client: HistoryClient, handle: "Handle", part: Round) -> Ask:
        handle.clear()
        _script(handle, part.answer)
        ending = self._say(client, part.said)
        sent = _chat_requests(handle)
        self.requests += len(sent)
        return Ask(round=part, sent=sent, ending=ending)

    def _say(self, client: HistoryClient, text: str) -> Ending:
        try:
            return Returned(text=self._worker.call(lambda: client.say(text), self.seconds))
        except HungError:
            self._worker = Worker()
            return Hung(seconds=self.seconds)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  whatever a client raises, a SystemExit too, is its own
            return Raised(error=told(error))

    def _client(self, handle: "Handle") -> HistoryClient:
        endpoint = Endpoint(
            base_url=handle.base_url,
            api_key=handle.api_key,
            model=_MODEL,
            system_prompt=self.system_prompt,
            policy=self.policy,
        )
        try:
            client = self._worker.call(lambda: self._factory(endpoint), self.seconds)
        except HungError:
            self._worker = Worker()
            raise CannotBuildError(f"the factory did not come back within {self.seconds:g} s") from None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise CannotBuildError(f"the factory raised {told(error)}") from error
        if not callable(getattr(client, "say", None)):
            raise CannotBuildError(
                f"the factory gave a {type(client).__name__}, which has no method say(text)"
            )
        return client

    def _close(self, client: HistoryClient) -> None:
        """End the conversation. How a client fails in this is not judged."""
        close = getattr(client, "close", None)
        if callable(close):
            try:
                self._worker.call(close, self.seconds)
            except HungError:
                self._worker = Worker()
            except Exception:  # noqa: BLE001, S110  see above
                pass


def _script(handle: "Handle", answer: Answer) -> None:
    scripted = chatfake.Reply(text=answer.text) if answer.is_ordinary else handle.scenario(answer.kind.value)
    handle.script(*[scripted] * _RESENDS)


def _chat_requests(handle: "Handle") -> tuple[tuple[Message, ...], ...]:
    return tuple(
        sent_messages(seen.body) for seen in handle.requests if seen.path.endswith("/chat/completions")
    )


def _broke(ask: Ask) -> bool:
    match ask.ending:
        case Hung():
            return True
        case Raised() | Returned(text=None):
            return ask.round.answer.is_ordinary
        case _:
            return False
