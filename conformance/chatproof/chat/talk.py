"""One conversation: what is said goes to the models, and what came of it into the store.

Rule 1: the store is the truth; it is read for each ask, so that another terminal can go on with the same conversation.
Rule 2: a round is recorded when its reply is whole, and cannot be interrupted then.
Rule 3: no key is written down, whoever said it.
"""

import signal
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

from chatproof.chat.names import Name
from chatproof.clients import ChatLoop, ChatModel, Conversation, HistoryStore
from chatproof.clients.history_store import Round, round_now
from chatproof.clients.messages import assistant, user

__all__ = ["Talk"]


class Talk:
    """`limit` is the number of messages of history that are sent (None: all), in whole rounds.

    `hidden` takes the keys out of a text. `models` are asked in order; the one that answered last is asked first.
    """

    def __init__(
        self,
        models: Sequence[ChatModel],
        store: HistoryStore,
        name: Name,
        *,
        system_prompt: str = "",
        limit: int | None = None,
        streams: bool = True,
        hidden: Callable[[str], str] = str,
    ) -> None:
        self.models = tuple(models)
        self.store = store
        self.name = name
        self.system_prompt = system_prompt
        self.limit = limit
        self.answered_by = ""
        self._streams = streams
        self._hidden = hidden

    @property
    def rounds(self) -> list[Round]:
        """What was said until now, oldest first."""
        return self.store.rounds(self.name.key)

    @property
    def messages_sent(self) -> int:
        """How many messages of history go with the next request."""
        request = self._loop(self.rounds).conversation.user("next").request(self.limit)
        return len(request) - 1 - bool(self.system_prompt)

    def say(self, text: str) -> Generator[str, None, None]:
        """The pieces of the reply. A generator that is closed early, or raises, records nothing.

        Raises:
            AnswerError: there is no reply, whatever came before.
        """
        yield from self._asked(self.rounds, text)

    def again(self) -> Generator[str, None, None]:
        """The pieces of another reply to what was said last; it takes the place of the old one.

        Raises:
            AnswerError: there is no new reply. The old one stays.
            LookupError: nothing was said yet.
        """
        rounds = self.rounds
        if not rounds:
            raise LookupError("nothing was said yet")
        *before, old = rounds
        yield from self._asked(before, old.user, instead_of=old)

    def undo(self) -> Round:
        """Take the last round back.

        Raises:
            LookupError: nothing was said yet.
            OSError: it cannot be taken out of the file.
        """
        rounds = self.rounds
        if not rounds:
            raise LookupError("nothing was said yet")
        self.store.remove(self.name.key, rounds[-1])
        return rounds[-1]

    def clear(self) -> bool:
        """Forget the conversation; whether there was one. Raises OSError where that cannot be done."""
        return self.store.clear(self.name.key)

    def branch(self, rounds: int | None = None) -> Name:
        """Go on after so many rounds (None: all) in a conversation of its own, which begins with them.

        Raises:
            LookupError: there are not so many.
            OSError: the file cannot be written.
        """
        said = self.rounds
        if rounds is None:
            rounds = len(said)
        if not 0 <= rounds <= len(said):
            raise LookupError(f"there are {len(said)} rounds")
        new = self.name.next_branch(self.store.keys())
        self.store.copy(new.key, said[:rounds])
        self.name = new
        return new

    def ask_only(self, model: str) -> None:
        """Ask this model from now on, and no other."""
        self.models = (replace(self.models[0], model=model),)
        self.answered_by = ""

    def close(self) -> None:
        """Write what could not be written, and close the connections where they are the models' own."""
        self.store.flush()
        for model in self.models:
            model.close()

    def _loop(self, before: Sequence[Round]) -> ChatLoop:
        said = (message for one in before for message in (user(one.user), assistant(one.assistant)))
        conversation = Conversation((), self.answered_by).system(self.system_prompt).add(*said)
        return ChatLoop(*self.models, conversation=conversation, limit=self.limit)

    def _asked(
        self, before: Sequence[Round], text: str, instead_of: Round | None = None
    ) -> Generator[str, None, None]:
        loop = self._loop(before)
        with closing(loop.stream(text) if self._streams else _whole(loop, text)) as pieces:
            yield from pieces
        reply = str(loop.history[-1]["content"])
        self.answered_by = loop.conversation.model_used
        with _uninterrupted():
            new = round_now(self._hidden(text), self._hidden(reply))
            self.store.record(self.name.key, new, instead_of=instead_of)


def _whole(loop: ChatLoop, text: str) -> Generator[str, None, None]:
    yield loop.say(text)


@contextmanager
def _uninterrupted() -> Generator[None]:
    """Ctrl-C does nothing meanwhile: half of it would be told as what did not happen."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, kept)
