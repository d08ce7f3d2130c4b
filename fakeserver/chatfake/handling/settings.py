"""What a fake was set up with: the same for every request, and never changed."""

from collections.abc import Callable
from dataclasses import dataclass

from chatfake.dialects import OPENAI, Dialect
from chatfake.faults.latency import NONE, Latency
from chatfake.handling.models import Models

#: Bytes of a request body.
MAX_BODY = 32 * 1024 * 1024
#: In tokens of `chatfake.core.tokens`.
CONTEXT_LENGTH = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings. `clock` and `new_id` give real times and ids; None: both are derived from the request."""

    models: Models
    dialect: Dialect = OPENAI
    clock: Callable[[], float] | None = None
    new_id: Callable[[], str] | None = None
    context_length: int = CONTEXT_LENGTH
    max_body: int = MAX_BODY
    latency: Latency = NONE
    workers: int = 1  #: processes that share the port
    lenient: bool = False  #: requests that the real server refuses are answered as well as can be
