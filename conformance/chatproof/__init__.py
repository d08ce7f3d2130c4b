"""chatproof finds what is wrong with OpenAI-compatible chat endpoints, and with the clients that keep a
conversation for them. The command `chatproof` runs it; `pytest --pyargs chatproof` runs the same cases.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chatproof.findings.version import __version__

if TYPE_CHECKING:
    from chatproof.history import (
        UNKNOWN,
        Fate,
        HistoryClientSuite,
        Messages,
        Policy,
        Rounds,
        Search,
        Tokens,
        Turns,
        process_session,
        run_client,
        thread_session,
    )
    from chatproof.testing.endpoint import ChatEndpoint
    from chatproof.testing.suite import EndpointSuite

__all__ = [
    "UNKNOWN",
    "ChatEndpoint",
    "EndpointSuite",
    "Fate",
    "HistoryClientSuite",
    "Messages",
    "Policy",
    "Rounds",
    "Search",
    "Tokens",
    "Turns",
    "__version__",
    "process_session",
    "run_client",
    "thread_session",
]

_HISTORY = "chatproof.history"
_FROM = {name: _HISTORY for name in __all__ if name != "__version__"} | {
    "ChatEndpoint": "chatproof.testing.endpoint",
    "EndpointSuite": "chatproof.testing.suite",
}


def __getattr__(name: str) -> Any:
    # The pytest plugin lives in this package and is imported at every start of pytest: what is heavy
    # comes when it is asked for.
    if name in _FROM:
        return getattr(import_module(_FROM[name]), name)
    raise AttributeError(f"module 'chatproof' has no attribute {name!r}")
