"""Sessions: a client in a thread of this process or in a process of its own, on the fake or before an endpoint."""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatproof.drivers import Driver, ProcessDriver, ThreadDriver
from chatproof.history.model.endpoint import ClientFactory
from chatproof.history.model.policy import Policy
from chatproof.history.running.session import SYSTEM_PROMPT, Session

if TYPE_CHECKING:
    from chatproof.stage import Upstream

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
) -> Generator[Session]:
    """A client that a driver of whatever kind drives."""
    with driver() as opened:
        yield from _on_stage(opened, policy, system_prompt, upstream)


def _on_stage(
    driver: Driver, policy: Policy, system_prompt: str, upstream: "Upstream | None"
) -> Generator[Session]:
    from chatproof.stage import FakeStage, Relay  # noqa: PLC0415  a test class is imported before anything is served

    stage = FakeStage(policy.models) if upstream is None else Relay(upstream, policy.models)
    with stage:
        yield Session(driver, stage, policy, system_prompt=system_prompt)
