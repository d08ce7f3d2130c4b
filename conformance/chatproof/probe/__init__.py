"""How the suite talks to an endpoint: bounded requests, whole transcripts, a budget."""

from chatproof.probe.budget import Budget, BudgetSpentError, Spent
from chatproof.probe.exchange import Exchange, Failure, FailureKind, Json, Received, Sent
from chatproof.probe.probe import Limits, Probe
from chatproof.probe.run_end import EndKind, NoEvidenceError, NoExchangeError, RunEnd, RunEndedError
from chatproof.probe.usage import tokens_of

__all__ = [
    "Budget",
    "BudgetSpentError",
    "EndKind",
    "Exchange",
    "Failure",
    "FailureKind",
    "Json",
    "Limits",
    "NoEvidenceError",
    "NoExchangeError",
    "Probe",
    "Received",
    "RunEnd",
    "RunEndedError",
    "Sent",
    "Spent",
    "tokens_of",
]
