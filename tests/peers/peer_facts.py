"""What users of a client should know, found in what is on record of it."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.peers.peer_cases import FAILS
from tests.peers.peer_results import Result

#: Errors of the languages, which say nothing of what went wrong.
_BARE = ("IndexError", "TypeError", "AttributeError", "KeyError")
#: Errors of what is under a client: its HTTP library, its JSON parser.
#: What a client says of how an answer ended that did not end.
UNFINISHED = ("error", "interrupted")
_FROM_BELOW = ("RemoteProtocolError", "ChunkedEncodingError", "TypeError", "JSONDecodeError", "SyntaxError")


def _error(outcome: Any) -> str:
    """What the client raised; nothing where the program did, over what the client handed on."""
    return "" if outcome.get("by") == "program" else str(outcome.get("error", ""))


def _is_error(outcome: Any) -> bool:
    return "error" in outcome or "told aside" in outcome or outcome.get("finish") in UNFINISHED


#: What users of a client should know: the case, what is looked for in its outcome, and a sentence.
NOTABLE: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    (
        "stream-cut, SSE",
        lambda one: not _is_error(one),
        "Raises nothing where a stream is cut.",
    ),
    (
        "stream-ends-early, SSE",
        lambda one: not _is_error(one),
        "Raises nothing where a chat stream ends early, without `finish_reason` and `[DONE]`.",
    ),
    (
        "Responses: stream-ends-early",
        lambda one: not _is_error(one),
        "Raises nothing where a stream of the Responses API ends early, without its last event.",
    ),
    (
        "Responses: stream-error-event",
        lambda one: not _is_error(one),
        "Passes over the error event in a stream of the Responses API: the text so far is the answer.",
    ),
    (
        "LoRAX: stream-ends-early",
        lambda one: not _is_error(one),
        "Raises nothing where a stream of LoRAX ends early, without `generated_text`.",
    ),
    (
        "LoRAX: stream-cut",
        lambda one: _error(one) in _FROM_BELOW,
        "Lets the HTTP library's own error through where a stream of LoRAX is cut.",
    ),
    (
        "stream-cut, SSE",
        lambda one: _error(one) in _FROM_BELOW,
        "Lets the HTTP library's own error through where a stream is cut.",
    ),
    (
        "stream-error, SSE",
        lambda one: "error" not in one,
        "Does not raise where the server tells of an error in mid-stream: the text ends.",
    ),
    (
        "stream-garbled-json, SSE",
        lambda one: "error" not in one,
        "Leaves out an event that it cannot parse, and goes on: the text has a hole.",
    ),
    (
        "stream-garbled-json, SSE",
        lambda one: _error(one) in _FROM_BELOW,
        "Lets the JSON parser's own error through where an event cannot be parsed.",
    ),
    (
        "empty-choices",
        lambda one: _error(one) in _BARE,
        "Raises a bare error of the language where `choices` is empty.",
    ),
    (
        "empty-choices",
        lambda one: one.get("by") == "program",
        "Hands an answer with empty `choices` on: `choices[0]` is the program's risk.",
    ),
    (
        "error-object-200",
        lambda one: one.get("by") == "program",
        "Hands an error object under status 200 on as an answer, whose `choices` is None.",
    ),
    (
        "html-200",
        lambda one: one.get("by") == "program",
        "Hands a page of HTML under status 200 on as an answer: a plain text.",
    ),
    (
        "html-200",
        lambda one: _error(one) in _BARE,
        "Trips over a page of HTML under status 200 with a bare error of the language.",
    ),
    ("missing-usage", lambda one: bool(_error(one)), "Raises where an answer has no `usage`."),
    (
        "refusal",
        lambda one: not _is_error(one) and not one.get("text") and "refusal" not in one,
        "Gives no text and no reason for a refusal.",
    ),
    ("400", lambda one: one["requests"] > 1, "Sends a request again that was refused with 400."),
    ("401", lambda one: one["requests"] > 1, "Sends a request again that was refused with 401."),
    (
        "429 once",
        lambda one: one.get("waited as asked") is False,
        "Tries again sooner after 429 than Retry-After asked for.",
    ),
)


def notable(results: list[Result]) -> Iterator[str]:
    """Each sentence with those whom it is about."""
    yield "| what it does | who |"
    yield "| --- | --- |"
    for case, holds, sentence in NOTABLE:
        who = [one.name for one in results if case in one.outcomes and holds(one.outcomes[case])]
        if who:
            yield f"| {sentence} | {', '.join(who)} |"
    yield from (f"| {told} | {', '.join(who)} |" for told, who in _unlike(results).items())


def _unlike(results: list[Result]) -> dict[str, list[str]]:
    """What the tests know of single clients, and does not show in `NOTABLE`."""
    found: dict[str, list[str]] = {}
    for result in results:
        for case, sentence in result.client.unlike.items():
            if case not in FAILS and sentence != "The same.":
                found.setdefault(f"{case}: {sentence}", []).append(result.name)
    return found
