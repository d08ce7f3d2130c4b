"""The rules, by group. Importing this package fills the catalogue, in the order of a run."""

from importlib import import_module

from chatproof.history.model.registry import RULES, Rule

__all__ = ["RULES", "Rule"]

for _group in ("accumulate", "truncate", "record"):
    import_module(f"{__name__}.{_group}")
