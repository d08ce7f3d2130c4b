"""Where an answer comes from: a plan that the fake performs, or an endpoint behind the stage."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from chatfake.core.asgi_connection import Receive, Scope, Sender
from chatfake.core.http import Answer as Sent
from chatfake.core.http import Ending, Pause, Send
from chatfake.serving.asgi import send_answer
from chatproof.history.model.plan import Answer
from chatproof.stage.arrived import text_in

__all__ = ["Ended", "Performed", "Source"]

Ended: TypeAlias = Callable[[Ending], None]


class Source(Protocol):
    """One answer. `data` is what of it has been sent, in so many `pieces`; `ending` is None while it is under way."""

    @property
    def status(self) -> int:
        """Of the head; 0 where there was none."""
        ...

    @property
    def content_type(self) -> str:
        """Of the head."""
        ...

    def answer(self, data: bytes, ending: Ending | None) -> Answer:
        """What is answered, as a plan has it."""
        ...

    def is_left(self, data: bytes, pieces: int, ending: Ending | None) -> bool:
        """Whether the client was gone before it was over."""
        ...

    def has_more(self, data: bytes, pieces: int) -> bool:
        """Whether some of the text is still to come."""
        ...

    def play(self, scope: Scope, receive: Receive, send: Sender, ended: Ended) -> Awaitable[None]:
        """Sends it, and says how it ended."""
        ...


@dataclass(slots=True, kw_only=True)
class Performed:
    """An answer of a plan, which the fake gives: all of it is known before."""

    planned: Answer
    route: str
    sending: Sent

    @property
    def status(self) -> int:
        """Of the head."""
        return 0 if self.sending.raw else self.sending.status

    @property
    def content_type(self) -> str:
        """Of the head."""
        return self.sending.header("content-type")

    def answer(self, data: bytes, ending: Ending | None) -> Answer:
        """The planned one."""
        del data, ending
        return self.planned

    def is_left(self, data: bytes, pieces: int, ending: Ending | None) -> bool:
        """Whether the client was gone before the last piece."""
        del data
        last = self.sending.steps[-1] if self.sending.steps else None
        whole = pieces >= len(self._writes()) and not isinstance(last, Pause)
        return ending is Ending.LEFT and not whole

    def has_more(self, data: bytes, pieces: int) -> bool:
        """Whether some of its text is in no piece that was sent."""
        del data
        writes = self._writes()
        texts = (text_in(b"".join(some), self.route, self.content_type) for some in (writes[:pieces], writes))
        return next(texts) != next(texts)

    def _writes(self) -> list[bytes]:
        return [step.data for step in self.sending.steps if isinstance(step, Send) and step.data]

    async def play(self, scope: Scope, receive: Receive, send: Sender, ended: Ended) -> None:
        """Step by step."""
        await send_answer(replace(self.sending, on_end=ended), scope, receive, send)
