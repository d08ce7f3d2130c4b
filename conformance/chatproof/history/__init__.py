"""Holding history clients to their rules: what they resend, what they cut, what they forget.

A client is seen from outside: something is said to it, its HTTP requests are read, and a fake endpoint
answers. `HistoryClientSuite` runs the rules as tests, `run_client` as a function.
"""

from chatproof.history.model.client import CannotBuildError, ClientFactory, Endpoint, HistoryClient
from chatproof.history.model.log import Answer, AnswerKind, Log, Message, Round
from chatproof.history.model.oracle import expected_messages, recorded_messages
from chatproof.history.model.play import ClientViolation, Play
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.model.registry import rule
from chatproof.history.rules import RULES, Rule
from chatproof.history.running.bench import SYSTEM_PROMPT
from chatproof.history.running.factory import load_factory
from chatproof.history.running.run import run_client
from chatproof.history.running.search import Search
from chatproof.history.running.suite import HistoryClientSuite

__all__ = [
    "RULES",
    "SYSTEM_PROMPT",
    "Answer",
    "AnswerKind",
    "CannotBuildError",
    "ClientFactory",
    "ClientViolation",
    "Endpoint",
    "HistoryClient",
    "HistoryClientSuite",
    "Log",
    "Message",
    "Messages",
    "Play",
    "Policy",
    "Round",
    "Rule",
    "Search",
    "expected_messages",
    "load_factory",
    "recorded_messages",
    "rule",
    "run_client",
]
