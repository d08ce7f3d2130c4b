"""Miniatures whose counts of one answer do not fit those of another, or not its text."""

import json
from collections.abc import Callable
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import Object, Wrapper, asked, completions, each_chunk, with_body


def _both(*makes: Wrapper) -> Wrapper:
    def made(handler: Any) -> Any:
        for make in makes:
            handler = make(handler)
        return handler

    return made


def _counting(change: Callable[[Object], None]) -> Callable[..., None]:
    """Change the counts of an answer or of a chunk, where it has some; the total stays their sum."""

    def changed(*found: Any) -> None:
        usage = found[-1].get("usage")
        if usage:
            change(usage)
            usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]

    return changed


def _where_stopped(change: Callable[[Object], None]) -> Wrapper:
    """Change the counts where a stop sequence is given, in JSON mode."""

    def changed(request: Request, answer: Answer) -> Answer:
        if "stop" not in asked(request):
            return answer
        value = json.loads(answer.body)
        _counting(change)(value)
        return with_body(answer, json.dumps(value).encode())

    return on_200(changed, stream=False)


_REPLY_TOO = _counting(lambda u: u.update(prompt_tokens=u["prompt_tokens"] + u["completion_tokens"]))
broken(
    "reply-counted-as-prompt",
    "chat.json.usage-plausible",
    _both(completions(_REPLY_TOO), each_chunk(_REPLY_TOO)),
)
broken(
    "stop-counted-as-prompt",
    "chat.json.usage-plausible",
    _where_stopped(lambda u: u.update(prompt_tokens=u["prompt_tokens"] + 3)),
)
broken(
    "stopped-reply-not-counted",
    "chat.json.usage-plausible",
    _where_stopped(lambda u: u.update(completion_tokens=0)),
)
_NOTHING = _counting(lambda u: u.update(completion_tokens=0))
broken(
    "streamed-reply-not-counted",
    "chat.json.usage-plausible",
    each_chunk(_NOTHING),
    along=("chat.sse.equals-json",),
)
