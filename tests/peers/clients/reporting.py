"""What the programs have in common: each reads cases from standard input, one JSON object a line, and writes what came
of each. It runs in the client's own environment, so it needs nothing but the standard library.
"""

import asyncio
import json
import sys
import traceback
from collections.abc import Callable, Coroutine, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

QUESTION = "Hello"
SECOND_QUESTION = "And now?"
WEATHER_QUESTION = "What is the weather in Oslo?"


class At(NamedTuple):
    """Where to ask."""

    base_url: str
    api_key: str
    model: str


Verb = Callable[[At], Any]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"It is mild in {city}."


WEATHER_PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
#: The same in the form of the chat API.
WEATHER_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": WEATHER_PARAMETERS,
    },
}


def failed(error: BaseException) -> dict[str, Any]:
    """An error by its class, its status where it has one, and the class of what caused it."""
    status = getattr(error, "status_code", None)
    cause = error.__cause__ or error.__context__
    told: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(status, int):
        told["status"] = status
    if cause is not None:
        told["cause"] = type(cause).__name__
    if _by_program(error):
        told["by"] = "program"
    return told


def _by_program(error: BaseException) -> bool:
    """Whether the program tripped over what the client handed on; the standard library raises for its caller."""
    here = str(Path(__file__).parent)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(here):
            return True
        if "site-packages" in frame.filename:
            return False
    return False


def streamed(pieces: list[str], **more: Any) -> dict[str, Any]:
    """A text that came in pieces."""
    return {"text": "".join(pieces), "in pieces": sum(map(bool, pieces)) > 1, **more}


#: One loop for all cases: some libraries keep what belongs to the first loop that they meet.
_RUNNER = asyncio.Runner()


def done(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives."""
    return _RUNNER.run(work)


def report(package: str, verbs: Mapping[str, Verb]) -> None:
    """Answers standard input until it ends. What a library prints goes to standard error."""
    out, sys.stdout = sys.stdout, sys.stderr
    out.write(json.dumps({"version": version(package)}) + "\n")
    out.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["verb"] not in verbs:
            continue
        at = At(asked["base_url"], asked["api_key"], asked["model"])
        try:
            outcome = verbs[asked["verb"]](at)
        except Exception as error:  # noqa: BLE001 - what a client raises is what is asked
            outcome = failed(error)
        out.write(json.dumps({"case": asked["case"], "outcome": outcome}, default=str) + "\n")
        out.flush()
