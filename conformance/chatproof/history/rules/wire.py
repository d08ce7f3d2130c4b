"""What a request looks like beyond its messages' words: checks over the JSON, the headers and the caller's list."""

import json
from collections.abc import Iterator, Mapping, Sequence

from chatproof.history.model.deviation import Cause, Presence
from chatproof.history.model.oracle import Judged
from chatproof.history.model.policy import SystemPrompt
from chatproof.history.model.seen import Exchange, Play
from chatproof.history.rules.registry import Breach
from chatschema import JsonObject, JsonValue, Level, check

__all__ = ["breach_by", "caller_untouched", "canonical", "items_of", "private", "request_valid", "stateless"]

_KINDS = {
    "chat": "chat.completion.request",
    "responses": "response.request",
    "completions": "completion.request",
}
_ITEMS = {"chat": "messages", "responses": "input"}

_COMPARED = frozenset(
    {
        "chat.request.content",
        "chat.request.tool-result",
        "chat.request.unanswered-call",
        "responses.request.calls",
        "responses.request.past",
    }
)
"""What the comparison of messages sees, or another check, each with a rule of its own."""

_NULL_IN_ANSWERS = ("refusal", "audio", "function_call")
_ONLY_IN_ANSWERS = (
    "annotations", "reasoning_content", "reasoning", "logprobs", "parsed", "finish_reason", "index", "stop_reason",
)  # fmt: skip

_DOCUMENTED = ("cache_control", "prefix", "partial", "reasoning_details", "extra_content", "thinking_blocks")
"""Members that some servers ask for in a message, and document."""

_KNOWN: Mapping[str, frozenset[str]] = {
    "chat": frozenset(
        {
            "role", "content", "name", "tool_calls", "tool_call_id", *_NULL_IN_ANSWERS, *_ONLY_IN_ANSWERS, *_DOCUMENTED,
        }
    ),
    "responses": frozenset(
        {
            "type", "role", "content", "id", "status", "phase", "call_id", "name", "arguments", "output", "summary",
            "encrypted_content", "namespace", *_DOCUMENTED,
        }
    ),
}  # fmt: skip

_BOOKKEEPING = frozenset(
    {
        "chat_id", "conversation_id", "created_at", "history", "history_id", "message_id", "parent_message_id",
        "session_id", "thread_id", "timestamp",
    }
)  # fmt: skip
"""Names that are no parameter of any server's, and say what they hold."""

_CARRIERS = ("previous_response_id", "conversation")
_SESSION_HEADERS = ("session", "conversation-id", "thread-id", "chat-id")


