"""Miniatures that are broken in completions of a text."""

from collections.abc import Callable

from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.miniatures.routes import (
    answers_at,
    chunks_at,
    is_at,
    requests_at,
    streams_at,
)
from chatproof.selftest.endpoint.wrapping import CRASH, Object, Wrapper, as_json, choice_of, where

_PATH = "/completions"


def _changed(
    change: Callable[[Object], object], asked_for: Callable[[Object], bool] = lambda _: True
) -> Wrapper:
    """Of JSON answers of this route, and not of chat's."""
    return answers_at(_PATH, change, asked_for)


def _usage(**counts: int) -> Callable[[Object], None]:
    def change(value: Object) -> None:
        value["usage"].update(counts)
        value["usage"]["total_tokens"] = value["usage"]["prompt_tokens"] + value["usage"]["completion_tokens"]

    return change


def _without_last_text(found: list[Object]) -> list[Object]:
    texts = [number for number, chunk in enumerate(found) if chunk["choices"] and choice_of(chunk)["text"]]
    choice_of(found[texts[-1]])["text"] = ""
    return found


def _cumulative(found: list[Object]) -> list[Object]:
    text = ""
    for chunk in found:
        if chunk["choices"]:
            text += choice_of(chunk)["text"]
            choice_of(chunk)["text"] = text if choice_of(chunk)["text"] else ""
    return found


def _dearer(found: list[Object]) -> list[Object]:
    for chunk in found:
        if chunk.get("usage"):
            chunk["usage"]["prompt_tokens"] += 1
            chunk["usage"]["total_tokens"] += 1
    return found


def _swap_texts(value: Object) -> None:
    first, second = value["choices"]
    first["text"], second["text"] = second["text"], first["text"]


def _stop_a_word_early(value: Object) -> None:
    choice_of(value)["text"] = choice_of(value)["text"].rstrip().rpartition(" ")[0]


def _prompt_alone(value: Object) -> None:
    choice_of(value)["text"] = (
        choice_of(value)["logprobs"]["tokens"] and "Count from one to ten: one, two, three,"
    )


def _likely(value: Object) -> None:
    logprobs = choice_of(value)["logprobs"]
    logprobs["token_logprobs"] = [0.5 for _ in logprobs["token_logprobs"]]


def _stops(body: Object) -> bool:
    return "stop" in body


def _asks_logprobs(body: Object) -> bool:
    return "logprobs" in body


def _is_batch(body: Object) -> bool:
    return isinstance(body.get("prompt"), list)


broken("text-is-a-chat", "completions.json.shape", _changed(lambda v: v.update(object="chat.completion")))
broken("text-without-created", "completions.json.shape", _changed(lambda v: v.pop("created")))
broken("text-twice", "completions.json.shape", _changed(
    lambda v: v["choices"].append({**choice_of(v), "index": 1}), lambda body: isinstance(body.get("prompt"), str)
))  # fmt: skip
broken("text-stream-without-done", "completions.sse.shape", streams_at(_PATH, lambda events: events[:-1]))
broken("text-stream-loses-its-end", "completions.sse.shape", chunks_at(
    _PATH, _without_last_text, lambda body: not _stops(body)
))  # fmt: skip
broken("text-stream-is-cumulative", "completions.sse.shape", chunks_at(
    _PATH, _cumulative, lambda body: not _stops(body)
))  # fmt: skip
broken("text-stop-is-ignored", "completions.stop", requests_at(_PATH, lambda body: _of_text(body, "stop")))
broken("text-stop-takes-more", "completions.stop", _changed(_stop_a_word_early, _stops))
broken("text-stop-says-length", "completions.stop", _changed(
    lambda v: choice_of(v).update(finish_reason="length"), _stops
))  # fmt: skip
broken("text-costs-nothing", "completions.usage", _changed(_usage(completion_tokens=0)))
broken("text-prompt-costs-nothing", "completions.usage", _changed(_usage(prompt_tokens=0)))
broken("text-stream-is-dearer", "completions.usage", chunks_at(_PATH, _dearer))
broken("text-echo-alone", "completions.echo", _changed(_prompt_alone, _asks_logprobs))
broken("text-echo-crashes", "completions.echo", where(is_at(_PATH, lambda body: "echo" in body), CRASH))
broken("text-logprobs-are-positive", "completions.logprobs", _changed(_likely, _asks_logprobs))
broken("text-logprobs-lack-one", "completions.logprobs", _changed(
    lambda v: choice_of(v)["logprobs"]["tokens"].pop(), _asks_logprobs
))  # fmt: skip
broken("text-prompts-are-refused", "completions.prompt-list", where(is_at(_PATH, _is_batch), as_json(
    400, {"error": {"message": "a text", "type": "invalid_request_error", "param": "prompt", "code": None}}
)))  # fmt: skip
broken("text-prompt-is-lost", "completions.prompt-list", _changed(lambda v: v["choices"].pop(), _is_batch))
broken("text-prompts-are-swapped", "completions.prompt-list", _changed(_swap_texts, _is_batch))


def _of_text(body: Object, name: str) -> None:
    """Lose a member of a request for a text: chat's path ends alike."""
    if "prompt" in body:
        body.pop(name, None)
