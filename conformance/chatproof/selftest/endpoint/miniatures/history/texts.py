"""Miniatures that say what they should not, though what they count is right; and one that answers from a cache."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.history.changes import saying
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import Handler, Object, Wrapper, is_chat

_TOPICS = ("river", "mountain", "code word")


def _topic(body: Object) -> str:
    """What a plain conversation is about; empty for a request about anything else."""
    last = str(body["messages"][-1].get("content"))
    plain = "tools" not in body and body["messages"][0].get("role") == "user"
    return next((topic for topic in _TOPICS if plain and topic in last), "")


def _talks(say: Callable[[Object, str], str]) -> Wrapper:
    """Say another text in plain conversations."""
    return saying(lambda body, own: say(body, own) if _topic(body) else own)


def _late(handler: Handler) -> Handler:
    """Each text is the one of whoever asked before."""
    before = [""]

    def say(_: Object, own: str) -> str:
        other, before[0] = before[0], own
        return other or own

    return _talks(say)(handler)


def _confused(handler: Handler) -> Handler:
    """A conversation that comes back after another one gets that one's text."""
    texts: dict[str, str] = {}
    before = [""]

    def say(body: Object, own: str) -> str:
        key = json.dumps(body["messages"])
        known, other = key in texts, before[0]
        texts.setdefault(key, own)
        before[0] = key
        return texts[other] if known and "mountain" in key and "river" in other else own

    return _talks(say)(handler)


def _streams_of_another(handler: Handler) -> Handler:
    """Streams about the mountain have the text that was last said about the river."""
    river = [""]

    def say(body: Object, own: str) -> str:
        if _topic(body) == "river":
            river[0] = own
        return river[0] if body.get("stream") and _topic(body) == "mountain" else own

    return _talks(say)(handler)


def _swapped_when_busy(handler: Handler) -> Handler:
    """Two answers that are made at the same time change places."""
    times: Counter[str] = Counter()
    meet = threading.Barrier(2, timeout=30)
    texts: dict[str, str] = {}

    def say(body: Object, own: str) -> str:
        topic, turn = _topic(body), len(body["messages"])
        times[json.dumps(body)] += 1
        # of each turn and topic in JSON: asked alone, then in turn, then both at once
        if (topic, turn) not in {("river", 3), ("mountain", 5)} or times[json.dumps(body)] != 3:
            return own
        texts[topic] = own
        meet.wait()
        return texts["mountain" if topic == "river" else "river"]

    return _talks(say)(handler)


def _telling(handler: Handler) -> Handler:
    """Once the code word was told, everybody is told it."""
    known = [False]

    def say(body: Object, own: str) -> str:
        told = "Quorvex" in json.dumps(body)
        known[0] = known[0] or told
        return own if told or not known[0] else f"{own}, but before that I was told of Quorvex."

    return _talks(say)(handler)


def _swayed(handler: Handler) -> Handler:
    """A conversation that comes back after another one gets a text that is nobody's."""
    seen: set[str] = set()
    before = [""]

    def say(body: Object, own: str) -> str:
        key = json.dumps(body["messages"])
        known, other = key in seen, before[0]
        seen.add(key)
        before[0] = key
        return f"{len(other)} {own}" if known and other != key else own

    return _talks(say)(handler)


broken("late-replies", "history.text-is-own", _late)
broken("confused-conversations", "history.text-is-own", _confused)
broken("streams-of-another", "history.text-is-own", _streams_of_another)
broken("swapped-when-busy", "history.text-is-own", _swapped_when_busy)
broken("tells-what-it-was-told", "history.text-is-own", _telling)
broken("swayed-by-others", "history.text-is-own", _swayed)


def _cached(handler: Handler) -> Handler:
    """What was asked before has the answer that it had then."""
    kept: dict[bytes, Answer] = {}

    def wrapped(request: Request) -> Answer:
        if not is_chat(request):
            return handler(request)
        if request.body not in kept:
            kept[request.body] = handler(request)
        return replace(kept[request.body])

    return wrapped


broken("response-cache", "history.ids-differ", _cached)
