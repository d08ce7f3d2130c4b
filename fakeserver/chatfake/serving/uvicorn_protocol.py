"""uvicorn as the fake needs it: quiet, quick to stop, and able to lose a connection on purpose."""

import asyncio
import logging
import threading
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatfake.core.asgi_connection import TRANSPORT, App
from chatfake.serving.tls import Tls

#: How often the server looks whether it should stop.
TICK_SECONDS = 0.02


class AbortableProtocol(H11Protocol):
    """Hands its transport to the application, which closes it where an answer is cut.

    uvicorn has no other way to break an answer off but an exception, and that prints a traceback.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        # uvicorn turns it on whenever any handler would hear it, whatever the configuration says
        self.access_log = False
        self.app_state = {**self.app_state, TRANSPORT: transport}

    def data_received(self, data: bytes) -> None:
        # what comes after bytes that are no HTTP is nothing that could be read, and h11 would keep it
        if self.conn.their_state is not h11.ERROR:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        # uvicorn would write it into the middle of an answer that is under way, and fail; the answer goes on, and h11
        # has the connection closed after it
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        elif self.conn.our_state is not h11.SEND_BODY:
            self.transport.close()


class ReadyServer(uvicorn.Server):
    """Says when it answers, and ends within a tick."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._ready = started

    async def main_loop(self) -> None:
        self._ready.set()
        counter = 0
        while not await self.on_tick(counter):
            # uvicorn counts ticks of a tenth of a second, and renews the date header every ten
            await asyncio.sleep(TICK_SECONDS)
            counter = (counter + 1) % 864_000


class QuietThread(logging.Filter):
    """Lets nothing of the fake's own thread through but tracebacks of true errors.

    uvicorn logs to loggers that belong to the whole process, and other servers in it may want to be heard.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.threadName != self.name:
            return True
        kind = record.exc_info[0] if record.exc_info else None
        return kind is not None and kind is not asyncio.CancelledError


def add_quiet_thread(name: str) -> None:
    """Keeps uvicorn quiet on the thread of that name, from now on."""
    logger = logging.getLogger("uvicorn.error")
    if not any(isinstance(one, QuietThread) and one.name == name for one in logger.filters):
        logger.addFilter(QuietThread(name))


def server_for(
    app: App, started: threading.Event, tls: Tls | None = None, *, dated: bool = True
) -> uvicorn.Server:
    """A server that is run with the sockets it is given. `started` is set once it answers.

    `dated` answers get a date; what was recorded has one, or had none.
    """
    # uvicorn sets a level on loggers that belong to the whole process; None leaves them as they are
    config = uvicorn.Config(
        cast("Any", app),
        http=AbortableProtocol,
        loop="asyncio",
        interface="asgi3",  # uvicorn takes a method for an application of ASGI 2
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level=None,
        server_header=False,
        date_header=dated,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        backlog=2048,
        ssl_certfile=None if tls is None else tls.cert,
        ssl_keyfile=None if tls is None else tls.key,
    )
    return ReadyServer(config, started)
