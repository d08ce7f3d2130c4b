"""A fake OpenAI-compatible server for other people's tests: stateless, exact on the wire, able to misbehave.

`with LiveServer() as server:` serves on a real socket, `Fake().httpx2_transport()` without one. Importing this
costs next to nothing: each name is imported when it is used, uvicorn, httpx and httpx2 with what needs them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatfake.asgi import asgi_app
    from chatfake.fake import Fake
    from chatfake.faults import FAULTS, Fault
    from chatfake.handle import Handle
    from chatfake.in_process import InProcess
    from chatfake.journal import Recorded
    from chatfake.live import LiveServer, ServerError, serve
    from chatfake.patching import httpx2_router, respx_router
    from chatfake.plan import Plan, UnknownNameError
    from chatfake.recording.exchange import RecordingError
    from chatfake.recording.relay import Recorder
    from chatfake.recording.replay import Replay
    from chatfake.recording.upstream import UpstreamError
    from chatfake.reply import Reply, ToolCall
    from chatfake.scenarios import SCENARIOS, Scenario
    from chatfake.transport_httpx import HandlerTransport
    from chatfake.wire import Answer, Cut, Handler, Request, Send

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
    "InProcess",
    "LiveServer",
    "Plan",
    "Recorded",
    "Recorder",
    "RecordingError",
    "Replay",
    "Reply",
    "Request",
    "Scenario",
    "Send",
    "ServerError",
    "ToolCall",
    "UnknownNameError",
    "UpstreamError",
    "asgi_app",
    "httpx2_router",
    "respx_router",
    "serve",
]


_MODULES = {
    "asgi": ("asgi_app",),
    "fake": ("Fake",),
    "faults": ("FAULTS", "Fault"),
    "handle": ("Handle",),
    "journal": ("Recorded",),
    "in_process": ("InProcess",),
    "live": ("LiveServer", "ServerError", "serve"),
    "patching": ("httpx2_router", "respx_router"),
    "plan": ("Plan", "UnknownNameError"),
    "recording.exchange": ("RecordingError",),
    "recording.relay": ("Recorder",),
    "recording.replay": ("Replay",),
    "recording.upstream": ("UpstreamError",),
    "reply": ("Reply", "ToolCall"),
    "scenarios": ("SCENARIOS", "Scenario"),
    "transport_httpx": ("HandlerTransport",),
    "wire": ("Answer", "Cut", "Handler", "Request", "Send"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    # The pytest plugin is in this package, and pytest imports it at every start, in other people's projects too.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
