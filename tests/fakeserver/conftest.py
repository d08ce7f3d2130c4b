"""The plugin's fixtures, whether or not the distribution's entry points are installed."""

import pytest
from hypothesis import settings

from chatfake import Fake
from chatfake.plugin import fake_server, fake_server_session

# a slow machine is no finding
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")

__all__ = ["fake_server", "fake_server_session"]


@pytest.fixture
def fake() -> Fake:
    return Fake()
