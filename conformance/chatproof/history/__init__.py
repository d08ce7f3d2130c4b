"""Holding history clients to their rules: what they resend, what they cut, what they forget.

A client is seen from outside: something is said to it, its HTTP requests are read, and a fake endpoint
answers. `HistoryClientSuite` runs the rules as tests, `run_client` as a function.
"""

from chatproof.history.bench import SYSTEM_PROMPT
from chatproof.history.client import CannotBuildError, ClientFactory, Endpoint, HistoryClient
from chatproof.history.factory import load_factory
from chatproof.history.log import Answer, AnswerKind, Log, Message, Round
from chatproof.history.oracle import expected_messages, recorded_messages
from chatproof.history.play import Breach, Play
from chatproof.history.policy import Messages, Policy
from chatproof.history.registry import rule
from chatproof.history.rules import RULES, Rule
from chatproof.history.run import run_client
from chatproof.history.search import Search
from chatproof.history.suite import HistoryClientSuite

__all__ = [
    "RULES",
    "SYSTEM_PROMPT",
    "Answer",
    "AnswerKind",
    "Breach",
    "CannotBuildError",
    "ClientFactory",
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
