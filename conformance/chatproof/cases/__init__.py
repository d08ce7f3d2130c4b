"""The cases that an endpoint is held to. Importing this package fills the catalogue, in the order of a run."""

from importlib import import_module

from chatproof.cases.endpoint import Endpoint, Profile
from chatproof.cases.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.cases.registry import CASES, Case, case

__all__ = [
    "CASES",
    "Case",
    "Endpoint",
    "Finding",
    "InconclusiveError",
    "Level",
    "Profile",
    "UnsupportedError",
    "case",
]

for _module in (
    "http",
    "models",
    "chat_json",
    "chat_options",
    "chat_sse",
    "chat_tools",
    "chat_errors",
    "history",
):
    import_module(f"chatproof.cases.{_module}")
