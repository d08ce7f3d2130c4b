"""Miniatures of LoRAX: the fake's own routes, broken in one exact way each. Importing this package fills the table."""

from importlib import import_module

from chatproof.selftest.endpoint.lorax_miniatures.registry import LORAX_MINIATURES

__all__ = ["LORAX_MINIATURES"]

for _group in ("generate", "stream", "errors", "routes"):
    import_module(f"chatproof.selftest.endpoint.lorax_miniatures.{_group}")
