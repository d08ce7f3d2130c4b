"""The models that are listed: those that are served, then every scenario and fault under `fake/`."""

import difflib
from collections.abc import Sequence

from chatfake.core.api_error import ApiError, model_not_found
from chatfake.core.json_text import JsonObject
from chatfake.faults import FAULTS
from chatfake.generation.identity import EPOCH
from chatfake.generation.scenarios import SCENARIOS
from chatfake.scripting.plan import OWNER, UnknownNameError, parse_plan


class Models:
    """Which model names are served; none given: any that does not begin with `fake/`."""

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
