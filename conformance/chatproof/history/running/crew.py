"""Several sessions of one client, which play side by side what is played anyhow, and in the same order."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from chatproof.history.model.plan import Plan
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.rules.registry import Can
from chatproof.history.running.session import GATE_PLAY, Session

__all__ = ["Crew"]


class Crew:
    """Plays as one session does: the same plans have the same numbers, and so the same words.

    Enter it to have plans played ahead; those that nobody asks for in the end leave no trace but their requests.
    """

    def __init__(self, sessions: Sequence[Session]) -> None:
        self._sessions = tuple(sessions)
        self._free: SimpleQueue[Session] = SimpleQueue()
        for session in self._sessions:
            self._free.put(session)
        self._numbers = count(GATE_PLAY + 1)
        self._ahead: deque[tuple[Plan, int, Future[Play]]] = deque()
        self._pool = ThreadPoolExecutor(len(self._sessions), thread_name_prefix="chatproof play")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget()
        self._pool.shutdown(wait=True)

    @property
    def policy(self) -> Policy:
        """What all of them declare."""
        return self._sessions[0].policy

    @property
    def can(self) -> Can:
        """What the client allows."""
        return self._sessions[0].can

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a verdict should know of the endpoint."""
        return self._sessions[0].notes

    @property
    def requests(self) -> int:
        """All requests for replies that were made."""
        return sum(session.requests for session in self._sessions)

    def gate(self) -> Play:
        """What has to work before anything is judged, in each of them: some have to get to know the client.

        Raises:
            CannotBuildError, EndpointLostError: it does not.
        """
        first, *_ = [session.gate() for session in self._sessions]
        return first

    def expect(self, plans: Sequence[Plan]) -> None:
        """These are asked for next, in this order, and nothing that was expected before."""
        self._forget()
        for plan in plans:
            number = next(self._numbers)
            self._ahead.append((plan, number, self._pool.submit(self._played, plan, number)))

    def play(self, plan: Plan) -> Play:
        """The play of a plan, which may have been played by now.

        Raises:
            CannotBuildError, EndpointLostError: as a session does.
        """
        if not self._ahead or self._ahead[0][0] != plan:
            self._forget()
            return self._played(plan, next(self._numbers))
        _, _, playing = self._ahead.popleft()
        return playing.result()

    def _forget(self) -> None:
        """What is expected is not asked for any more: its numbers are free again."""
        if self._ahead:
            self._numbers = count(self._ahead[0][1])
        for _, _, playing in self._ahead:
            playing.cancel()
        self._ahead.clear()

    def _played(self, plan: Plan, number: int) -> Play:
        session = self._free.get()
        try:
            return session.play(plan, number)
        finally:
            self._free.put(session)
