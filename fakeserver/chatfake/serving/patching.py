"""The fake in place of a base URL, for code whose HTTP client cannot be handed in."""

import contextlib
from collections.abc import Generator
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from chatfake.fake import Fake

if TYPE_CHECKING:
    import respx

OPENAI_URL = "https://api.openai.com"


def respx_router(fake: Fake, base_url: str = OPENAI_URL) -> "respx.MockRouter":
    """A respx router (for `httpx`) that answers everything under `base_url`.

    `with respx_router(fake) as router:`; its calls can be asserted on as usual. Other URLs are refused by respx.
    """
    import respx  # noqa: PLC0415  it is not everyone's

    router = respx.mock(base_url=base_url.rstrip("/"), assert_all_called=False)
    router.route().mock(side_effect=fake.httpx_transport().handle_request)
    return router


@contextlib.contextmanager
def httpx2_router(fake: Fake, base_url: str = OPENAI_URL) -> Generator[None]:
    """The same for `httpx2`, which respx does not patch. Other URLs go where they would go without it."""
    import httpx2  # noqa: PLC0415  it is not everyone's

    ours = fake.httpx2_transport()
    prefix = base_url.rstrip("/") + "/"
    send, send_async = httpx2.HTTPTransport.handle_request, httpx2.AsyncHTTPTransport.handle_async_request

    def handle(transport: Any, request: Any) -> Any:
        return ours.handle_request(request) if _under(request, prefix) else send(transport, request)

    async def handle_async(transport: Any, request: Any) -> Any:
        if _under(request, prefix):
            return await ours.handle_async_request(request)
        return await send_async(transport, request)

    with (
        patch.object(httpx2.HTTPTransport, "handle_request", handle),
        patch.object(httpx2.AsyncHTTPTransport, "handle_async_request", handle_async),
    ):
        yield


def _under(request: Any, prefix: str) -> bool:
    return str(request.url).startswith(prefix)
