"""The cases that an endpoint is held to. Importing this package fills the catalogue, in the order of a run."""

from importlib import import_module

from chatproof.cases.endpoint import Endpoint, Profile
from chatproof.cases.registry import (
    CASES,
    EVERY,
    GATEWAY,
    GATEWAY_CASES,
    LORAX_CASES,
    PROFILES,
    RESPONSES_CASES,
    Case,
    case,
    case_of,
    cases_of,
    profile_of,
)
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError

__all__ = [
    "CASES",
    "EVERY",
    "GATEWAY",
    "GATEWAY_CASES",
    "LORAX_CASES",
    "PROFILES",
    "RESPONSES_CASES",
    "Case",
    "Endpoint",
    "Finding",
    "InconclusiveError",
    "Level",
    "Profile",
    "UnsupportedError",
    "case",
    "case_of",
    "cases_of",
    "profile_of",
]

# First what others build on; history before what may upset a server, and before what costs much.
for _module in (
    "openai.models",
    "openai.chat_json",
    "openai.chat_limits",
    "openai.chat_options",
    "openai.chat_messages",
    "openai.chat_logprobs",
    "openai.chat_sse",
    "openai.chat_sse_modes",
    "openai.chat_sse_text",
    "openai.chat_sse_options",
    "openai.history",
    "openai.tools.choice",
    "openai.tools.calls",
    "openai.tools.streams",
    "openai.tools.parallel",
    "openai.tools.rounds",
    "openai.chat_format",
    "openai.chat_errors",
    "openai.limit_errors",
    "openai.http",
    "openai.http_connection",
    "openai.chat_reasoning",
    "openai.chat_image",
    "openai.completions",
    "openai.completion_options",
    "openai.embeddings",
    "openai.responses",
    "openai.response_calls",
    "openai.property",
    "openai.history.ids",  # after all others: it looks at what they were answered
    "lorax.generate",
    "lorax.options",
    "lorax.stream",
    "lorax.errors",
    "lorax.routes",
    "gateway.answers",
    "gateway.streams",
):
    import_module(f"chatproof.cases.{_module}")
