"""A program on minillmlib, in its form `url`, which posts to any address. It has no streams and no tools."""

import importlib
import warnings
from typing import Any

from tests.peers.clients.reporting import QUESTION, SECOND_QUESTION, At, done, report

# it checks no certificate, and urllib3 says so each time
warnings.simplefilter("ignore")

# by name, for the tests' own environment does not have it
minillmlib: Any = importlib.import_module("minillmlib")


def generator(at: At) -> Any:
    return minillmlib.GeneratorInfo(
        model=at.model, _format="url", api_url=f"{at.base_url}/chat/completions", api_key=at.api_key
    )


def asked(at: At) -> Any:
    # its own pause between five tries is a second each time, whatever the server asks for
    return minillmlib.NodeCompletionParameters(gi=generator(at), add_child=True, back_off_time=0.01)


def say(at: At) -> Any:
    return {"text": minillmlib.ChatNode(QUESTION).complete_one(asked(at)).content}


def say_async(at: At) -> Any:
    return {"text": done(minillmlib.ChatNode(QUESTION).complete_one_async(asked(at))).content}


def history(at: At) -> Any:
    first = minillmlib.ChatNode(QUESTION).complete_one(asked(at))
    second = first.add_child(minillmlib.ChatNode(SECOND_QUESTION))
    return {"text": second.complete_one(asked(at)).content}


if __name__ == "__main__":
    report("minillmlib", {"say": say, "say async": say_async, "history": history})
