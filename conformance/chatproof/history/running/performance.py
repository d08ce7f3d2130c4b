"""One plan as it is played: each move is made, and what came of it is a step."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from chatproof.drivers.driver import CannotError, ClientFailedError, Driver, HungError, ProtocolError, Saying
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import (
    Again,
    Clear,
    Fork,
    Load,
    Move,
    Plan,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.seen import Ask, File, Hung, Step
from chatproof.history.model.words import words
from chatproof.history.running.home import files_in, lost_from, spoil_files
from chatproof.stage.casting import worded
from chatproof.stage.stage import Script, Stage

__all__ = ["Performance"]

_TOGETHER_SECONDS = 0.5
_MOST_TOGETHER_SECONDS = 5.0
"""So long the first of two waits for the second; one that starts slowly has half as long again as an ask took."""

_CANCEL_SECONDS = 0.25
_IDLE_SECONDS = 1.0
"""A client that has come back leaves its request within this, or the request is still open: a late one."""


@dataclass(slots=True)
class Performance:
    """The state of a play."""

    driver: Driver
    stage: Stage
    endpoint: Endpoint
    token: str
    number: int
    _seen: int = 0
    _said: dict[str, str] = field(default_factory=dict[str, str])
    _words: list[str] = field(default_factory=list[str])
    _window: int | None = None
    _slowest: float = 0.0  #: of its asks, in seconds
    _spoiled: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _files: Mapping[str, File] = field(default_factory=dict[str, File])
    _largest: int = 0

    def steps(self, plan: Plan) -> Iterator[Step]:
        """Every move that could be made, and the first that could not."""
        for at, move in enumerate(plan):
            step = self._step(at, move)
            yield step
            hung = any(isinstance(ask.ending, Hung) for ask in step.asks)
            if hung or step.failure or not self.driver.is_open:
                return

    def _step(self, at: int, move: Move) -> Step:
        began, failure = time.monotonic(), ""
        asks: tuple[Ask, ...] = ()
        loaded: tuple[str, ...] = ()
        try:
            match move:
                case Say():
                    asks = self._say(at, move)
                case Again():
                    self._arm(at, "", move)
                    asks = (Ask(to=move.to, said="", ending=self.driver.again(move.to)),)
                case Together():
                    asks = self._together(at, move)
                case Restart(killed=killed):
                    self.driver.restart(killed=killed)
                    self._set_window()
                case Tear(to=to):
                    asks = self._torn(at, Say(to=to))
                    self.driver.restart(killed=True)
                    self._set_window()
                case Clear(to=to):
                    self.driver.clear(to)
                case Fork(at=rounds, to=to, new=new):
                    self.driver.fork(to, rounds, new)
                    self._said[new] = self._said.get(to, "")
                case Load(texts=texts, new=new):
                    loaded = tuple(
                        worded(text, self._side(at, f"loaded {n}")) for n, text in enumerate(texts)
                    )
                    self.driver.load(loaded, new)
                case Widen(n=n):
                    self._window = n
                    self._set_window()
                case Spoil(how=how):
                    self._spoil(how)
        except CannotError as error:
            failure = f"cannot: {error}"
        except ProtocolError:
            raise
        except (ClientFailedError, HungError, CannotBuildError) as error:
            failure = str(error)
        self.stage.idle(self.token, seconds=_IDLE_SECONDS)
        return self._seen_step(
            Step(
                move=move,
                asks=asks,
                failure=failure,
                loaded=loaded,
                seconds=time.monotonic() - began,
            )
        )

    def _seen_step(self, step: Step) -> Step:
        exchanges = self.stage.exchanges(self.token)
        seen, self._seen = self._seen, len(exchanges)
        before, self._files = self._files, files_in(self.endpoint.home, self.endpoint.api_key)
        written = (
            file.size for path, file in self._files.items() if before.get(path) != file and not file.foreign
        )
        self._largest = max((size for size in written if step.asks), default=self._largest)
        return replace(
            step,
            exchanges=exchanges[seen:],
            printed=self.driver.printed(),
            files=self._files,
            lost=lost_from(self.endpoint.home, self._spoiled),
            altered=self.driver.altered(),
        )

    # -- asks ----------------------------------------------------------------------------------------------------

    def _say(self, at: int, move: Say) -> tuple[Ask, ...]:
        saying = self._saying(at, "", move)
        self._arm(at, "", move)
        if saying.stop is not None:
            counted = self.driver.counts(saying)
            self.stage.hold(
                self.token,
                after=saying.stop,
                seconds=0.0 if counted else _CANCEL_SECONDS,
                held=_nothing if counted else self.driver.cancel,
            )
        began = time.monotonic()
        ending = self.driver.say(saying)
        self._slowest = max(self._slowest, time.monotonic() - began)
        self.stage.release(self.token)
        return (Ask(to=move.to, said=saying.text, ending=ending),)

    def _torn(self, at: int, move: Say) -> tuple[Ask, ...]:
        """Half of the largest file that was last written to can be written, and no more."""
        if not self._largest:
            raise CannotError("tear: the client has stored nothing")
        self.driver.tear(max(self._largest // 2, 1))
        return self._say(at, move)

    def _together(self, at: int, move: Together) -> tuple[Ask, ...]:
        first, second = self._saying(at, "first ", move.first), self._saying(at, "second ", move.second)
        self.stage.arm(
            self.token, self._script(at, "first ", move.first), self._script(at, "second ", move.second)
        )
        self.stage.hold_together(self.token, seconds=self._patience, held=self.driver.proceed)
        endings = self.driver.together(first, second)
        self.stage.release(self.token)
        return tuple(
            Ask(to=one.to, said=one.text, ending=ending)
            for one, ending in zip((first, second), endings, strict=True)
        )

    @property
    def _patience(self) -> float:
        return min(max(_TOGETHER_SECONDS, 1.5 * self._slowest), _MOST_TOGETHER_SECONDS)

    def _saying(self, at: int, side: str, move: Say) -> Saying:
        before = self._said.get(move.to)
        text = before if move.same and before else worded(move.text, self._side(at, f"{side}said"))
        self._said[move.to] = text
        return Saying(text=text, to=move.to, streamed=move.streamed, stop=move.stop)

    def _arm(self, at: int, side: str, move: Say | Again) -> None:
        self.stage.arm(self.token, self._script(at, side, move))

    def _script(self, at: int, side: str, move: Say | Again) -> Script:
        def told(what: str) -> str:
            return self._side(at, f"{side}{what}")

        return Script(words=told, answers=move.answers, said=self._side(at, f"{side}said"))

    def _side(self, at: int, side: str) -> str:
        told = words(self.number, at, side)
        if "said" in side:
            self._words.append(told)
        return told

    # -- files ---------------------------------------------------------------------------------------------------

    def _spoil(self, how: Spoilage) -> None:
        if how is Spoilage.UNWRITABLE:
            self.driver.spoil()
            return
        if not self.endpoint.policy.persistent:
            raise CannotError("spoil: nothing is stored, as it is declared")
        if how is Spoilage.OLDER:
            self.driver.older()
        self.driver.close()
        if how is not Spoilage.OLDER:
            self._spoiled = spoil_files(self.endpoint.home, how, tuple(self._words))
        self.driver.open(self.endpoint)
        self._set_window()

    def _set_window(self) -> None:
        """The window that a caller has set is the caller's: a client that starts anew is told again."""
        if self._window is not None:
            self.driver.window(self._window)


def _nothing() -> None:
    pass
