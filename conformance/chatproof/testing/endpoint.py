"""The endpoint that a session judges, for tests of one's own: `chat_endpoint`."""

import threading
from collections.abc import Callable, Mapping
from typing import TypedDict

import httpx

from chatproof.cases import Endpoint
from chatproof.cases.endpoint import user
from chatproof.judging.opening import Opened, Target
from chatproof.probe import Exchange, Json
from chatproof.probe.client import is_near, trust_of

__all__ = ["CAPABILITIES", "ChatEndpoint", "OpenAIArguments"]


class OpenAIArguments(TypedDict):
    """What `openai.OpenAI` needs to find the endpoint."""

    base_url: str
    api_key: str
    default_headers: dict[str, str]


class ChatEndpoint:
    """An endpoint that answers, and how it is asked.

    `client` is an `httpx.Client` below the base URL, with the key: `client.post("chat/completions", json=…)`.
    `openai` are the arguments of the SDK: `OpenAI(**chat_endpoint.openai)`. Whoever asks through these spends nothing
    of the run's limits; what `supports` asks counts.
    """

    def __init__(self, opened: Opened, target: Target) -> None:
        self.base_url = opened.url
        self.model = opened.model
        self._endpoint = opened.endpoint
        self._target = target
        self._known: dict[str, bool] = {}
        self._lock = threading.Lock()
        self.client = httpx.Client(
            base_url=f"{opened.url}/",
            headers=self.headers,
            timeout=target.seconds,
            trust_env=not is_near(opened.url),
            verify=trust_of(target.access, opened.url),
        )

    def __repr__(self) -> str:
        """Where it is and what it serves: a failed test shows this, and no key."""
        return f"<ChatEndpoint {self.base_url} {self.model}>"

    @property
    def api_key(self) -> str:
        """The key; empty where none is sent."""
        return self._target.sent_key or ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request: the key, and those that the session was given."""
        key = {"authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return key | {header.name: header.value for header in self._target.access.headers}

    @property
    def openai(self) -> OpenAIArguments:
        """The arguments of `openai.OpenAI` and `AsyncOpenAI`, which want some key."""
        headers = {header.name: header.value for header in self._target.access.headers}
        return {"base_url": self.base_url, "api_key": self.api_key or "none", "default_headers": headers}

    def body(self, *messages: dict[str, Json], limit: int = 32, **members: Json) -> dict[str, Json]:
        """A chat request in the form in which it is taken here: some models know `max_completion_tokens` alone."""
        return self._endpoint.body([*messages] or None, limit=limit) | members

    def supports(self, capability: str) -> bool:
        """Whether it has a capability, one of `CAPABILITIES`; it is asked once.

        Raises:
            ValueError: there is no capability of that name.
        """
        if capability not in _CAPABILITIES:
            raise ValueError(f"no capability is called {capability!r}; there are {', '.join(CAPABILITIES)}")
        with self._lock:
            if capability not in self._known:
                self._known[capability] = _CAPABILITIES[capability](self._endpoint)
            return self._known[capability]

    @property
    def capabilities(self) -> frozenset[str]:
        """All that it has; each is asked for once."""
        return frozenset(name for name in CAPABILITIES if self.supports(name))

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()
        self._endpoint.probe.close()


def _answered(**members: Json) -> Callable[[Endpoint], Exchange]:
    # OpenAI takes no format of JSON where no message speaks of it
    return lambda endpoint: endpoint.shared(endpoint.body([user("Say yes, in JSON.")]) | members)


def _streams(endpoint: Endpoint) -> bool:
    exchange = endpoint.plain_stream()
    received = exchange.received
    return exchange.status == 200 and received is not None and received.media_type == "text/event-stream"


def _is_true_of_choices(
    exchange: Callable[[Endpoint], Exchange], fits: Callable[[list[Json]], bool]
) -> Callable[[Endpoint], bool]:
    def has(endpoint: Endpoint) -> bool:
        answer = exchange(endpoint)
        choices = answer.object().get("choices")
        return answer.status == 200 and isinstance(choices, list) and fits(choices)

    return has


def _embeds(endpoint: Endpoint) -> bool:
    answer = endpoint.post({"model": endpoint.profile.model, "input": "Hi"}, "/embeddings")
    return answer.status == 200 and isinstance(answer.object().get("data"), list)


def _counts_in_streams(endpoint: Endpoint) -> bool:
    exchange = endpoint.usage_stream()
    return exchange.status == 200 and b'"prompt_tokens"' in (
        exchange.received.body if exchange.received else b""
    )


_SCHEMA: Json = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"ok": {"type": "boolean"}},
            "required": ["ok"],
            "additionalProperties": False,
        },
    },
}

_CAPABILITIES: Mapping[str, Callable[[Endpoint], bool]] = {
    "embeddings": _embeds,
    "json-object": _is_true_of_choices(_answered(response_format={"type": "json_object"}), bool),
    "json-schema": _is_true_of_choices(_answered(response_format=_SCHEMA), bool),
    "logprobs": _is_true_of_choices(
        _answered(logprobs=True),
        lambda choices: all(isinstance(one, dict) and one.get("logprobs") for one in choices),
    ),
    "n": _is_true_of_choices(_answered(n=2), lambda choices: len(choices) == 2),
    "stream": _streams,
    "stream-usage": _counts_in_streams,
    "tools": lambda endpoint: endpoint.calls_tools(),
}

CAPABILITIES = tuple(_CAPABILITIES)
"""What `ChatEndpoint.supports` can be asked about."""
