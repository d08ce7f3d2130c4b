"""An endpoint as a case sees it: requests that any model can answer, and answers ready to be judged.

Plain requests are made once per run and shared by the cases that look at them; a case that needs a fresh
one asks for it. No case depends on what the text says: the model may have random weights.
"""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, TypeVar

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import InconclusiveError, UnsupportedError
from chatproof.probe import Exchange, Json, NoEvidenceError, Probe

__all__ = ["Endpoint", "Messages", "Profile", "assistant", "in_parts", "system", "tool_round", "user"]

Messages = list[dict[str, Json]]

MadeT = TypeVar("MadeT")

_LIMIT = 32
"""Tokens asked for in a plain reply: enough for a stream of several chunks, cheap on any endpoint."""

_TOOL_LIMIT = 128
"""Tokens asked for where a tool call is forced: a call cut by its limit cannot be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How this endpoint wants to be asked, found out before the first case.

    `limit_member` is `max_tokens`, or `max_completion_tokens` where the model refuses the older name;
    `sampling` are members for a reproducible reply, empty where the model refuses them; `chat_path` is the chat
    route below the base URL.
    """

    model: str
    limit_member: str = "max_tokens"
    sampling: tuple[tuple[str, Json], ...] = (("temperature", 0),)
    chat_path: str = "/chat/completions"


def user(text: str) -> dict[str, Json]:
    """A user message."""
    return {"role": "user", "content": text}


def in_parts(*more: Json) -> dict[str, Json]:
    """The short question as a text part, and other parts after it."""
    return {"role": "user", "content": [{"type": "text", "text": SHORT}, *more]}


def assistant(text: str) -> dict[str, Json]:
    """An assistant message."""
    return {"role": "assistant", "content": text}


def system(text: str) -> dict[str, Json]:
    """A system message."""
    return {"role": "system", "content": text}


PLAIN = "Count from one to ten."
SHORT = "And what of the river now?"
"""The question that histories end with, too: alone it is the shortest of them, and asked once for all."""

_BRIEF = 16
"""Tokens asked for where a reply is only to be known again: cheap in each of some forty answers."""

PARAMETERS: dict[str, Json] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}

WEATHER: dict[str, Json] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": PARAMETERS,
    },
}
"""The one tool that the cases offer."""

# Nine letters and digits: Mistral's templates refuse any other id.
_CALL_ID = "call12345"


