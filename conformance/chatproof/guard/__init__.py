"""Judges a program's own traffic while it flows: transports for `httpx` and `httpx2` that hand on every byte.

`chatproof.guard.httpx` and `chatproof.guard.httpx2` have the transports; here is what they are told.
"""

from chatproof.guard.contract_error import ContractError
from chatproof.guard.guard import LIMIT
from chatproof.guard.observation import ANSWERS, EXCHANGES, REQUESTS, Observation, Side
from chatproof.guard.on_violation import Reaction, log, raise_must, report
from chatproof.guard.routes import LORAX

__all__ = [
    "ANSWERS",
    "EXCHANGES",
    "LIMIT",
    "LORAX",
    "REQUESTS",
    "ContractError",
    "Observation",
    "Reaction",
    "Side",
    "log",
    "raise_must",
    "report",
]
