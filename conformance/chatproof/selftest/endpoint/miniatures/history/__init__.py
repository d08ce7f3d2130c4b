"""Miniatures that are broken in the history."""

from importlib import import_module

for _module in ("rounds", "apart", "texts", "messages", "tools"):
    import_module(f"chatproof.selftest.endpoint.miniatures.history.{_module}")
