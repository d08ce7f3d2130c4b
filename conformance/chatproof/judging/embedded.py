"""The embedded fake: what is judged where no URL is named, and what plays the endpoint in a rehearsal."""

import time
import uuid
from collections.abc import Iterable

from chatfake import Fake

__all__ = ["EMBEDDED_MODEL", "dialect_of", "embedded_fake"]

EMBEDDED_MODEL = "tiny"

_CONTEXT = 2200
"""Tokens: so few that the end of the context is seen in a run."""


def embedded_fake(dialect: str = "openai", *, model: str = EMBEDDED_MODEL) -> Fake:
    """A fake with the time of day, an id for each answer, and a context whose end is seen."""
    return Fake(
        models=(model,),
        clock=time.time,
        new_id=lambda: uuid.uuid4().hex,
        context_length=_CONTEXT,
        dialect=dialect,
    )


def dialect_of(profiles: Iterable[str]) -> str:
    """What the fake speaks to be judged as these: LoRAX has routes of OpenAI's too."""
    return "lorax" if "lorax" in profiles else "openai"
