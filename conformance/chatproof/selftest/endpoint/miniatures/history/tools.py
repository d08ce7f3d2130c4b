"""Miniatures that lose what tools were asked, or what they found."""

from collections.abc import Callable

from chatproof.selftest.endpoint.miniatures.history.changes import REFUSED
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import (
    Object,
    Wrapper,
    as_json,
    asked,
    is_chat,
    messages_in,
    requests,
    where,
)


def _without_tools(body: Object) -> None:
    kept = [m for m in body["messages"] if m.get("role") != "tool" and not m.get("tool_calls")]
    if any(m.get("tool_calls") for m in body["messages"]):
        body["messages"] = kept


broken(
    "tool-rounds-dropped",
    "history.tool-round-counts",
    requests(_without_tools),
    along=("history.tool-results-count",),
)


def _each(role: str, change: Callable[[Object], object]) -> Wrapper:
    """Change the messages of a role, in histories with calls."""

    def all_of_them(body: Object) -> None:
        if any(m.get("tool_calls") for m in body["messages"]):
            for message in body["messages"]:
                if message.get("role") == role:
                    change(message)

    return requests(all_of_them)


broken("tool-results-lost", "history.tool-results-count", _each("tool", lambda m: m.update(content="")))
broken(
    "tool-results-cut",
    "history.tool-results-count",
    _each("tool", lambda m: m.update(content=m["content"][:4])),
)
broken(
    "arguments-lost",
    "history.tool-results-count",
    _each(
        "assistant",
        lambda m: [call["function"].update(arguments="{}") for call in m.get("tool_calls") or ()],
    ),
)


def _without_calls(body: Object) -> None:
    """The result is kept, as if the user had said it; the call is not."""
    if any(m.get("tool_calls") for m in body["messages"]):
        kept = [m for m in body["messages"] if not m.get("tool_calls")]
        body["messages"] = [
            {"role": "user", "content": m["content"]} if m.get("role") == "tool" else m for m in kept
        ]


broken("calls-lost", "history.tool-results-count", requests(_without_calls))


def _goes_on_after_a_call(body: Object) -> bool:
    """Does the user say more after a round with a call?"""
    messages = messages_in(body)
    called = any(message.get("tool_calls") for message in messages)
    return called and len(messages) > 3 and messages[-1].get("role") == "user"


broken(
    "own-calls-refused",
    "history.reply-replay",
    where(lambda r: is_chat(r) and _goes_on_after_a_call(asked(r)), as_json(400, REFUSED)),
)
