"""How the suite talks to an endpoint: bounded requests, whole transcripts, a budget."""

from chatproof.probe.budget import Budget, BudgetSpentError, Spent
from chatproof.probe.exchange import Exchange, Failure, FailureKind, Json, Received, Sent
from chatproof.probe.probe import EndpointGoneError, Limits, Probe

__all__ = [
    "Budget",
    "BudgetSpentError",
    "EndpointGoneError",
    "Exchange",
    "Failure",
    "FailureKind",
    "Json",
    "Limits",
    "Probe",
    "Received",
    "Sent",
    "Spent",
]
