"""Random requests for an endpoint: what is drawn is made cheap and harmless first, and what fails is made small.

Drawn from `chatproof.strategies`, which know all that OpenAI takes. Left out is what only OpenAI has, what costs much
or leaves something behind (`store`), and addresses that a server would fetch.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy, sampled_from

from chatproof.cases.answer import dict_in, dicts_in
from chatproof.cases.endpoint import Profile
from chatproof.findings.finding import Finding, InconclusiveError
from chatproof.probe import Exchange, Json, NoEvidenceError, NoExchangeError, RunEndedError
from chatproof.strategies import Miss, chat_requests, near_misses
from chatproof.strategies.valid.members import mapped
from chatproof.strategies.valid.requests import tool_requests
from chatschema import Kind

__all__ = ["Hunt", "invalid_requests", "valid_requests"]

_LIMIT = 17
"""Tokens of a reply."""
_SHRINKING = 8
"""Requests more, where one fails: it is told as short as these make it."""

_SECONDS = 20.0
"""Waited for answers while a failure is made short."""

_ALWAYS = (
    "user",
    "seed",
    "stop",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "logprobs",
)
_SAMPLING = ("temperature", "top_p", "n", "presence_penalty", "frequency_penalty")

DrawnT = TypeVar("DrawnT")


class Hunt:
    """The search for a request to which the answer is wrong. `ask` sends one, `flaws` says what is wrong then."""

    def __init__(
        self, ask: Callable[[Json | bytes], Exchange], flaws: Callable[[Exchange], list[Finding]]
    ) -> None:
        self._ask = ask
        self._flaws = flaws
        self._known: dict[bytes, list[Finding]] = {}
        self._left = _SHRINKING
        self._seconds = _SECONDS
        self._end: Exception | None = None
        self.answered = 0

    @property
    def tried(self) -> int:
        """The requests that were sent."""
        return len(self._known)

    def run(
        self,
        strategy: SearchStrategy[DrawnT],
        sent: Callable[[DrawnT], Json | bytes],
        *,
        examples: int,
        seed: int,
    ) -> Iterator[Finding]:
        """What is wrong with the answer to the shortest request found that has a wrong one.

        Raises:
            RunEndedError, NoExchangeError, NoEvidenceError: as the probe does.
        """
        with suppress(NoSuchExample):
            find(
                strategy,
                lambda drawn: self._fails(sent(drawn)),
                settings=settings(
                    max_examples=examples,
                    phases=(Phase.generate, Phase.shrink),
                    database=None,
                    deadline=None,
                    verbosity=Verbosity.quiet,
                    suppress_health_check=(
                        HealthCheck.too_slow,
                        HealthCheck.filter_too_much,
                        HealthCheck.data_too_large,
                        HealthCheck.large_base_example,
                    ),
                ),
                random=Random(seed),  # noqa: S311  no secret
            )
        failing = [body for body, found in self._known.items() if found]
        yield from self._known[min(failing, key=len)] if failing else ()
        if self._end:
            raise self._end

    def _fails(self, body: Json | bytes) -> bool:
        key = body if isinstance(body, bytes) else json.dumps(body).encode()
        if key in self._known:
            return bool(self._known[key])
        shrinking = any(self._known.values())
        if self._end or (shrinking and (self._left <= 0 or self._seconds <= 0)):
            return False
        try:
            exchange = self._ask(body)
            found = self._flaws(exchange)
        except (RunEndedError, NoExchangeError, NoEvidenceError) as end:
            self._end = end
            return False
        except InconclusiveError:  # too large to be held: nothing is shown
            found, exchange = [], None
        self._known[key] = found
        self._left -= shrinking * _price(exchange)
        if exchange:
            self.answered += exchange.status == 200
            self._seconds -= exchange.seconds if found else 0
        return bool(found)


def _price(exchange: Exchange | None) -> int:
    """The requests that one took: after an answer that is the server's fault the plain request is asked, too."""
    return 2 if exchange and (exchange.status >= 500 or not exchange.complete) else 1


def valid_requests(profile: Profile) -> SearchStrategy[dict[str, Json]]:
    """Histories with roles in legal order, parts, names, calls and results; tools and options that are widely known."""
    return mapped(chat_requests() | tool_requests(), lambda request: _tamed(request, profile))


