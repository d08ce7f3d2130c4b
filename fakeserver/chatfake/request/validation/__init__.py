"""Refuses what OpenAI refuses, with its words: a table of rules over the parsed body."""

from chatfake.request.validation.rules import RULES, refusal_of

__all__ = ["RULES", "refusal_of"]
