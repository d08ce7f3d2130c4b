"""The cases that an endpoint is held to. Importing this package fills the catalogue, in the order of a run."""

from importlib import import_module

from chatproof.cases.endpoint import Endpoint, Profile
from chatproof.cases.registry import CASES, LORAX_CASES, PROFILES, Case, case, case_of
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError

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

# First what others build on; history before what may upset a server, and before what costs much.
for _module in (
    "openai.models",
    "openai.chat_json",
    "openai.chat_options",
    "openai.chat_sse",
    "openai.chat_sse_modes",
    "openai.history",
    "openai.tools.choice",
    "openai.tools.calls",
    "openai.tools.streams",
    "openai.tools.parallel",
    "openai.tools.rounds",
    "openai.chat_format",
    "openai.chat_errors",
    "openai.http",
    "openai.chat_reasoning",
    "openai.chat_image",
    "lorax.generate",
    "lorax.options",
    "lorax.stream",
    "lorax.errors",
    "lorax.routes",
):
    import_module(f"chatproof.cases.{_module}")
