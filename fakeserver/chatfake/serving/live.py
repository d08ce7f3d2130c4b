"""The fake on a real socket, in a thread of its own."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from chatfake.core.asgi_connection import App
from chatfake.fake import Fake
from chatfake.handle import Handle
from chatfake.journal.journal import Recorded
from chatfake.serving.tls import Tls

if TYPE_CHECKING:
    import uvicorn

    from chatfake.recording.relay import Recorder

START_SECONDS = 10.0
STOP_SECONDS = 10.0
THREAD = "chatfake-server"


class ServerError(RuntimeError):
    """The server could not start; the message is one sentence for a person."""


class LiveServer:
    """`with LiveServer() as server:` serves on a free port and is ready when the block begins.

    With `tls` it speaks HTTPS; a `listener` is a socket that listens already. With a `recorder` it passes requests on
    and writes down what comes back, and the fake is not asked. With an `app` that application answers, which may ask
    the fake.

    `ServerError` when the port is taken or the host is not ours.
    """

    def __init__(
        self,
        fake: Fake | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: Tls | None = None,
        listener: socket.socket | None = None,
        recorder: "Recorder | None" = None,
        app: App | None = None,
    ) -> None:
        self.fake = Fake() if fake is None else fake
        self.host = host
        self._wanted_port = port
        self._tls = tls
        self._given = listener
        self._recorder = recorder
        self._app = app
        self._socket: socket.socket | None = listener
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        if self._socket is None:
            raise ServerError("the server is not running")
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def base_url(self) -> str:
        """What SDKs call base URL: `http://127.0.0.1:PORT/v1`."""
        scheme = "http" if self._tls is None else "https"
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104  where to call, not to bind
        return f"{scheme}://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}/v1"

    def handle(self, key: str | None = None) -> Handle:
        """A handle whose `base_url` is this server's."""
        return self.fake.handle(key, base_url=self.base_url)

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """The requests that came without the key of a handle."""
        return self.fake.requests

    def start(self) -> None:
        """Binds the socket and waits until the server answers on it."""
        from chatfake.serving.asgi import asgi_app  # noqa: PLC0415
        from chatfake.serving.uvicorn_protocol import add_quiet_thread, server_for  # noqa: PLC0415  uvicorn is imported when something is served

        if self._thread is not None:
            raise ServerError("the server is running already")
        listener = self._given or bound(self.host, self._wanted_port)
        started = threading.Event()
        recorder = self._recorder
        app = self._app or (asgi_app(self.fake) if recorder is None else recorder.app())
        dated = recorder is None and not self.fake.replays
        server = server_for(app, started, self._tls, dated=dated)
        add_quiet_thread(THREAD)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name=THREAD, daemon=True)
        self._socket, self._server, self._thread = listener, server, thread
        thread.start()
        if not started.wait(START_SECONDS):
            self.stop()
            raise ServerError(f"the server did not start within {START_SECONDS:g} seconds")

    def stop(self) -> None:
        """Ends what is under way and closes the socket; a second call does nothing."""
        if self._thread is None or self._server is None or self._socket is None:
            return
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._socket.close()
        self._thread = self._server = self._socket = None


def bound(host: str, port: int) -> socket.socket:
    """A listening socket, so that connections are queued from this moment on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise ServerError(f"cannot listen on {host}:{port}: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise ServerError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


def _announce(line: str) -> None:
    """On stdout at once, for a script waits for it through a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve(
    fake: Fake | None = None,
    host: str = "127.0.0.1",
    port: int = 8080,
    *,
    ready: Callable[[str], None] = _announce,
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGINT),
    tls: Tls | None = None,
    recorder: "Recorder | None" = None,
) -> None:
    """Serves until a signal asks for the end, then returns. From the main thread only.

    `ready` gets one line once the server answers. `ServerError` when it cannot start.
    """
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    with contextlib.ExitStack() as stack:
        for number in signals:
            stack.callback(signal.signal, number, signal.signal(number, end))
        server = stack.enter_context(LiveServer(fake, host, port, tls=tls, recorder=recorder))
        ready(f"chatfake is ready at {server.base_url}")
        ended.wait()
