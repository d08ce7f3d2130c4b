"""Holding history clients to their rules: what they resend, what they cut, what they forget.

A client is seen from outside: something is said to it, its HTTP requests are read, and a fake endpoint answers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatproof.drivers.factory import load_factory
    from chatproof.history.model.endpoint import CannotBuildError, ClientFactory, Endpoint
    from chatproof.history.model.policy import Policy

__all__ = ["CannotBuildError", "ClientFactory", "Endpoint", "Policy", "load_factory"]

_HOME = {
    "CannotBuildError": "history.model.endpoint",
    "ClientFactory": "history.model.endpoint",
    "Endpoint": "history.model.endpoint",
    "Policy": "history.model.policy",
    "load_factory": "drivers.factory",
}


def __getattr__(name: str) -> Any:
    # A child process in which a client lives needs the model alone, and starts often.
    if name in _HOME:
        return getattr(import_module(f"chatproof.{_HOME[name]}"), name)
    raise AttributeError(f"module 'chatproof.history' has no attribute {name!r}")
