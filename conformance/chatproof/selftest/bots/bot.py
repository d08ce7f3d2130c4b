"""A history client with a hook for each thing that it does, for mistakes to be made in. As it stands it makes none.

It shares nothing with the reference clients, so that a mistake in those is not one in here.
"""

import json
import os
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, ClassVar, cast

import httpx

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import SystemPrompt, Unit, Window

__all__ = ["Bot", "Failed", "Json", "StoredBot", "StreamingBot"]

Json = dict[str, Any]

_MOST_BYTES = 32 * 1024 * 1024


class Failed(Exception):  # noqa: N818  it reads as what it is where it is caught
    """The round has no reply; the text says why."""


class Bot:
    """One conversation. Everything that it does is a method, and each mutant overrides one of them."""

    streams: ClassVar[bool] = False

    def __init__(self, endpoint: Endpoint, key: str = "a", history: list[Json] | None = None) -> None:
        self.endpoint = endpoint
        self.key = key
        window = endpoint.policy.window
        self.limit = window.n if isinstance(window, Window) else None
        self.unit = window.unit if isinstance(window, Window) else Unit.MESSAGES
        self.history: list[Json] = [] if history is None else history
        self.model = endpoint.policy.models[0]
        self.others: dict[str, Bot] = {key: self}
        # two asks at once are two connections
        self._own = threading.local()
        self._links: list[HTTPConnection] = []

    # -- what the suite calls ---------------------------------------------------------------------------------

    def say(self, text: str) -> str | None:
        """Say something, and give the reply back."""
        return self.round(self.user(text))

    def again(self) -> str | None:
        """Ask for the last reply once more; the old one stays where that fails."""
        self.load()
        start = self.last_said(self.history)
        taken, self.history = self.history[start:], self.history[:start]
        try:
            reply = self.answer([taken[0]])
        except BaseException:
            self.history += taken
            raise
        self.record(reply)
        return str(reply[-1]["content"])

    @staticmethod
    def last_said(history: list[Json]) -> int:
        """Where the last round begins.

        Raises:
            LookupError: there is none.
        """
        starts = [at for at, one in enumerate(history) if one["role"] == "user"]
        if not starts:
            raise LookupError("nothing was said yet")
        return starts[-1]

    def clear(self) -> None:
        """Forget the conversation."""
        self.history = []
        self.save()

    def fork(self, rounds: int) -> "Bot":
        """A branch that begins after so many rounds."""
        starts = [at for at, one in enumerate(self.history) if one["role"] == "user"]
        end = starts[rounds] if rounds < len(starts) else len(self.history)
        return type(self)(self.endpoint, self.key, self.history[:end])

    def conversation(self, key: str) -> "Bot":
        """Another conversation."""
        if key not in self.others:
            self.others[key] = type(self)(self.endpoint, key)
            self.others[key].others = self.others
        return self.others[key]

    def from_messages(self, messages: list[Json]) -> "Bot":
        """A conversation that is made from a list of messages."""
        made = type(self)(self.endpoint, self.key, [dict(one) for one in messages if one["role"] != "system"])
        made.prune()
        return made

    def window(self, n: int) -> None:
        """Set another window."""
        self.limit = n

    def close(self) -> None:
        """End; another client may go on from what is stored."""
        self.hang_up()

    def hang_up(self) -> None:
        """Close all connections."""
        for link in self._links:
            link.close()
        self._own = threading.local()

    # -- a round ----------------------------------------------------------------------------------------------

    def round(self, question: Json) -> str | None:
        """One round, recorded where it is whole."""
        self.load()
        try:
            messages = self.answer([question])
        except Failed as error:
            self.failed(question, error)
            raise
        self.record(messages)
        return self.told(messages[-1])

    def told(self, message: Json) -> str | None:
        """What the caller gets."""
        return str(message["content"])

    def answer(self, messages: list[Json]) -> list[Json]:
        """The messages of a round, from the question to the reply, tools used on the way."""
        most = self.endpoint.policy.tools
        for _ in range((most if isinstance(most, int) else 0) + 1):
            reply = self.ask([*self.head(), *self.view(self.history), *messages])
            calls = reply.get("tool_calls")
            if not calls or not isinstance(most, int):
                return [*messages, self.assistant(reply)]
            messages = [*messages, self.calling(reply), *self.results(calls)]
        raise Failed("the model calls tools without end")

    def record(self, messages: list[Json]) -> None:
        """Keep a whole round."""
        self.history = [*self.history, *messages]
        self.prune()
        self.save()

    def failed(self, question: Json, error: Failed) -> None:
        """A round without a reply leaves no trace."""

    # -- messages ---------------------------------------------------------------------------------------------

    def head(self) -> list[Json]:
        """The system prompt."""
        prompt = self.endpoint.system_prompt
        return [{"role": "system", "content": prompt}] if prompt else []

    def user(self, text: str) -> Json:
        """What is said, as a message."""
        return {"role": "user", "content": text}

    def assistant(self, reply: Json) -> Json:
        """What was answered, as a message of the history."""
        content = reply.get("content")
        if isinstance(content, list):
            raise Failed("the reply is a list of parts")
        if not isinstance(content, str) or not content:
            raise Failed("the reply has no text")
        return {"role": "assistant", "content": content}

    def calling(self, reply: Json) -> Json:
        """A message that calls tools, as one of the history; empty arguments are an empty object."""
        calls = [
            {**call, "function": {**call["function"], "arguments": call["function"]["arguments"] or "{}"}}
            for call in reply["tool_calls"]
        ]
        return {"role": "assistant", "content": reply.get("content"), "tool_calls": calls}

    def results(self, calls: list[Json]) -> list[Json]:
        """One result for each call."""
        return [self.result(call) for call in calls]

    def result(self, call: Json) -> Json:
        """What a tool gives, or the error that it ends in."""
        function = call["function"]
        try:
            arguments = json.loads(function["arguments"] or "{}")
            text = self.endpoint.tools[function["name"]](str(arguments.get("query", "")))
        except Exception as error:  # noqa: BLE001  the model is told, and the round goes on
            text = f"error: {type(error).__name__}"
        return {"role": "tool", "tool_call_id": call["id"], "content": text}

    # -- the window and the cap -------------------------------------------------------------------------------

    def view(self, history: list[Json]) -> list[Json]:
        """What of the history is sent: the most recent whole rounds that fit."""
        limit = self.limit
        if limit is None:
            return history
        counted = self.endpoint.policy.system is SystemPrompt.COUNTED and self.endpoint.system_prompt
        return fitting(history, max(limit - 1, 0) if counted else limit, self.unit)

    def prune(self) -> None:
        """Keep what may be stored."""
        cap = self.endpoint.policy.cap
        if cap is not None:
            self.history = fitting(self.history, cap.n, cap.unit)

    def load(self) -> None:
        """Read what is stored: nothing is, in here."""

    def save(self) -> None:
        """Write what is to be stored."""

    # -- the wire ---------------------------------------------------------------------------------------------

    def ask(self, messages: list[Json]) -> Json:
        """The message that the endpoint answers with; the next model where one fails."""
        models = [self.model, *(one for one in self.endpoint.policy.models if one != self.model)]
        for model in models:
            try:
                reply = self.asked(model, messages)
            except Failed:
                if model == models[-1]:
                    raise
                continue
            self.model = model if self.endpoint.policy.sticky else self.endpoint.policy.models[0]
            return reply
        raise Failed("no model is left")

    def asked(self, model: str, messages: list[Json]) -> Json:
        """The message that one model answers with."""
        body = self.body(model, messages)
        status, raw = self.post("chat/completions", body)
        if status != 200:
            raise Failed(f"status {status}")
        return self.streamed(raw) if body.get("stream") else self.message(raw)

    def body(self, model: str, messages: list[Json]) -> Json:
        """The request."""
        body: Json = {"model": model, "messages": messages}
        if isinstance(self.endpoint.policy.tools, int):
            names = sorted(self.endpoint.tools)
            body["tools"] = [{"type": "function", "function": {"name": name}} for name in names]
        return {**body, "stream": True} if self.streams else body

    def post(self, route: str, body: Json) -> tuple[int, bytes]:
        """Status and bytes of an answer."""
        url = urllib.parse.urlsplit(self.endpoint.base_url)
        data = json.dumps(body).encode()
        own = self._own
        for fresh in (not hasattr(own, "link"), True):
            link: HTTPConnection | None = None if fresh else own.link
            if link is None:
                link = own.link = HTTPConnection(
                    url.hostname or "", url.port, timeout=self.endpoint.policy.timeout or 60
                )
                self._links.append(link)
            try:
                link.request("POST", f"{url.path}/{route}", data, self.headers())
                response = link.getresponse()
                raw = response.read(_MOST_BYTES)
            except (HTTPException, OSError) as error:
                link.close()
                if fresh:
                    raise Failed(f"{type(error).__name__}") from error
                continue  # a connection that was kept open may have ended since
            self.noted(response)
            return response.status, raw
        raise Failed("no connection")

    def noted(self, response: HTTPResponse) -> None:
        """The headers of an answer: nothing is learned from them."""

    def headers(self) -> dict[str, str]:
        """Headers of a request."""
        return {"content-type": "application/json", "authorization": f"Bearer {self.endpoint.api_key}"}

    def message(self, raw: bytes) -> Json:
        """The message of an answer in one piece."""
        value = parsed(raw)
        choices = listed(value.get("choices"))
        if value.get("object") != "chat.completion" or not choices:
            raise Failed("the answer is no chat completion with a choice")
        if "message" not in choices[0]:
            raise Failed("the choice has no message")
        return object_of(choices[0]["message"])

    def streamed(self, raw: bytes) -> Json:
        """The message of a stream."""
        text, calls, ended = "", dict[int, Json](), False
        for event in events(raw):
            if event == "[DONE]":
                break
            chunk = parsed(event.encode())
            if "error" in chunk:
                raise Failed("an error in the stream")
            for choice in listed(chunk.get("choices")):
                if choice.get("index", 0) != 0:
                    continue
                delta = object_of(choice.get("delta"))
                text += delta.get("content") or ""
                for part in listed(delta.get("tool_calls")):
                    self.assemble(calls, part)
                ended = ended or bool(choice.get("finish_reason"))
        if not ended:
            raise Failed("the stream broke off")
        message: Json = {"role": "assistant", "content": text or None}
        return {**message, "tool_calls": [calls[at] for at in sorted(calls)]} if calls else message

    def assemble(self, calls: dict[int, Json], part: Json) -> None:
        """Put a fragment of a call to the others of its index."""
        call = calls.setdefault(
            part["index"], {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
        )
        call["id"] = part.get("id") or call["id"]
        function = object_of(part.get("function"))
        call["function"]["name"] += function.get("name") or ""
        call["function"]["arguments"] += function.get("arguments") or ""


class StreamingBot(Bot):
    """The same, which asks for streams."""

    streams = True

    def partly(self, route: str, body: Json) -> tuple[int, bytes]:
        """Status and bytes as `post` gives them, but of a stream that breaks off what arrived."""
        read, status = bytearray(), 0
        try:
            with httpx.stream(
                "POST", f"{self.endpoint.base_url}/{route}", json=body, headers=self.headers(), timeout=60
            ) as response:
                status = response.status_code
                for part in response.iter_bytes():
                    read += part
        except httpx.HTTPError as error:
            if not read:
                raise Failed(type(error).__name__) from error
        return status, bytes(read)


class StoredBot(Bot):
    """The same, which keeps its conversations in a file of its endpoint's folder."""

    @property
    def path(self) -> Path:
        """The file."""
        return self.endpoint.home / "history.json"

    def load(self) -> None:
        """Read the conversation; a file that cannot be read is set aside."""
        self.history = self.read().get(self.key, [])

    def read(self) -> dict[str, list[Json]]:
        """All conversations."""
        if not self.path.exists():
            return {}
        try:
            return self.decoded(self.path.read_bytes())
        except (ValueError, KeyError, TypeError, AttributeError):
            self.set_aside()
            return {}

    def decoded(self, data: bytes) -> dict[str, list[Json]]:
        """What is in the file."""
        value = json.loads(data)
        if value["version"] != 1:
            raise ValueError(value["version"])
        conversations: dict[str, list[Json]] = value["conversations"]
        for messages in conversations.values():
            for message in messages:
                _ = message["role"], message["content"]
        return conversations

    def again(self) -> str | None:
        """Ask once more: the round leaves the store for as long as that takes."""
        self.load()
        before = list(self.history)
        start = self.last_said(before)
        reply = self.answered_after(before[:start], before[start])
        self.history = [*before[:start], *reply]
        self.save()
        return str(reply[-1]["content"])

    def answered_after(self, history: list[Json], question: Json) -> list[Json]:
        """The messages of a round after another history."""
        self.history = history
        return self.answer([question])

    def fork(self, rounds: int) -> Bot:
        """A branch, which is stored under a name of its own."""
        self.load()
        branch = super().fork(rounds)
        branch.key = f"{self.key}/{len(self.read())}"
        branch.save()
        return branch

    def from_messages(self, messages: list[Json]) -> Bot:
        """A conversation that is made from a list of messages, and stored."""
        made = super().from_messages(messages)
        made.save()
        return made

    def set_aside(self) -> None:
        """Keep what cannot be read, and say so."""
        number = len(list(self.path.parent.iterdir()))
        self.path.rename(self.path.with_name(f"history.json.unreadable-{number}"))
        self.warn("the history cannot be read, and was set aside")

    def warn(self, text: str) -> None:
        """Tell the user that something is amiss, besides the reply."""
        print(text, file=sys.stderr)  # noqa: T201

    def save(self) -> None:
        """Write the conversation beside the others, at once or not at all."""
        try:
            with self.locked():
                self.write({**self.read(), self.key: self.history})
        except OSError as error:
            self.warn(f"the history cannot be written: {error}")

    def locked(self) -> "_Lock":
        """Nobody else writes meanwhile."""
        return _Lock(self.path.with_name("history.lock"))

    def record(self, messages: list[Json]) -> None:
        """Keep a whole round beside what others have recorded since."""
        try:
            with self.locked():
                stored = self.read()
                self.history = [*stored.get(self.key, self.history), *messages]
                self.prune()
                self.write({**stored, self.key: self.history})
        except OSError as error:
            self.warn(f"the history cannot be written: {error}")

    def write(self, conversations: dict[str, list[Json]]) -> None:
        """Write the file beside and rename it."""
        data = json.dumps({"version": 1, "conversations": conversations}).encode()
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


class _Lock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> None:
        import fcntl  # noqa: PLC0415  not on Windows, where this bot is not run

        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)


def fitting(history: list[Json], limit: int, unit: Unit) -> list[Json]:
    """The most recent whole rounds that fit."""
    starts = [at for at, one in enumerate(history) if one["role"] == "user"]
    for start in starts:
        part = history[start:]
        size = len(part) if unit is Unit.MESSAGES else sum(one["role"] == "user" for one in part)
        if size <= limit:
            return part
    return []


def parsed(raw: bytes) -> Json:
    """A JSON object.

    Raises:
        Failed: it is none.
    """
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Failed("the answer is no JSON") from error
    if not isinstance(value, dict):
        raise Failed("the answer is no JSON object")
    return cast("Json", value)


def object_of(value: Any) -> Json:
    """A JSON object; an empty one where it is none."""
    return cast("Json", value) if isinstance(value, dict) else {}


def listed(value: Any) -> list[Json]:
    """A list of JSON objects; an empty one where it is none."""
    members: list[Any] = value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]
    return members if all(isinstance(one, dict) for one in members) else []


def events(raw: bytes) -> Iterator[str]:
    """The data of the events of a stream."""
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    for block in text.split("\n\n"):
        data = [line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        if data:
            yield "\n".join(data)
