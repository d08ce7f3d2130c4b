"""Miniatures: the fake, broken in one exact way each. They show that every case can fail, and on what.

A miniature names the case that it was made for, and those that see the same defect from their side; no other
case may find fault with it. Importing this package fills the table.
"""

from importlib import import_module

from chatproof.selftest.endpoint.miniatures.registry import MINIATURES, Miniature, on_200, unexplained

__all__ = ["MINIATURES", "Miniature", "on_200", "unexplained"]

for _group in (
    "http",
    "http_connection",
    "models",
    "chat_json",
    "chat_options",
    "chat_sse",
    "chat_sse_text",
    "chat_tools",
    "tool_streams",
    "chat_format",
    "chat_reasoning",
    "chat_image",
    "chat_errors",
    "history",
    "usage",
    "completions",
    "embeddings",
    "responses",
    "property",
):
    import_module(f"chatproof.selftest.endpoint.miniatures.{_group}")
