"""A driver with a client on a stage, for one test."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from chatproof.drivers import Driver, ProcessDriver, ThreadDriver
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatproof.stage import FakeStage
from tests.drivers import clients, hostile, sdk
from tests.stage.asking import said

HOSTS: tuple[str, ...] = ("thread", "process")


def driver_for(host: str, name: str, seconds: float = 30.0) -> Driver:
    """A driver of a client in `clients` or `hostile`."""
    module = next(one for one in (clients, hostile, sdk) if hasattr(one, name))
    if host == "process":
        return ProcessDriver(f"{module.__name__}:{name}", seconds=seconds)
    factory: Callable[[Endpoint], Any] = getattr(module, name)
    return ThreadDriver(factory, seconds=seconds)


def endpoint_at(stage: FakeStage, token: str, home: Path, policy: Policy | None = None) -> Endpoint:
    """Where a client sends."""
    return Endpoint(
        base_url=stage.base_url(token),
        api_key="sk-test",
        model="tiny",
        system_prompt="Be brief.",
        policy=policy or Policy(),
        home=home,
    )


class Kept:
    """Processes that serve one test after the other, as they do one play after the other."""

    def __init__(self) -> None:
        self._drivers: dict[tuple[str, float], ProcessDriver] = {}

    def driver(self, name: str, seconds: float) -> ProcessDriver:
        """That of a client."""
        if (name, seconds) not in self._drivers:
            driver = driver_for("process", name, seconds)
            assert isinstance(driver, ProcessDriver)
            self._drivers[name, seconds] = driver
        return self._drivers[name, seconds]

    def end(self) -> None:
        """End them all."""
        for driver in self._drivers.values():
            driver.__exit__(None, None, None)
        self._drivers.clear()


KEPT = Kept()


@contextmanager
def opened(
    stage: FakeStage, home: Path, host: str, name: str, policy: Policy | None = None, seconds: float = 30.0
) -> Generator[tuple[Driver, str]]:
    """The driver, and the token of its requests."""
    token = stage.begin(said)
    with ExitStack() as rim:
        if host == "process":
            driver: Driver = KEPT.driver(name, seconds)
            rim.callback(driver.printed)
            rim.callback(driver.close)
        else:
            driver = rim.enter_context(driver_for(host, name, seconds))
        driver.open(endpoint_at(stage, token, home, policy))
        yield driver, token
    stage.end(token)
