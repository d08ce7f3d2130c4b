"""A fake without a socket, with a transport for each library."""

from functools import cached_property
from typing import TYPE_CHECKING

from chatfake.fake import Fake

if TYPE_CHECKING:
    from chatfake.transports.httpx import HandlerTransport
    from chatfake.transports.httpx2 import HandlerTransport as HandlerTransport2


class InProcess:
    """One fake and one handle; time passes on `fake.time`, a clock that is only counted.

    A client says the handle's key (`OpenAI(**found.handle.openai, http_client=httpx2.Client(transport=found.httpx2))`).
    """

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.handle = fake.handle()

    @cached_property
    def httpx(self) -> "HandlerTransport":
        """The transport for `httpx.Client` and `httpx.AsyncClient`."""
        return self.fake.httpx_transport()

    @cached_property
    def httpx2(self) -> "HandlerTransport2":
        """The transport for `httpx2.Client` and `httpx2.AsyncClient`."""
        return self.fake.httpx2_transport()
