"""One stage for all tests of stages: tokens keep them apart."""

from collections.abc import Generator

import pytest

from chatproof.stage import FakeStage


@pytest.fixture(scope="session")
def stage() -> Generator[FakeStage]:
    with FakeStage() as stage:
        yield stage
