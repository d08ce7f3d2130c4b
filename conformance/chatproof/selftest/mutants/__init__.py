"""Clients with one mistake each. Importing this fills the registry."""

from chatproof.selftest.mutants import accumulate, libraries, others, record, stores, tools, truncate
from chatproof.selftest.mutants.mutant import MUTANTS, Mutant

__all__ = ["MUTANTS", "Mutant"]

_FILES = (accumulate, truncate, record, tools, stores, others, libraries)
