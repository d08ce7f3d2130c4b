"""pytest fixtures. Nothing heavy is imported before a fixture is used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatfake.handle import Handle
    from chatfake.serving.in_process import InProcess
    from chatfake.serving.live import LiveServer

_MARKER = "fake_scenario(name): what `fake_server` and `fake_transport` answer where nothing else is scripted"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The names of the models that the session's server serves."""
    parser.addini("fake_models", "models that the fake serves; none given, any", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def fake_server_session(pytestconfig: pytest.Config) -> "Iterator[LiveServer]":
    """A fake OpenAI-compatible server on a real socket, one for the whole session."""
    from chatfake.fake import Fake  # noqa: PLC0415  the cost is paid by those who use it
    from chatfake.serving.live import LiveServer  # noqa: PLC0415

    with LiveServer(Fake(models=pytestconfig.getini("fake_models"))) as server:
        yield server


@pytest.fixture
def fake_server(fake_server_session: "LiveServer", request: pytest.FixtureRequest) -> "Iterator[Handle]":
    """The test's own script and journal on the session's server: `OpenAI(**fake_server.openai)`."""
    handle = fake_server_session.handle()
    _mark(handle, request)
    yield handle
    fake_server_session.fake.forget(handle.key)


@pytest.fixture
def fake_transport(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> "InProcess":
    """A fake of the test's own, without a socket: `httpx.Client(transport=fake_transport.httpx)`."""
    from chatfake.fake import Fake  # noqa: PLC0415
    from chatfake.serving.in_process import InProcess  # noqa: PLC0415

    found = InProcess(Fake(models=pytestconfig.getini("fake_models")))
    _mark(found.handle, request)
    return found


@pytest.fixture
def fake_env(fake_server: "Handle", monkeypatch: pytest.MonkeyPatch) -> "Handle":
    """`fake_server`, with OPENAI_BASE_URL and OPENAI_API_KEY set to it: `OpenAI()` finds it by itself."""
    monkeypatch.setenv("OPENAI_BASE_URL", fake_server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", fake_server.api_key)
    return fake_server


def _mark(handle: "Handle", request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("fake_scenario")
    if marker is not None:
        (answer,) = marker.args
        handle.usually(handle.plan(answer) if isinstance(answer, str) else answer)
