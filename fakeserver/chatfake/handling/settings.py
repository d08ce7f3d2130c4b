"""What a fake was set up with: the same for every request, and never changed."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatfake.core.api_error import ApiError, model_not_found
from chatfake.core.json_text import JsonObject
from chatfake.dialects import OPENAI, Dialect
from chatfake.faults import FAULTS
from chatfake.faults.latency import NONE, Latency
from chatfake.generation.identity import EPOCH
from chatfake.generation.scenarios import SCENARIOS
from chatfake.scripting.plan import OWNER, UnknownNameError, parse_plan

#: Bytes of a request body.
MAX_BODY = 32 * 1024 * 1024
#: In tokens of `chatfake.core.tokens`.
CONTEXT_LENGTH = 8192


class Models:
    """Which model names are served; none given: any that does not begin with `fake/`.

    Listed are those that are served, then every scenario and fault under `fake/`.
    """

    def __init__(self, served: Sequence[str]) -> None:
        self._served = tuple(served)
        self.listed = tuple(dict.fromkeys((*served, *(OWNER + name for name in (*SCENARIOS, *FAULTS)))))

    @property
    def first(self) -> str:
        """What speaks where nobody is named; empty where any name is served."""
        return self._served[0] if self._served else ""

    def is_unknown(self, name: str) -> bool:
        """Whether some names are served and this is none of them; the names of scenarios are another matter."""
        return bool(self._served) and name not in self._served and not name.startswith(OWNER)

    def refusal(self, name: str) -> ApiError | None:
        """The answer to a name that is not served, with the near ones; None for one that is."""
        if name in self._served:
            return None
        if name.startswith(OWNER):
            try:
                parse_plan(name.removeprefix(OWNER))
            except UnknownNameError as unknown:
                return model_not_found(name, tuple(OWNER + near for near in unknown.near))
            return None
        if not self._served:
            return None
        return model_not_found(name, tuple(difflib.get_close_matches(name, self._served)), self._served)

    def entry(self, name: str) -> JsonObject:
        """The body of `GET /v1/models/{id}`."""
        owner = "chatfake" if name.startswith(OWNER) else "system"
        return {"id": name, "object": "model", "created": EPOCH, "owned_by": owner}


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
