"""The rules, by group. Importing this package fills the catalogue, in its order."""

from importlib import import_module

from chatproof.history.rules.registry import RULES, Breach, Can, Rule

__all__ = ["RULES", "Breach", "Can", "Rule"]

for _group in (
    "accumulate",
    "answer",
    "retry",
    "truncate",
    "record",
    "tools",
    "persist",
    "isolate",
    "tree",
    "fallback",
):
    import_module(f"{__name__}.{_group}")
