"""Recorded exchanges with OpenAI: what it answered the fake answers too, with the same members and events.

`CHATPROOF_CORPUS` holds other people's data and is no part of the project.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from chatfake import Fake
from tests.fakeserver.asking import post
from tests.fakeserver.responses.asking import PATH, events_of
from tests.schemas.test_recordings import exchanges

#: What only a server with a memory can answer.
KEPT = ("previous_response_id", "conversation", "prompt", "background")
#: Since then (July 2026) OpenAI's answers have the members that the fake's have.
RECENT = 1_783_600_000
#: What OpenAI's recent answers have and the fake's do not: of reasoning models, and of moderation where it was asked.
OTHERS = {"reasoning.mode", "phase", "moderation"}
#: Members whose names are the client's own.
FREE = ("parameters", "schema", "metadata")


@cache
def recorded() -> tuple[dict[str, Any], ...]:
    """What OpenAI answered without a memory."""
    return tuple(_recorded())


def _recorded() -> Iterator[dict[str, Any]]:
    for exchange in exchanges():
        body = exchange["request"]
        if (
            (exchange["url_path"] or "").rstrip("/").endswith("/responses")
            and exchange["provider"].startswith("api.openai.com")
            and (exchange["status"], exchange["method"].upper()) == (200, "POST")
            and isinstance(body, dict)
            and not any(body.get(name) for name in KEPT)
        ):
            yield exchange


def test_request_that_openai_answered_is_answered() -> None:
    fake = Fake(context_length=2_000_000)
    refused = [one["id"] for one in recorded() if post(fake, one["request"], PATH).status != 200]
    assert refused == []
    assert len(recorded()) > 700


def ends_of(events: list[Any]) -> list[Any]:
    return [one["response"] for one in events if one["type"] in ("response.completed", "response.incomplete")]


def pairs() -> Iterator[tuple[Any, Any]]:
    """Recent responses, OpenAI's and the fake's to the same request; without tools that came later or are the server's."""
    fake = Fake(context_length=2_000_000)
    for one in recorded():
        tools = one["request"].get("tools") or []
        if any(tool.get("type") not in ("function", "custom") for tool in tools):
            continue
        if '"tools"' in json.dumps(one["request"]["input"]):
            continue
        answer = post(fake, one["request"], PATH)
        if one["kind"] == "json":
            theirs, ours = json.loads(one["body"]), json.loads(answer.body)
        else:
            (theirs,), (ours,) = ends_of(recorded_events(one["body"])), ends_of(events_of(answer))
        if theirs["created_at"] > RECENT and theirs["status"] == ours["status"]:
            yield theirs, ours


def recorded_events(body: str) -> list[Any]:
    return [
        json.loads(line.removeprefix("data: ")) for line in body.splitlines() if line.startswith("data: {")
    ]


def paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{path}.{name}" if name not in FREE else f"{path}.{name}!")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[{inner.get('type')}]" if isinstance(inner, dict) else path)
    if path:
        yield path.removeprefix(".").partition("!")[0]


def test_answer_has_the_members_of_openais_and_no_others() -> None:
    lacks: Counter[str] = Counter()
    adds: Counter[str] = Counter()
    compared = 0
    for theirs, ours in pairs():
        compared += 1
        known, said = ({*paths({**one, "output": None})} for one in (theirs, ours))
        lacks.update(path for path in known - said if not path.startswith(tuple(OTHERS)))
        adds.update(said - known)
    assert compared > 100
    assert not lacks
    assert not [path for path, count in adds.items() if count > 2]


def test_items_have_the_members_of_openais_in_their_order() -> None:
    theirs: dict[str, Counter[tuple[str, ...]]] = {}
    for one in recorded():
        if one["kind"] != "json" or one["fidelity"] != "raw":
            continue
        for item in json.loads(one["body"]).get("output", ()):
            named = tuple(name for name in item if name not in OTHERS)
            theirs.setdefault(item["type"], Counter())[named] += 1
            for part in item.get("content") or ():
                theirs.setdefault(part["type"], Counter())[tuple(part)] += 1
    ours: dict[str, set[tuple[str, ...]]] = {}
    for scenario in ("text", "refusal", "reasoning", "tool-call-only"):
        for include in ([], ["reasoning.encrypted_content"]):
            body = {"model": f"fake/{scenario}", "input": "Hello", "include": include}
            for item in json.loads(post(Fake(), body, PATH).body)["output"]:
                ours.setdefault(item["type"], set()).add(tuple(item))
                for part in item.get("content") or ():
                    ours.setdefault(part["type"], set()).add(tuple(part))
    compared = ours.keys() & theirs.keys()
    assert {"message", "function_call", "reasoning", "output_text"} <= compared
    for kind in compared:
        assert ours[kind] <= {*theirs[kind]}, kind


def test_events_have_the_members_of_openais_in_their_order_and_follow_as_they_do() -> None:
    shapes: dict[str, Counter[tuple[str, ...]]] = {}
    follows: set[tuple[str, str]] = set()
    for one in recorded():
        if one["kind"] == "sse":
            events = recorded_events(one["body"])
            for event in events:
                shapes.setdefault(event["type"], Counter())[tuple(event)] += 1
            follows |= {(a["type"], b["type"]) for a, b in pairwise(events)}
    tools = [{"type": "function", "name": "f"}, {"type": "custom", "name": "g"}]
    for scenario in ("text", "reasoning", "tool-call-only", "length", "annotations", "tool-call-with-text"):
        body = {"model": f"fake/{scenario}", "input": "Hello", "stream": True, "tools": tools}
        events = events_of(post(Fake(), body, PATH))
        for event in events:
            known = shapes[event["type"]]
            # two streams that were cut are all that was recorded of one, and older than the present order
            assert tuple(event) in known or (known.total() < 10 and {*event} in map(set, known))
        assert {(a["type"], b["type"]) for a, b in pairwise(events)} <= follows


def test_no_recorded_stream_of_openais_has_done() -> None:
    streams = [one["body"] for one in recorded() if one["kind"] == "sse"]
    assert len(streams) > 150
    assert not any("[DONE]" in body for body in streams)