def _tamed(request: dict[str, Json], profile: Profile) -> dict[str, Json]:
    names = _ALWAYS + (_SAMPLING if profile.sampling else ())
    kept = {name: request[name] for name in names if name in request}
    tools = [tool for tool in dicts_in(request, "tools") if tool.get("type") == "function"]
    choice = kept.get("tool_choice")
    if not tools:
        kept = {name: value for name, value in kept.items() if "tool" not in name}
    else:
        kept["tools"] = [*tools]
        kept.pop("response_format", None)  # both at once is more than many promise
        named = dict_in({"choice": choice}, "choice")
        if named and named.get("type") != "function":
            del kept["tool_choice"]
    if isinstance(kept.get("n"), int):
        kept["n"] = min(2, _whole(kept["n"]))
    messages = [*map(_message, dicts_in(request, "messages"))]
    if any(message.get("role") == "function" for message in messages):
        messages = messages[:1]
    return {"model": profile.model, "messages": [*messages], profile.limit_member: _LIMIT, **kept}


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 1


def _message(message: dict[str, Json]) -> dict[str, Json]:
    """A message without what has a case of its own, or only OpenAI knows: developers, refusals, media, custom calls."""
    found = {name: value for name, value in message.items() if name not in ("refusal", "audio")}
    if found.get("role") == "developer":
        found["role"] = "system"
    if isinstance(found.get("content"), list):
        parts = [part for part in dicts_in(found, "content") if part.get("type") == "text"]
        found["content"] = [*parts] or "Hi"
    if found.get("role") == "assistant" and not found.get("tool_calls") and not found.get("content"):
        found["content"] = message.get("refusal") or "So be it."
    if calls := dicts_in(found, "tool_calls"):
        found["tool_calls"] = [*map(_call, calls)]
    found.pop("function_call", None)
    return found


def _call(call: dict[str, Json]) -> dict[str, Json]:
    """A call of a function, whose arguments are an object."""
    called = dict_in(call, "function") or dict_in(call, "custom")
    arguments = called.get("arguments", called.get("input"))
    try:
        is_object = isinstance(json.loads(str(arguments)), dict)
    except ValueError:
        is_object = False
    text = arguments if is_object else json.dumps({"text": arguments})
    function: dict[str, Json] = {"name": called.get("name"), "arguments": text}
    return {"id": call.get("id"), "type": "function", "function": function}


_ASKED_ELSEWHERE = frozenset(
    {
        "no-model",
        "messages-as-text",
        "no-messages",
        "messages-empty",
        "no-role",
        "role-unknown",
        "content-no-text",
        "temperature-as-text",
        "too-hot",
        "top-p-out-of-range",
        "n-out-of-range",
        "stream-as-text",
        "tools-no-list",
        "five-stops",
        "cut-off",
        "no-tokens",
        "no-completion-tokens",
        "result-of-nothing",
    }
)
"""What the cases of errors ask for, one by one."""

_MEDIA = frozenset(
    {
        "part-unknown",
        "part-without-text",
        "image-as-text",
        "image-without-url",
        "sound-unknown",
        "image-of-the-system",
        "image-of-a-tool",
    }
)
"""An endpoint that takes no media refuses these for that."""

_DEAR = frozenset({"too-many-tools"})


def invalid_requests(profile: Profile, seed: int) -> SearchStrategy[Miss]:
    """Requests one step away from a valid one, by what is wrong with them; the seed says which come first."""
    found = [
        near
        for near in near_misses(Kind.CHAT_REQUEST)
        if near.name.partition("/")[2] not in _ASKED_ELSEWHERE | _MEDIA | _DEAR
    ]
    Random(seed).shuffle(found)  # noqa: S311  no secret
    return (
        sampled_from(found)
        .flatmap(lambda near: near.misses.filter(_is_harmless))
        .map(lambda miss: _cheap(miss, profile))
    )


def _is_harmless(miss: Miss) -> bool:
    text = miss.data if isinstance(miss.data, bytes) else json.dumps(miss.data).encode()
    return b"://" not in text and b'"store"' not in text


def _cheap(miss: Miss, profile: Profile) -> Miss:
    """The same defect in a request that costs little."""
    if not isinstance(miss.data, dict):
        return miss
    data: dict[str, Json] = {**miss.data}
    if miss.path != "$.model":
        data["model"] = profile.model
    if "max_tokens" not in data and "max_completion_tokens" not in data:
        data[profile.limit_member] = _LIMIT
    if data.get("n") == 128:
        data["n"] = 2
    tools = [tool for tool in dicts_in(data, "tools") if tool.get("type") != "custom"]
    if tools and "tool" not in miss.path.partition("[")[0]:
        data["tools"] = [*tools]
        if isinstance(data.get("tool_choice"), dict):
            del data["tool_choice"]
    return Miss(data=data, path=miss.path)
