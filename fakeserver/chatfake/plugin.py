"""pytest fixtures. Nothing heavy is imported before a fixture is used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatfake.handle import Handle
    from chatfake.live import LiveServer


@pytest.fixture(scope="session")
def fake_server_session() -> "Iterator[LiveServer]":
    """A fake OpenAI-compatible server on a real socket, one for the whole session."""
    from chatfake.live import LiveServer  # noqa: PLC0415  the cost is paid by those who use it

    with LiveServer() as server:
        yield server


@pytest.fixture
def fake_server(fake_server_session: "LiveServer") -> "Iterator[Handle]":
    """The test's own script and journal on the session's server: `OpenAI(**fake_server.openai)`."""
    handle = fake_server_session.handle()
    yield handle
    fake_server_session.fake.forget(handle.key)
