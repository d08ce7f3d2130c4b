"""What the token counts of every chat answer are held to, by themselves and beside those of equal requests.

A template may add the time, and so count one prompt otherwise each time: counts are compared only where equal requests
have equal ones.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chatproof.cases.answer import ChatAnswer, dict_in
from chatproof.cases.contract.owners import Owned
from chatproof.findings.finding import Level
from chatproof.probe import Exchange, Json

__all__ = ["PLAUSIBLE", "PromptCount", "counted", "prompt_count"]

PLAUSIBLE = "chat.json.usage-plausible"

_LIMITS = ("max_tokens", "max_completion_tokens")
_NOT_THE_PROMPT = (*_LIMITS, "stop", "stream_options")
"""Members of a request that change how long the reply may be or what is told of it, not what the model reads."""

_MOST_STOPS = 4

_USAGE = "$.usage"


def counted(answer: ChatAnswer, several: str) -> Iterator[Owned]:
    """What is wrong with the counts of one answer; `several` is the case about more than one choice."""
    used = answer.count("completion_tokens")
    if used is None:
        return
    texts = sum(bool(dict_in(choice, "message").get("content")) for choice in answer.choices)
    where = f"{_USAGE}.completion_tokens"
    if texts and used <= 0:
        yield PLAUSIBLE, answer.unlike("more than 0: the reply has text", used, where)
    elif used < texts and answer.exchange.asked().get("n") == len(answer.choices):
        breaks = "Costs and rate limits are computed from a part of what was generated."
        expected = f"at least {texts}: that many choices have text"
        yield several, answer.unlike(expected, used, where, level=Level.SHOULD, breaks=breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCount:
    """What a request's prompt was counted as."""

    prompt: str  #: a name for all that the model reads, and for the mode
    request: str  #: a name for the whole request
    tokens: int


def prompt_count(exchange: Exchange, answer: ChatAnswer) -> PromptCount | None:
    """The count of an answer of one choice; None where it has none. Several choices have a case of their own."""
    asked, tokens = exchange.asked(), answer.count("prompt_tokens")
    if tokens is None or not _is_plain(asked):
        return None
    read = {name: value for name, value in asked.items() if name not in _NOT_THE_PROMPT}
    read["stream"] = bool(read.get("stream"))  # history.json-equals-sse compares the modes
    return PromptCount(prompt=_name(read), request=_name(asked), tokens=tokens)


def _is_plain(asked: Mapping[str, Json]) -> bool:
    """Is it a request for one choice that nobody could have put right, for nothing in it is wrong?"""
    limits = [asked[name] for name in _LIMITS if name in asked]
    stop = asked.get("stop")
    return (
        asked.get("n") in (None, 1)
        and all(isinstance(limit, int) and limit > 0 for limit in limits)
        and isinstance(asked.get("stream"), bool | None)
        and (stop is None or isinstance(stop, str) or (isinstance(stop, list) and len(stop) <= _MOST_STOPS))
    )


def _name(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
