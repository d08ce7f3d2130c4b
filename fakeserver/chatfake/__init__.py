"""A fake OpenAI-compatible server for other people's tests: stateless, exact on the wire, able to misbehave.

`with LiveServer() as server:` serves on a real socket, `Fake().httpx2_transport()` without one. Importing this
costs next to nothing: each name is imported when it is used, uvicorn, httpx and httpx2 with what needs them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatfake.core.http import Answer, Cut, Handler, Request, Send
    from chatfake.fake import Fake
    from chatfake.faults import FAULTS, Fault
    from chatfake.generation.reply import Reply, ToolCall
    from chatfake.generation.scenarios import SCENARIOS, Scenario
    from chatfake.handle import Handle
    from chatfake.journal.journal import Recorded
    from chatfake.recording.exchange import RecordingError
    from chatfake.recording.relay import Recorder
    from chatfake.recording.replay import Replay
    from chatfake.recording.upstream import UpstreamError
    from chatfake.scripting.plan import AmbiguousTextError, Plan, UnknownNameError
    from chatfake.serving.asgi import asgi_app
    from chatfake.serving.in_process import InProcess
    from chatfake.serving.live import LiveServer, ServerError, serve
    from chatfake.serving.patching import httpx2_router, respx_router
    from chatfake.transports.httpx import HandlerTransport

#: The distribution's: what is installed beside `chatproof` is of one version with it, and a test holds them together.
__version__ = "0.1.0"

__all__ = [
    "FAULTS",
    "SCENARIOS",
    "AmbiguousTextError",
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
    "serving.asgi": ("asgi_app",),
    "fake": ("Fake",),
    "faults": ("FAULTS", "Fault"),
    "handle": ("Handle",),
    "journal.journal": ("Recorded",),
    "serving.in_process": ("InProcess",),
    "serving.live": ("LiveServer", "ServerError", "serve"),
    "serving.patching": ("httpx2_router", "respx_router"),
    "scripting.plan": ("AmbiguousTextError", "Plan", "UnknownNameError"),
    "recording.exchange": ("RecordingError",),
    "recording.relay": ("Recorder",),
    "recording.replay": ("Replay",),
    "recording.upstream": ("UpstreamError",),
    "generation.reply": ("Reply", "ToolCall"),
    "generation.scenarios": ("SCENARIOS", "Scenario"),
    "transports.httpx": ("HandlerTransport",),
    "core.http": ("Answer", "Cut", "Handler", "Request", "Send"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    # The pytest plugin is in this package, and pytest imports it at every start, in other people's projects too.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
