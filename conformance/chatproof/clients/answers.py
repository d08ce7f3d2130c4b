"""Asking an endpoint for one reply: the whole text of a sound answer, or an exception.

Two functions with one signature, so that a client that streams differs from one that does not in nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from chatschema import ChatCompletion, ChatStream, Level, SseDecoder, SseLimitError, check
from chatschema.chat import NoContent

__all__ = ["AnswerError", "Ask", "Body", "Post", "json_answer", "streamed_answer"]

Body = Mapping[str, Any]

Ask = Callable[[Callable[[Body], bytes], Body], str]
"""From a way to post a body, and the body, to the text of the reply."""

_MOST_BYTES = 16 * 1024 * 1024
"""An answer larger than this is no reply to a chat message; nobody waits for its end."""


_FORGIVEN = frozenset({"chat.sse.done"})
"""A stream whose finish_reason came is whole, with or without `[DONE]` after it."""


class AnswerError(Exception):
    """The endpoint gave no reply; the text says what it gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One URL to post to, with a key."""

    http: httpx.Client
    url: str
    api_key: str

    def __call__(self, body: Body) -> bytes:
        """The body of a successful answer.

        Raises:
            AnswerError: the status is none of success, the connection broke, or the answer never ends.
        """
        headers = {"authorization": f"Bearer {self.api_key}"}
        read = bytearray()
        try:
            with self.http.stream("POST", self.url, json=body, headers=headers) as response:
                for part in response.iter_bytes():
                    read += part
                    if len(read) > _MOST_BYTES:
                        raise AnswerError(f"the answer is longer than {_MOST_BYTES:,} bytes")
        except httpx.HTTPError as error:
            raise AnswerError(f"{type(error).__name__}: {error}") from error
        if not response.is_success:
            raise AnswerError(f"HTTP {response.status_code}: {bytes(read[:200]).decode('utf-8', 'replace')}")
        return bytes(read)


def json_answer(post: Callable[[Body], bytes], body: Body) -> str:
    """The text of the reply, asked for in one piece.

    Raises:
        AnswerError: the answer is an error, is malformed, or has no text.
    """
    judgement = check(post(body), "chat.completion")
    if not judgement.valid or not isinstance(judgement.value, ChatCompletion):
        why = "; ".join(f"{violation.path}: {violation.message}" for violation in judgement.violations[:3])
        raise AnswerError(f"the answer is no chat completion: {why}")
    return _text(judgement.value)


def streamed_answer(post: Callable[[Body], bytes], body: Body) -> str:
    """The text of the reply, asked for as a stream. What arrived before a stream broke off is no reply.

    Raises:
        AnswerError: the stream is an error, is malformed, broke off, or has no text.
    """
    decoder, stream = SseDecoder(), ChatStream()
    try:
        events = [*decoder.feed(post({**body, "stream": True})), *decoder.close()]
    except SseLimitError as error:
        raise AnswerError(str(error)) from error
    for event in events:
        stream.feed(event)
    stream.close()
    violations = [
        violation
        for violation in stream.violations
        if violation.level is Level.MUST and violation.rule not in _FORGIVEN
    ]
    if decoder.bad_bytes:
        raise AnswerError(f"the stream is malformed: {decoder.bad_bytes[0]}")
    if violations:
        raise AnswerError(f"the stream is malformed: {violations[0].path}: {violations[0].message}")
    if (value := stream.assembled()) is None:
        raise AnswerError("the stream has no chunks")
    judgement = check(value, "chat.completion")
    if not isinstance(judgement.value, ChatCompletion):
        raise AnswerError("the chunks add up to no chat completion")
    return _text(judgement.value)


def _text(completion: ChatCompletion) -> str:
    try:
        text = completion.assistant_content()
    except NoContent as error:
        raise AnswerError(str(error)) from error
    if not text:
        raise AnswerError("the reply is empty")  # an empty assistant message is rejected by many servers
    return text
