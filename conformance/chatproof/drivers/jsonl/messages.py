"""Between what a play has and what the lines say: an endpoint as a request to open, an answer as an ending."""

import json
from typing import Any

from chatproof.drivers.driver import CannotError, Saying
from chatproof.drivers.jsonl.answers import Cannot, Done, Failed, Replied
from chatproof.drivers.jsonl.line import Asked
from chatproof.drivers.jsonl.requests import PROTOCOL
from chatproof.gate import Gate
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Window
from chatproof.history.model.policy_file import policy_to_json
from chatproof.history.model.seen import Cancelled, Ending, Raised, Returned

__all__ = ["TOOLS", "ending_of", "open_members", "say_members", "shown"]

TOOLS = {
    "look_up": "takes an object with a text, query, and gives the text: found, a blank, and the query",
    "break_down": "takes the same, and fails",
}
"""What a client that runs tools has to have: code does not travel, so the driver brings its own."""

_LONGEST = 500


def open_members(endpoint: Endpoint) -> dict[str, Any]:
    """What a client is built with."""
    window = endpoint.policy.window
    return {
        "protocol": PROTOCOL,
        "base_url": endpoint.base_url,
        "api_key": endpoint.api_key,
        "model": endpoint.model,
        "system_prompt": endpoint.system_prompt,
        "home": str(endpoint.home),
        "window": window.n if isinstance(window, Window) else None,
        "policy": policy_to_json(endpoint.policy),
        "tools": TOOLS,
    }


def say_members(saying: Saying) -> dict[str, Any]:
    """What is said, and where."""
    return {"conversation": saying.to, "text": saying.text, "stream": saying.streamed}


def ending_of(asked: Asked, stop: int | None) -> Ending | None:
    """How an ask ended, by its last answer; None while there is none.

    Raises:
        CannotError: it was no ask for this client.
    """
    answer, arrived = asked.answer, "".join(asked.pieces)
    if answer is None:
        return None
    if isinstance(answer, Cannot):
        raise CannotError(shown(answer.cannot))
    if asked.cancelled:
        reply = answer.reply if isinstance(answer, Replied) and isinstance(answer.reply, str) else ""
        return Cancelled(pieces=len(asked.pieces) or stop or 0, text=arrived or reply)
    match answer:
        case Failed(error=text):
            return Raised(error=shown(text) or "an error without a text")
        case Replied(reply=str(reply)):
            return Returned(text=reply)
        case Replied(reply=reply):
            return Returned(text=None, shown="" if reply is None else shown(json.dumps(reply)))
        case Done():
            return Returned(text=arrived)
        case _:
            return None


def shown(text: str) -> str:
    """A text of the driver's, cut, with no key in it and nothing that a terminal obeys."""
    text = Gate().line(text[: _LONGEST * 4])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
