"""The cases that an endpoint is held to. Importing this package fills the catalogue, in the order of a run."""

from chatproof.cases import http, models, chat_json, chat_sse, chat_tools, chat_errors, history  # noqa: F401, I001  the order of a run
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
