"""The cases that an endpoint is held to. Importing this package fills the catalogue, in the order of a run."""

from importlib import import_module

from chatproof.cases.endpoint import Endpoint, Profile
from chatproof.cases.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.cases.registry import CASES, LORAX_CASES, PROFILES, Case, case, case_of

__all__ = [
    "CASES",
    "LORAX_CASES",
    "PROFILES",
    "Case",
    "Endpoint",
    "Finding",
    "InconclusiveError",
    "Level",
    "Profile",
    "UnsupportedError",
    "case",
    "case_of",
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
    "lorax_generate",
    "lorax_options",
    "lorax_stream",
    "lorax_errors",
    "lorax_routes",
):
    import_module(f"chatproof.cases.{_module}")
