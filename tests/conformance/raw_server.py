"""Endpoints that no HTTP library would be: a function has the connection to itself."""

import socket
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import trustme

__all__ = ["Talk", "raw_server", "tls_of", "until_refused"]

Talk = Callable[[socket.socket], None]


@contextmanager
def raw_server(talk: Talk) -> Generator[str]:
    """A server on this machine that gives each connection, its request read, to the function; yields host:port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            with suppress(OSError):  # the listener is closed: the test has ended
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with closing(connection), suppress(OSError):  # the client may go away at any moment
                talk(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def until_refused(connection: socket.socket, pieces: Iterator[bytes], pause: float = 0.01) -> None:
    """Send pieces with a pause after each, until the other side has enough."""
    rest = threading.Event()
    for piece in pieces:
        connection.sendall(piece)
        rest.wait(pause)


def tls_of(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate's authority, as a file, and a server's side of TLS with a certificate of it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return folder / "ca.pem", context
