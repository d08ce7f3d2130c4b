"""What parent and child say to each other: JSON lines, over pipes that are nobody else's.

A call is `{"id", "op", …}`, its answer `{"id", "can", "kinds", "value"}` or `{"id", "failed", "text"}`.
"""

import base64
import json
import os
import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chatproof.drivers.driver import Saying
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.seen import Cancelled, Ending, Hung, Raised, Returned

__all__ = [
    "ending_from_json",
    "ending_to_json",
    "endpoint_from_json",
    "endpoint_to_json",
    "line_of",
    "saying_from_json",
    "write_all",
]

_ENDINGS: Mapping[str, type[Any]] = {one.__name__: one for one in (Returned, Raised, Hung, Cancelled)}


def line_of(value: Mapping[str, Any]) -> bytes:
    """One line. Lone surrogates go through as escapes."""
    return json.dumps(value).encode("ascii") + b"\n"


def write_all(fd: int, data: bytes) -> None:
    """Writes all of it to a blocking file."""
    while data:
        data = data[os.write(fd, data) :]


def ending_to_json(ending: Ending) -> dict[str, Any]:
    """How an ask ended."""
    return {"ending": type(ending).__name__, **asdict(ending)}


def ending_from_json(value: Mapping[str, Any]) -> Ending:
    """The same back.

    Raises:
        KeyError, TypeError: it is none.
    """
    members = {name: member for name, member in value.items() if name != "ending"}
    ending: Ending = _ENDINGS[value["ending"]](**members)
    return ending


def saying_from_json(value: Mapping[str, Any]) -> Saying:
    """Something to say."""
    return Saying(**value)


def endpoint_to_json(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint; the child trusts its parent, and nobody trusts the child."""
    return {
        "base_url": endpoint.base_url,
        "api_key": endpoint.api_key,
        "model": endpoint.model,
        "system_prompt": endpoint.system_prompt,
        "home": str(endpoint.home),
        "policy": base64.b64encode(pickle.dumps(endpoint.policy)).decode(),
    }


def endpoint_from_json(value: Mapping[str, Any]) -> Endpoint:
    """The same back."""
    policy = pickle.loads(base64.b64decode(value["policy"]))  # noqa: S301  from the parent
    members: dict[str, Any] = {**value, "policy": policy, "home": Path(value["home"])}
    return Endpoint(**members)
