"""How OpenAI writes a text completion: one JSON object, or the chunks of a stream."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatfake.chat import Chat
from chatfake.identity import Identity
from chatfake.jsontext import JsonObject, JsonValue
from chatfake.logprobs import token_logprob
from chatfake.tokens import count, split

__all__ = ["TextChoice", "TextSpoken", "text_chunks", "text_completion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChoice:
    """How one prompt goes on."""

    text: str
    prompt: str
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpoken:
    """What is said to a completion request."""

    chat: Chat
    choices: tuple[TextChoice, ...]
    prompt_tokens: int
    echo: bool
    logprobs: int | None
    identity: Identity

    def written(self, choice: TextChoice) -> str:
        """The text that is sent: with `echo` the prompt stands before it."""
        return choice.prompt + choice.text if self.echo else choice.text


def text_completion(spoken: TextSpoken) -> JsonObject:
    """The body of a JSON answer."""
    choices: list[JsonValue] = [
        {
            "text": spoken.written(choice),
            "index": index,
            "logprobs": _logprobs(spoken, split(spoken.written(choice)), 0),
            "finish_reason": choice.ending,
        }
        for index, choice in enumerate(spoken.choices)
    ]
    return {**_head(spoken), "choices": choices, "usage": _usage(spoken)}


def text_chunks(spoken: TextSpoken) -> Iterator[JsonObject]:
    """A token a chunk, the choices in turn, then an empty one with the finish_reason; usage where it was asked for."""
    usage: JsonObject = {"usage": None} if spoken.chat.include_usage else {}
    for index, choice in enumerate(spoken.choices):
        offset = 0
        for place, token in enumerate(split(spoken.written(choice))):
            logprobs = _logprobs(spoken, (token,), offset, place)
            offset += len(token)
            yield {**_head(spoken), "choices": [_piece(index, token, logprobs, None)], **usage}
        yield {**_head(spoken), "choices": [_piece(index, "", None, choice.ending)], **usage}
    if spoken.chat.include_usage:
        yield {**_head(spoken), "choices": [], "usage": _usage(spoken)}


def _piece(index: int, text: str, logprobs: JsonValue, ending: str | None) -> JsonObject:
    return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": ending}


def _head(spoken: TextSpoken) -> JsonObject:
    return {
        "id": spoken.identity.text_id,
        "object": "text_completion",
        "created": spoken.identity.created,
        "model": spoken.chat.model,
        "system_fingerprint": spoken.identity.system_fingerprint,
    }


def _usage(spoken: TextSpoken) -> JsonObject:
    said = sum(count(choice.text) for choice in spoken.choices)
    return {
        "prompt_tokens": spoken.prompt_tokens,
        "completion_tokens": said,
        "total_tokens": spoken.prompt_tokens + said,
    }


def _logprobs(spoken: TextSpoken, tokens: tuple[str, ...], offset: int, start: int = 0) -> JsonValue:
    """Four lists of the same length."""
    if spoken.logprobs is None:
        return None
    entries = [token_logprob(token, start + place, spoken.logprobs) for place, token in enumerate(tokens)]
    offsets: list[JsonValue] = []
    for token in tokens:
        offsets.append(offset)
        offset += len(token)
    tops: list[JsonValue] = [_tops(entry) for entry in entries]
    return {
        "tokens": list(tokens),
        "token_logprobs": [entry["logprob"] for entry in entries],
        "top_logprobs": tops,
        "text_offset": offsets,
    }


def _tops(entry: JsonObject) -> JsonObject:
    tops = entry["top_logprobs"]
    found = [one for one in tops if isinstance(one, dict)] if isinstance(tops, list) else []
    return {str(one["token"]): one["logprob"] for one in found}
