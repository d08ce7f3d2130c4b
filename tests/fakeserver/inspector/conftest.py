"""A server and a client for each test."""

from collections.abc import Iterator

import pytest

from chatfake import LiveServer
from tests.fakeserver.inspector.client import Client


@pytest.fixture(scope="module")
def one_server() -> Iterator[LiveServer]:
    with LiveServer() as found:
        yield found


@pytest.fixture
def server(one_server: LiveServer) -> LiveServer:
    """It knows nothing of the test before."""
    for key in one_server.fake.sessions.keys:
        one_server.fake.forget(key)
    one_server.fake.sessions.anyone.clear()
    return one_server


@pytest.fixture
def client(server: LiveServer) -> Iterator[Client]:
    found = Client(server, server.handle("sk-bot"))
    yield found
    found.close()
