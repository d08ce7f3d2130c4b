"""`chatproof check --dry-run`: what would be sent, and the price."""

from collections.abc import Iterator

from chatproof.gate.escaping import line
from chatproof.judging.rehearsal import Asked, Rehearsal

__all__ = ["told"]

_WIDTH = 110
"""Characters of a body that are shown."""


def told(rehearsal: Rehearsal) -> Iterator[str]:
    """The requests of a rehearsal by their cases, and their sum."""
    yield "Nothing is sent. An endpoint that can do all of it is asked this; one that cannot is asked less."
    for act in rehearsal.acts:
        if act.asked:
            yield f"\n{act.id or 'to find out who answers'}"
            yield from map(_request, act.asked)
    spent = rehearsal.spent
    tokens = spent.prompt_tokens + spent.completion_tokens
    yield (
        f"\n{spent.requests} requests, {tokens:,} tokens ({spent.prompt_tokens:,} of prompts,"
        f" {spent.completion_tokens:,} of replies) as the embedded fake counts them."
        " A chat template adds to each prompt."
    )


def _request(asked: Asked) -> str:
    text = line(asked.body.decode("utf-8", "replace"))
    shown = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(asked.body):,} bytes)"
    return f"  {asked.method:<4}  {asked.path}  {shown}".rstrip()
