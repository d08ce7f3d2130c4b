"""Choices: none, too many, under the wrong index."""

from collections.abc import Iterable, Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import Reply, default_reply, report
from chatfake.generation.reshape import Reshape, choices_of, on_bodies
from chatfake.generation.scenarios.scenario import add
from chatfake.request.chat_request import Chat


def _none(_: Chat) -> tuple[Reply, ...]:
    return ()


def _two(chat: Chat) -> tuple[Reply, ...]:
    return (Reply(text=report(chat)), Reply(text=f"{report(chat)} (again)"))


def _null(body: JsonObject) -> None:
    body["choices"] = None


def _missing(body: JsonObject) -> None:
    body.pop("choices", None)


def _moved(body: JsonObject) -> None:
    for _, choice in choices_of(body):
        index = choice.get("index")
        choice["index"] = index + 7 if isinstance(index, int) else index


def _first_only(chunks: Iterable[JsonObject], change: str) -> Iterator[JsonValue]:
    """One chunk says what a whole answer would say in one body."""
    for chunk in chunks:
        if chunk.get("choices"):
            yield {**chunk, "choices": None} if change == "null" else _less(chunk)
            return


def _less(chunk: JsonObject) -> JsonObject:
    return {name: member for name, member in chunk.items() if name != "choices"}


add("empty-choices", "an empty list of choices", "whose answer had no choices", _none)
add(
    "null-choices",
    "null in place of the choices",
    "whose answer had no choices",
    default_reply,
    Reshape(whole=on_bodies(_null), pieces=lambda chunks: _first_only(chunks, "null")),
)
add(
    "missing-choices",
    "no member choices at all",
    "whose answer had no choices",
    default_reply,
    Reshape(whole=on_bodies(_missing), pieces=lambda chunks: _first_only(chunks, "missing")),
)
add("two-choices", "two choices, however many were asked for", "whose answer had two choices", _two)
add(
    "wrong-index",
    "choices that are numbered from 7",
    "whose choices were numbered wrongly",
    default_reply,
    Reshape(whole=on_bodies(_moved), pieces=lambda chunks: (on_bodies(_moved)(chunk) for chunk in chunks)),
)
