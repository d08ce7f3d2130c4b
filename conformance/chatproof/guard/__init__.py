"""Judges a program's own traffic while it flows: transports for `httpx` and `httpx2` that hand on every byte.

`chatproof.guard.httpx` and `chatproof.guard.httpx2` have the transports; here is what they are told.
"""

from .contract_error import ContractError
from .finding import ANSWERS, EXCHANGES, REQUESTS, Finding, Side
from .guard import LIMIT
from .reaction import Reaction, log, raise_must, report
from .routes import LORAX

__all__ = [
    "ANSWERS",
    "EXCHANGES",
    "LIMIT",
    "LORAX",
    "REQUESTS",
    "ContractError",
    "Finding",
    "Reaction",
    "Side",
    "log",
    "raise_must",
    "report",
]
