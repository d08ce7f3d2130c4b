"""Sessions: a client in a thread of this process or in a process of its own, on the fake as its stage."""

from collections.abc import Generator
from contextlib import contextmanager

from chatproof.drivers import Driver, ProcessDriver, ThreadDriver
from chatproof.history.model.endpoint import ClientFactory
from chatproof.history.model.policy import Policy
from chatproof.history.running.session import SYSTEM_PROMPT, Session

__all__ = ["process_session", "thread_session"]


@contextmanager
def thread_session(
    factory: ClientFactory, policy: Policy, *, system_prompt: str = SYSTEM_PROMPT, seconds: float = 30.0
) -> Generator[Session]:
    """A client in a thread: for factories that exist in this process alone. `seconds` bounds each ask."""
    with ThreadDriver(factory, seconds=seconds) as driver:
        yield from _on_stage(driver, policy, system_prompt)


@contextmanager
def process_session(
    target: str, policy: Policy, *, system_prompt: str = SYSTEM_PROMPT, seconds: float = 30.0
) -> Generator[Session]:
    """A client in a process of its own: whatever it does to that, its judge lives on."""
    with ProcessDriver(target, seconds=seconds) as driver:
        yield from _on_stage(driver, policy, system_prompt)


def _on_stage(driver: Driver, policy: Policy, system_prompt: str) -> Generator[Session]:
    from chatproof.stage import FakeStage  # noqa: PLC0415  a test class is imported before anything is served

    with FakeStage(policy.models) as stage:
        yield Session(driver, stage, policy, system_prompt=system_prompt)
