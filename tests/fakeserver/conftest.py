"""The plugin's fixtures, whether or not the distribution's entry points are installed."""

import pytest

from chatfake import Fake
from chatfake.plugin import fake_server, fake_server_session

__all__ = ["fake_server", "fake_server_session"]


@pytest.fixture
def fake() -> Fake:
    return Fake()
