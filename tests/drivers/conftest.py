"""One stage for all tests of drivers: tokens keep them apart."""

from collections.abc import Generator

import pytest

from chatproof.stage import FakeStage
from tests.drivers.opened import KEPT


@pytest.fixture(scope="session")
def stage() -> Generator[FakeStage]:
    with FakeStage() as stage:
        yield stage
    KEPT.end()
