"""Clients that are right, and unusual: none of them may be named by any rule. Importing this fills the registry."""

from chatproof.selftest.legal import besides, forms, histories, stores
from chatproof.selftest.legal.registry import LEGAL, Legal

__all__ = ["LEGAL", "Legal"]

_FILES = (histories, stores, forms, besides)
