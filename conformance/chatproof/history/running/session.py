"""Plays plans with a client, on a stage: what is seen then is all that anybody judges."""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from chatproof.drivers.driver import Driver
from chatproof.history.model.endpoint import CannotBuildError, Endpoint, EndpointLostError
from chatproof.history.model.plan import Plan, Say
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Cancelled, Displayed, Ending, Hung, Play, Printed, Raised, Returned
from chatproof.history.model.words import words
from chatproof.history.running.home import furnish
from chatproof.history.running.performance import Performance
from chatproof.stage.stage import Stage, Visit

__all__ = ["SYSTEM_PROMPT", "Session"]

SYSTEM_PROMPT = "You are a helpful assistant."

GATE_PLAY = 0
"""The number of the gate's play; no other has it."""


class Session:
    """One client, one stage, one policy. It opens neither the driver nor the stage; whoever made them ends them.

    `requests` counts all requests for replies that were made.
    """

    def __init__(
        self,
        driver: Driver,
        stage: Stage,
        policy: Policy,
        *,
        system_prompt: str = SYSTEM_PROMPT,
    ) -> None:
        self.policy = policy
        self.system_prompt = system_prompt if policy.system != "none" else ""
        self.requests = 0
        self._driver = driver
        self._streams: frozenset[str] = frozenset()
        self._stage = stage
        self._numbers = count(GATE_PLAY + 1)

    @property
    def can(self) -> frozenset[str]:
        """What the client allows, as far as it is known: after `gate`, all of it, and whether it asks for streams."""
        return self._driver.can | self._streams

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a verdict should know of the endpoint."""
        return tuple(filter(None, (self._stage.note,)))

    def expect(self, plans: Sequence[Plan]) -> None:
        """Nothing: there is one client, which plays a plan when it is asked for."""

    def play(self, plan: Plan, number: int | None = None) -> Play:
        """Plays a plan with a new client in a new folder; the same plan and number have the same words.

        It ends early where the client hung or ended its process, or with a step whose `failure` says what it cannot.

        Raises:
            CannotBuildError: there is no client.
            EndpointLostError: the endpoint behind the stage is gone; the play says nothing of the client.
        """
        return self._played(plan, next(self._numbers) if number is None else number)[0]

    def gate(self) -> Play:
        """One ask, one reply, one request: what has to work before anything is judged.

        Raises:
            CannotBuildError: it does not; the text says what came back, and which requests came.
            EndpointLostError: the endpoint behind the stage is not there.
        """
        play, visits = self._played((Say(),), GATE_PLAY)
        step = play.steps[0]
        ending = step.asks[0].ending if step.asks else Raised(error=step.failure)
        if _has_text(ending) and step.exchanges:
            self._streams = frozenset({"sse"}) if any(one.streamed for one in step.exchanges) else frozenset()
            return play
        came = [f"POST {one.route} ({one.status})" for one in step.exchanges] + [str(one) for one in visits]
        lost = [f"{one}, which is not under its base_url" for one in self._stage.visits("")]
        requests = ", ".join([*came, *lost]) or "none"
        printed = f" It printed: {step.printed}" if step.printed else ""
        raise CannotBuildError(f"say(text) {_came_back(ending)}. Requests that came: {requests}.{printed}")

    def _played(self, plan: Plan, number: int) -> tuple[Play, tuple[Visit, ...]]:
        home = Path(tempfile.mkdtemp(prefix="chatproof-"))
        if self.policy.persistent:
            furnish(home)
        token = self._stage.begin(lambda side: words(number, -1, side))
        endpoint = Endpoint(
            base_url=self._stage.base_url(token),
            api_key=f"sk-play-{words(number, -1, 'key')}",
            model=self.policy.models[0],
            system_prompt=self.system_prompt,
            policy=self.policy,
            home=home,
        )
        try:
            self._driver.open(endpoint)
            performance = Performance(self._driver, self._stage, endpoint, token, number)
            steps = tuple(performance.steps(plan))
            trouble = self._stage.trouble(token)
            self._driver.close()
            self.requests += len(self._stage.exchanges(token))
            if trouble:
                raise EndpointLostError(trouble)
            return (
                Play(
                    policy=self.policy,
                    system_prompt=self.system_prompt,
                    steps=steps,
                    heard=self._driver.hears,
                ),
                self._stage.visits(token),
            )
        finally:
            self._stage.end(token)
            with suppress(OSError):
                shutil.rmtree(home)


def _has_text(ending: Ending) -> bool:
    match ending:
        case Returned(text=text):
            return bool(text)
        case Printed(text=text) | Displayed(text=text):
            return bool(text.strip())
        case _:
            return False


def _came_back(ending: Ending) -> str:
    match ending:
        case Returned(text=None, shown=shown):
            return f"gave back {shown or 'None'}, in which there is no text"
        case Returned(text=text):
            return f"gave back {text!r:.200}"
        case Printed(text=text, aside=aside):
            beside = f", and on standard error {aside!r:.300}" if aside else ""
            return f"printed {text!r:.200}{beside}"
        case Displayed(text=text):
            return f"printed {text!r:.300}"
        case Raised(error=error):
            return f"raised {error}"
        case Hung(seconds=seconds):
            return f"did not come back within {seconds:g} s"
        case Cancelled():
            return "was cancelled"
