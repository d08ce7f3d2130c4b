"""Holding history clients to their rules: what they resend, what they cut, what they forget.

A client is seen from outside: something is said to it, its HTTP requests are read, and a fake endpoint answers.
`HistoryClientSuite` runs the rules as tests, `run_client` as a function.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatproof.drivers.factory import load_factory
    from chatproof.history.model.answers import Fate
    from chatproof.history.model.endpoint import CannotBuildError, ClientFactory, Endpoint
    from chatproof.history.model.policy import UNKNOWN, Messages, Policy, Rounds, Tokens, Turns
    from chatproof.history.rules import RULES, Rule
    from chatproof.history.running.opening import process_session, thread_session
    from chatproof.history.running.run import run_client
    from chatproof.history.running.session import SYSTEM_PROMPT, Session
    from chatproof.history.running.suite import HistoryClientSuite
    from chatproof.history.running.trial import Search

__all__ = [
    "RULES",
    "SYSTEM_PROMPT",
    "UNKNOWN",
    "CannotBuildError",
    "ClientFactory",
    "Endpoint",
    "Fate",
    "HistoryClientSuite",
    "Messages",
    "Policy",
    "Rounds",
    "Rule",
    "Search",
    "Session",
    "Tokens",
    "Turns",
    "load_factory",
    "process_session",
    "run_client",
    "thread_session",
]

_HOMES = {
    "drivers.factory": ("load_factory",),
    "history.model.answers": ("Fate",),
    "history.model.endpoint": ("CannotBuildError", "ClientFactory", "Endpoint"),
    "history.model.policy": ("UNKNOWN", "Messages", "Policy", "Rounds", "Tokens", "Turns"),
    "history.rules": ("RULES", "Rule"),
    "history.running.opening": ("process_session", "thread_session"),
    "history.running.run": ("run_client",),
    "history.running.session": ("SYSTEM_PROMPT", "Session"),
    "history.running.suite": ("HistoryClientSuite",),
    "history.running.trial": ("Search",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # A child process in which a client lives needs the model alone, and starts often.
    if name in _HOME:
        return getattr(import_module(f"chatproof.{_HOME[name]}"), name)
    raise AttributeError(f"module 'chatproof.history' has no attribute {name!r}")
