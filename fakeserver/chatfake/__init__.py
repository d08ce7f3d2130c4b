"""A fake OpenAI-compatible server for other people's tests: stateless, exact on the wire, able to misbehave.

`with LiveServer() as server:` serves on a real socket, `Fake().httpx2_transport()` without one. Importing this
costs the standard library only: uvicorn, httpx and httpx2 are imported when something of theirs is used.
"""

from typing import TYPE_CHECKING, Any

from chatfake.asgi import asgi_app
from chatfake.fake import Fake
from chatfake.faults import FAULTS, Fault
from chatfake.handle import Handle
from chatfake.journal import Recorded
from chatfake.live import LiveServer, ServerError, serve
from chatfake.plan import Plan, UnknownNameError
from chatfake.reply import Reply, ToolCall
from chatfake.scenarios import SCENARIOS, Scenario
from chatfake.wire import Answer, Cut, Handler, Request, Send

if TYPE_CHECKING:
    from chatfake.transport_httpx import HandlerTransport

__all__ = [
    "FAULTS",
    "SCENARIOS",
    "Answer",
    "Cut",
    "Fake",
    "Fault",
    "Handle",
    "Handler",
    "HandlerTransport",
    "LiveServer",
    "Plan",
    "Recorded",
    "Reply",
    "Request",
    "Scenario",
    "Send",
    "ServerError",
    "ToolCall",
    "UnknownNameError",
    "asgi_app",
    "serve",
]


def __getattr__(name: str) -> Any:
    if name == "HandlerTransport":
        from chatfake.transport_httpx import HandlerTransport  # noqa: PLC0415  httpx is imported when it is used

        return HandlerTransport
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