def request_valid(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A request breaks a must of its schema, or sends back what only answers have.

    What has a deviation has a rule already, and is no fault of the later requests that carry it on.
    """
    told: set[str] = set()
    excused: set[str] = set()
    for one in judged:
        excused |= _deviating(one, play)
        kind = _KINDS[one.exchange.route]
        items = items_of(one.exchange)
        for violation in check(one.exchange.body, kind).violations:
            at = _place(violation.path)
            known = at is not None and at < len(items) and canonical(items[at]) in excused
            arguments = violation.path.endswith(".arguments")
            if violation.level is not Level.MUST or violation.rule in _COMPARED or known or arguments:
                continue
            if violation.message not in told:
                told.add(violation.message)
                yield breach_by(
                    one, violation.message, violation.expected, f"{violation.path}: {violation.seen}"
                )
        for path, name, value in _members(one.exchange):
            is_answers = name in _ONLY_IN_ANSWERS or (name in _NULL_IN_ANSWERS and value is None)
            if is_answers and one.exchange.route == "chat" and name not in told:
                told.add(name)
                yield breach_by(one, f"The member {name} of an answer is sent back.", "no such member", path)


def private(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A message has a member that no request has, or the body one that is bookkeeping by its name."""
    del play
    told: set[str] = set()
    for one in judged:
        known = _KNOWN.get(one.exchange.route, frozenset())
        odd = [(path, name) for path, name, _ in _members(one.exchange) if name not in known]
        odd += [(f"$.{name}", name) for name in one.exchange.json if name in _BOOKKEEPING]
        for path, name in odd:
            if name not in told:
                told.add(name)
                yield breach_by(
                    one, f"The member {name} is sent, which is the client's own.", "no such member", path
                )


def stateless(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """Something else than the messages carries the conversation.

    A cookie or a session's header is sent by HTTP libraries and gateways too: they count where no request of the play
    carries any history, and some had to.
    """
    del play
    told: set[str] = set()
    is_bare = _carries_nothing(judged)
    for one in judged:
        carriers = [f"$.{name}" for name in _CARRIERS if one.exchange.json.get(name)]
        if is_bare:
            carriers += [f"$.{name}" for name in sorted(_BOOKKEEPING) if one.exchange.json.get(name)]
            carriers += [
                f"the header {name}"
                for name in sorted(one.exchange.headers)
                if name == "cookie" or any(part in name for part in _SESSION_HEADERS)
            ]
        for carrier in carriers:
            if carrier not in told:
                told.add(carrier)
                message = "The request refers to what an earlier one has left on the server."
                yield breach_by(one, message, "the conversation in its messages", carrier)


def _carries_nothing(judged: Sequence[Judged]) -> bool:
    """Whether all messages of all requests are new or the system prompt, though a history was to be sent."""
    owed = any(
        slot.presence is Presence.MUST and slot.cause is Cause.KEPT
        for one in judged
        for slot in one.expectation.slots
    )
    sent = [sum(message.role != "system" for message in one.exchange.messages) for one in judged]
    return owed and max(sent, default=0) <= 1


def caller_untouched(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """The session looks at the list that it handed in, after each move."""
    del judged
    for at, step in enumerate(play.steps):
        if step.altered:
            yield Breach(
                step=at,
                message="The list that was handed in is another one now.",
                expected="the list as it was",
                seen=step.altered,
            )
            return


def breach_by(one: Judged, message: str, expected: str, seen: str) -> Breach:
    """A breach by one request."""
    return Breach(step=one.step, exchange=one.exchange.number, message=message, expected=expected, seen=seen)


def items_of(exchange: Exchange) -> list[JsonValue]:
    """The messages or items of a request, as they were sent."""
    items = exchange.json.get(_ITEMS.get(exchange.route, ""))
    return items if isinstance(items, list) else []


def _members(exchange: Exchange) -> Iterator[tuple[str, str, JsonValue]]:
    """The members of all messages, and of the calls in them that are left over from an answer."""
    for at, item in enumerate(items_of(exchange)):
        if not isinstance(item, dict):
            continue
        where = f"$.{_ITEMS[exchange.route]}[{at}]"
        yield from ((f"{where}.{name}", name, value) for name, value in item.items())
        calls = item.get("tool_calls")
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            if isinstance(call, dict):
                yield from (
                    (f"{where}.tool_calls[{number}].{name}", name, value)
                    for name, value in call.items()
                    if name not in ("id", "type", "function", "custom")
                )


def _deviating(one: Judged, play: Play) -> set[str]:
    """The messages that have a deviation, as JSON."""
    items = items_of(one.exchange)
    shift = 1 if play.policy.system is SystemPrompt.IN_USER else 0
    places = {each.at - back for each in one.deviations if each.at is not None for back in range(shift + 1)}
    return {canonical(items[at]) for at in places if 0 <= at < len(items)}


def _place(path: str) -> int | None:
    """The number in a path such as `$.messages[3].content`."""
    number = path.partition("[")[2].partition("]")[0]
    return int(number) if number.isdecimal() else None


def canonical(value: JsonValue | JsonObject) -> str:
    """JSON text that is the same for equal values; empty where nobody can write it."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except RecursionError:
        return ""
