"""Answers of another shape than the contract's: members that are missing, added, null, or of another type."""

import re
from collections.abc import Callable, Iterable, Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import default_reply
from chatfake.generation.reshape import Reshape, choices_of, on_bodies, on_messages, on_parts
from chatfake.generation.scenarios.scenario import add

_ODD = "whose answer had another shape"
_CITATION: JsonValue = {
    "type": "url_citation",
    "url_citation": {"start_index": 0, "end_index": 4, "title": "A page", "url": "https://example.com/"},
}
_ERROR: JsonValue = {
    "message": "The model is overloaded.",
    "type": "server_error",
    "param": None,
    "code": None,
}


def _each(change: Callable[[JsonObject], None]) -> Reshape:
    """The same change to a whole answer and to every chunk."""
    apply = on_bodies(change)
    return Reshape(whole=apply, pieces=lambda chunks: (apply(chunk) for chunk in chunks))


def _delta_for_message(body: JsonObject) -> None:
    body["object"] = "chat.completion.chunk"
    for _, choice in choices_of(body):
        choice["delta"] = choice.pop("message", {})


def _message_for_delta(body: JsonObject) -> None:
    for _, choice in choices_of(body):
        choice["message"] = choice.pop("delta", {})


def _wrong_object(body: JsonObject) -> None:
    body["object"] = "chat.response"


def _wrong_types(body: JsonObject) -> None:
    body["created"] = str(body.get("created"))
    for _, choice in choices_of(body):
        choice["index"] = str(choice.get("index"))
    usage = body.get("usage")
    if isinstance(usage, dict):
        body["usage"] = {
            name: str(count) if isinstance(count, int) else count for name, count in usage.items()
        }


def _no_usage(body: JsonObject) -> None:
    body.pop("usage", None)


def _null_usage(body: JsonObject) -> None:
    body["usage"] = None


def _extra(body: JsonObject) -> None:
    body["x_fake"] = {"nested": [1, {"deep": True}]}
    for _, choice in choices_of(body):
        choice["x_fake"] = 1.5
        for name in ("message", "delta"):
            part = choice.get(name)
            if isinstance(part, dict):
                part["x_fake"] = "more than the contract knows"


def _null_error(body: JsonObject) -> None:
    body["error"] = None


def _annotated(part: JsonObject) -> None:
    part["annotations"] = [_CITATION]


def _annotated_pieces(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
    """The annotations come with the first delta that has text."""
    done = False
    for chunk in chunks:
        for _, choice in choices_of(chunk):
            delta = choice.get("delta")
            if not done and isinstance(delta, dict) and delta.get("content"):
                _annotated(delta)
                done = True
        yield chunk


def _audio_null(part: JsonObject) -> None:
    part["audio"] = None


def _thinking(name: str) -> Reshape:
    """Thought before text, in a member that OpenAI's contract does not have."""
    thought = "The user wants an answer. I have one."

    def whole(part: JsonObject) -> None:
        part[name] = thought

    def pieces(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
        for number, chunk in enumerate(chunks):
            yield chunk
            if number == 0:
                for word in re.findall(r"\S+ ?", thought):
                    choices: list[JsonValue] = [
                        {**choice, "delta": {name: word}} for _, choice in choices_of(chunk)
                    ]
                    yield {**chunk, "choices": choices}

    return Reshape(whole=on_messages(whole), pieces=pieces, thought=thought)


def _error_pieces(_: Iterable[JsonObject]) -> Iterator[JsonValue]:
    yield {"error": _ERROR}


def _error_whole(_: JsonObject) -> JsonValue:
    return {"error": _ERROR}


_SHAPES = (
    (
        "reasoning",
        "reasoning_content beside the text",
        "whose answer had its reasoning",
        _thinking("reasoning_content"),
    ),
    (
        "reasoning-member",
        "the same in the member reasoning",
        "whose answer had its reasoning",
        _thinking("reasoning"),
    ),
    (
        "annotations",
        "a text with a citation",
        "whose answer had annotations",
        Reshape(whole=on_messages(_annotated), pieces=_annotated_pieces),
    ),
    (
        "audio-null",
        "the member audio, which is null",
        "whose answer had no audio",
        on_parts(_audio_null),
    ),
    (
        "delta-in-json",
        "the shape of a stream in a JSON answer",
        _ODD,
        Reshape(whole=on_bodies(_delta_for_message)),
    ),
    (
        "message-in-stream",
        "the shape of a JSON answer in a stream",
        _ODD,
        Reshape(pieces=lambda chunks: (on_bodies(_message_for_delta)(chunk) for chunk in chunks)),
    ),
    ("wrong-object", "another word in the member object", _ODD, _each(_wrong_object)),
    ("wrong-types", "numbers as text", _ODD, _each(_wrong_types)),
    ("missing-usage", "no usage", "whose answer had no usage", _each(_no_usage)),
    ("null-usage", "null in place of the usage", "whose answer had no usage", _each(_null_usage)),
    ("extra-members", "members that the contract does not know", _ODD, _each(_extra)),
    (
        "error-object-200",
        "an error object under status 200",
        "which failed under status 200",
        Reshape(whole=_error_whole, pieces=_error_pieces),
    ),
    ("null-error-member", "a null error beside the answer", _ODD, _each(_null_error)),
)

for _name, _description, _outcome, _reshape in _SHAPES:
    add(_name, _description, _outcome, default_reply, _reshape)