def tool_round(*, answered: bool = True) -> Messages:
    """A question, the call it led to, and the tool's result."""
    call: Json = {
        "id": _CALL_ID,
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
    }
    messages: Messages = [
        user("What is the weather in Paris?"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": _CALL_ID, "content": "sunny, 22 degrees"},
    ]
    return messages if answered else messages[:2]


_REFUSED = frozenset({400, 404, 405, 422, 501})

NAMED: Json = {"type": "function", "function": {"name": "get_weather"}}


class Endpoint:
    """The endpoint under test. `seed` is that of all that is drawn by chance."""

    def __init__(self, probe: Probe, profile: Profile) -> None:
        self.probe = probe
        self.seed = 0
        self.profile = profile
        self.behind: object = None
        """Of a gateway: itself and its backend (`cases/gateway/behind.py`)."""
        self.posted: list[Exchange] = []
        """What cases have asked for until now, in the order of the answers."""
        self.lacks_chat = ""
        """What was seen in place of chat, where there is none for this model."""
        self._made: dict[str, Exchange] = {}
        self._refused: dict[str, NoEvidenceError] = {}
        self._at_once: dict[str, list[Exchange]] = {}
        self._kept: dict[str, Any] = {}
        self._lock = threading.RLock()

    def body(
        self, messages: Messages | None = None, *, limit: int = _LIMIT, **members: Json
    ) -> dict[str, Json]:
        """The body of a chat request; `members` are added or take the place of what is there."""
        made: dict[str, Json] = {
            "model": self.profile.model,
            "messages": [*(messages or [user(PLAIN)])],
            self.profile.limit_member: limit,
            **dict(self.profile.sampling),
        }
        return made | members

    def brief(self, messages: Messages, **members: Json) -> dict[str, Json]:
        """The body of a chat request for a short reply."""
        return self.body(messages, limit=_BRIEF, **members)

    def post(self, body: Json, path: str = "") -> Exchange:
        """A fresh request, for chat where no other path is given."""
        exchange = self.probe.post(path or self.profile.chat_path, body)
        self.posted.append(exchange)  # without the lock: several are posted while it is held
        return exchange

    def shared(self, body: Json, path: str = "", *, nth: int = 1) -> Exchange:
        """The one exchange of this run for that body and path; one for each `nth` time that the same is asked."""
        key = f"{nth} {path}{json.dumps(body, sort_keys=True)}"
        with self._lock:
            if told := self._refused.get(key):
                raise told
            if key not in self._made:
                try:
                    self._made[key] = self.post(body, path)
                except NoEvidenceError as told:  # asked twice already
                    self._refused[key] = told
                    raise
            return self._made[key]

    def shared_as_text(self, body: Json) -> Exchange:
        """The one exchange of this run for that chat body, in UTF-8 without escapes."""
        key = f"text {json.dumps(body, sort_keys=True)}"
        with self._lock:
            if key not in self._made:
                data = json.dumps(body, ensure_ascii=False).encode()
                self._made[key] = self.probe.send("POST", self.profile.chat_path, data)
                self.posted.append(self._made[key])
            return self._made[key]

    def shared_at_once(self, bodies: Sequence[Json]) -> list[Exchange]:
        """The exchanges of this run for these bodies, all of them asked at the same time."""
        key = json.dumps(bodies, sort_keys=True)
        with self._lock:
            if told := self._refused.get(key):
                raise told
            if key not in self._at_once:
                try:
                    with ThreadPoolExecutor(len(bodies)) as pool:
                        self._at_once[key] = list(pool.map(self.post, bodies))
                except NoEvidenceError as told:
                    self._refused[key] = told
                    raise
            return self._at_once[key]

    def known_at_once(self, bodies: Sequence[Json]) -> list[Exchange]:
        """The same, where they have been asked already; else none."""
        with self._lock:
            return self._at_once.get(json.dumps(bodies, sort_keys=True), [])

    def once(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """What was made under that name in this run, by the first who asked."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
            found: MadeT = self._kept[name]
            return found

    def models(self) -> Exchange:
        """The shared answer to GET /models."""
        with self._lock:
            if "models" not in self._made:
                self._made["models"] = self.probe.get("/models")
            return self._made["models"]

    def remember_models(self, exchange: Exchange) -> None:
        """Use a model list that was asked for before the first case."""
        self._made["models"] = exchange

    def plain(self) -> Exchange:
        """The shared JSON answer to a plain request."""
        return self.shared(self.body())

    def refuse_chance(self) -> None:
        """End a case that compares texts where the plain request gives another one the second time.

        Raises:
            InconclusiveError: it does.
        """
        first = ChatAnswer(self.plain())
        second = ChatAnswer(self.once("again", lambda: self.post(self.body())))
        if first.text != second.text:
            raise InconclusiveError("the endpoint gives another text each time", second.exchange)

    def plain_stream(self) -> Exchange:
        """The shared stream of a plain request."""
        return self.shared(self.body(stream=True))

    def usage_stream(self) -> Exchange:
        """The shared stream of a plain request that asks for usage."""
        return self.shared(self.body(stream=True, stream_options={"include_usage": True}))

    def tool_body(self, choice: Json, **members: Json) -> dict[str, Json]:
        """A request that offers the weather tool."""
        messages = [user("What is the weather in Paris?")]
        return self.body(messages, limit=_TOOL_LIMIT, tools=[WEATHER], tool_choice=choice, **members)

    def refuse_without_tools(self, *choices: Json) -> None:
        """End a case where tools are refused with each of these choices: another refusal of them is no evidence.

        Raises:
            UnsupportedError: they are.
        """
        exchanges = (self.shared(self.tool_body(choice)) for choice in choices)
        refused = list(takewhile(lambda exchange: exchange.status in _REFUSED, exchanges))
        if len(refused) == len(choices):
            seen = refused[0].describe()
            raise UnsupportedError(f"requests with tools are refused: {seen}", refused[0])

    def calls_tools(self) -> bool:
        """Has any request with tools been answered with a call, whether it was forced or not?"""
        choices: tuple[Json, ...] = ("auto", NAMED, "required")
        return any(ChatAnswer(self.shared(self.tool_body(choice))).calls for choice in choices)

    def forced_call(self) -> ChatAnswer:
        """The shared JSON answer with a tool call, forced in the strongest way that works here.

        Raises:
            UnsupportedError: neither a named nor a required tool_choice gives a call.
        """
        return self._forced()[0]

    def forced_call_stream(self) -> ChatStreamAnswer:
        """The shared stream of the request that gives a call in JSON mode."""
        choice = self._forced()[1]
        return ChatStreamAnswer(self.shared(self.tool_body(choice, stream=True)))

    def _forced(self) -> tuple[ChatAnswer, Json]:
        exchange = None
        for choice in (NAMED, "required"):
            exchange = self.shared(self.tool_body(choice))
            answer = ChatAnswer(exchange)
            if answer.calls:
                return answer, choice
        raise UnsupportedError("no tool call, neither with a named tool_choice nor with required", exchange)
