"""Sessions: a client in a thread of this process or in a process of its own, on the fake or before an endpoint."""

from collections.abc import Callable, Collection, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from chatproof.drivers import Driver, ProcessDriver, ThreadDriver
from chatproof.history.model.endpoint import ClientFactory
from chatproof.history.model.policy import Policy
from chatproof.history.running.crew import Crew
from chatproof.history.running.session import SYSTEM_PROMPT, Session

if TYPE_CHECKING:
    from chatproof.stage import FakeStage, Relay, Upstream

__all__ = ["driven_session", "process_session", "thread_session"]


@contextmanager
def thread_session(
    factory: ClientFactory,
    policy: Policy,
    *,
    system_prompt: str = SYSTEM_PROMPT,
    seconds: float = 30.0,
    upstream: "Upstream | None" = None,
) -> Generator[Session]:
    """A client in a thread: for factories that exist in this process alone. `seconds` bounds each ask.

    With an `upstream` plain answers are those of that endpoint.
    """
    with ThreadDriver(factory, seconds=seconds) as driver:
        yield from _on_stage(driver, policy, system_prompt, upstream)


@contextmanager
def process_session(
    target: str,
    policy: Policy,
    *,
    system_prompt: str = SYSTEM_PROMPT,
    seconds: float = 30.0,
    upstream: "Upstream | None" = None,
    hidden: Collection[str] = (),
) -> Generator[Session]:
    """A client in a process of its own: whatever it does to that, its judge lives on.

    It does not have the variables that are `hidden`.
    """
    with ProcessDriver(target, seconds=seconds, hidden=hidden) as driver:
        yield from _on_stage(driver, policy, system_prompt, upstream)


@contextmanager
def driven_session(
    driver: Callable[[], Driver],
    policy: Policy,
    *,
    system_prompt: str = SYSTEM_PROMPT,
    upstream: "Upstream | None" = None,
    jobs: int = 1,
) -> Generator[Session | Crew]:
    """A client that a driver of whatever kind drives; so many at once."""
    with ExitStack() as rim:
        stage = rim.enter_context(_stage(policy, upstream))
        drivers = [rim.enter_context(driver()) for _ in range(jobs)]
        sessions = [Session(one, stage, policy, system_prompt=system_prompt) for one in drivers]
        yield rim.enter_context(Crew(sessions)) if jobs > 1 else sessions[0]


def _on_stage(
    driver: Driver, policy: Policy, system_prompt: str, upstream: "Upstream | None"
) -> Generator[Session]:
    with _stage(policy, upstream) as stage:
        yield Session(driver, stage, policy, system_prompt=system_prompt)


def _stage(policy: Policy, upstream: "Upstream | None") -> "FakeStage | Relay":
    from chatproof.stage import FakeStage, Relay  # noqa: PLC0415  a test class is imported before anything is served

    return FakeStage(policy.models) if upstream is None else Relay(upstream, policy.models)
