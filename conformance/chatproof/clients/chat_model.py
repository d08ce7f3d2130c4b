"""One model at one endpoint: messages go in, a reply comes out. It keeps nothing of a conversation.

Rule 1: every ask is one request. Who wants another try makes it, with the same messages.
Rule 2: what is read is bounded, in bytes and in time, for an answer need not end.
Rule 3: no key is in the text of an error.
"""

import json
import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from time import monotonic
from typing import Self, TypedDict

import httpx

from chatproof.clients.answers import OPENAI, Form, Reply, StreamReader, read_json
from chatproof.clients.failures import AnswerError, SilentError
from chatproof.clients.http_failures import SHOWN, begins_page, failure_of, refusal_of
from chatproof.clients.messages import Given
from chatproof.gate import Gate
from chatproof.history.model.endpoint import Endpoint
from chatproof.probe.deadline import Deadline
from chatschema import JsonValue

__all__ = ["ChatModel"]

_MOST_BYTES = 16 * 1024 * 1024
"""An answer larger than this is no reply to a chat message; nobody waits for its end."""

_MOST_TIMEOUTS = 10
"""A server that drips is given up after so many times the timeout."""

_CONNECTING = 15.0
"""Seconds that a connection may take to be made."""

_MAKING = Lock()

_NO_COOKIES = DefaultCookiePolicy(allowed_domains=())
"""Nothing but the messages carries a conversation: the next request may go to another server."""


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are trusted, read once: reading them takes longer than ten requests."""
    return httpx.create_ssl_context()


class _Arguments(TypedDict):
    """Of `httpx`'s `stream`."""

    content: bytes
    headers: dict[bytes, bytes]
    timeout: httpx.Timeout


@dataclass(frozen=True, kw_only=True)
class ChatModel:
    """Where to ask, and for which model. `base_url` ends in `/v1`; `timeout` is in seconds without a byte.

    Without a key (an empty one) no header is sent for it.

    `http` and `async_http` are closed by whoever made them; without them the model has its own. Safe to use from
    several threads and tasks.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    timeout: float = 60.0
    form: Form = OPENAI
    http: httpx.Client | None = field(default=None, repr=False)
    async_http: httpx.AsyncClient | None = field(default=None, repr=False)

    @classmethod
    def at(cls, endpoint: Endpoint, model: str = "") -> Self:
        """The model of an endpoint of the suite, or another one there."""
        return cls(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key,
            model=model or endpoint.model,
            timeout=endpoint.policy.timeout or cls.timeout,
        )

    def ask(self, messages: Given, **members: JsonValue) -> Reply:
        """The reply to these messages; `members` are further ones of the request.

        Raises:
            AnswerError: there is none.
        """
        with self._errors():
            return self._named(read_json(b"".join(self._posted(messages, members)), self.form))

    def stream(self, messages: Given, **members: JsonValue) -> Generator[str, None, Reply]:
        """The same in pieces of text; the generator's value is the reply. Closed early, it hangs up.

        Raises:
            AnswerError: there is no reply, whatever came before.
        """
        reader = StreamReader(self.form)
        with self._errors(), closing(self._posted(messages, {**members, "stream": True})) as parts:
            for part in parts:
                yield from reader.feed(part)
                if reader.done:
                    break
            return self._named(reader.close())

    async def ask_async(self, messages: Given, **members: JsonValue) -> Reply:
        """`ask` for tasks; cancelled, it hangs up.

        Raises:
            AnswerError: there is no reply.
        """
        data, bounds = bytearray(), _Bounds(self.timeout)
        with self._errors():
            async with (
                self._async_http() as http,
                http.stream("POST", self._url, **self._request(messages, members)) as response,
            ):
                async for part in response.aiter_bytes():
                    data += bounds.checked(part)
                    if not response.is_success:
                        self._refuse(response, data)
                if not response.is_success or begins_page(response, data):
                    self._refuse(response, data, ended=True)
            return self._named(read_json(bytes(data), self.form))

    def close(self) -> None:
        """Close the connections, where they are the model's own."""
        if "_own" in self.__dict__:
            self._own.close()

    @property
    def _url(self) -> str:
        return f"{self.base_url}/chat/completions"

    @property
    def _client(self) -> httpx.Client:
        if self.http is not None:
            return self.http
        with _MAKING:  # of two threads that ask first, one makes it
            return self._own

    @cached_property
    def _own(self) -> httpx.Client:
        http = httpx.Client(verify=_trust())
        http.cookies.jar.set_policy(_NO_COOKIES)
        return http

    @cached_property
    def _gate(self) -> Gate:
        return Gate.of_key(self.api_key, "API_KEY")

    @asynccontextmanager
    async def _async_http(self) -> AsyncGenerator[httpx.AsyncClient]:
        """One for each ask where none was given: a pool belongs to the loop that it was made in."""
        if self.async_http is not None:
            yield self.async_http
            return
        async with httpx.AsyncClient(verify=_trust()) as http:
            yield http

    def _posted(self, messages: Given, members: dict[str, JsonValue]) -> Generator[bytes, None, None]:
        """The parts of the body of a successful answer."""
        bounds, refused = _Bounds(self.timeout), bytearray()
        with self._in_time(bounds) as deadline:
            extensions = {"trace": deadline.trace}
            request = self._request(messages, members)
            with self._client.stream("POST", self._url, **request, extensions=extensions) as response:
                is_reply = response.is_success
                for at, part in enumerate(response.iter_bytes()):
                    bounds.checked(part)
                    is_reply = is_reply and not (at == 0 and begins_page(response, part))
                    if is_reply:
                        yield part
                    else:
                        refused += part
                        self._refuse(response, refused)
                if not (is_reply or deadline.passed):
                    self._refuse(response, refused, ended=True)

    @contextmanager
    def _in_time(self, bounds: "_Bounds") -> Generator[Deadline]:
        """Shut the connection when the time is up: what comes before a body, a byte now and then, is read by httpx."""
        with Deadline(bounds.seconds) as deadline:
            try:
                yield deadline
            except httpx.HTTPError:
                if not deadline.passed:
                    raise
            if deadline.passed:  # a body that ends with its connection looks whole
                raise SilentError(bounds.sentence)

    def _request(self, messages: Given, members: dict[str, JsonValue]) -> _Arguments:
        body = {"model": self.model, "messages": list(messages), **members}
        key = {b"authorization": f"Bearer {self.api_key}".encode()} if self.api_key else {}
        return {
            # in ASCII, so that half of a surrogate pair goes through as it is
            "content": json.dumps(body).encode("ascii"),
            "headers": {b"content-type": b"application/json", **key},
            "timeout": httpx.Timeout(self.timeout, connect=min(self.timeout, _CONNECTING)),
        }

    def _refuse(self, response: httpx.Response, data: bytearray, *, ended: bool = False) -> None:
        """Raise for an answer that is no reply, once there is enough of it to tell which."""
        if ended or len(data) >= SHOWN:
            raise refusal_of(response, data)

    @contextmanager
    def _errors(self) -> Generator[None]:
        """Every failure as one that says no key."""
        try:
            yield
        except AnswerError as error:
            raise error.through(self._gate.line) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise failure_of(error).through(self._gate.line) from None

    def _named(self, reply: Reply) -> Reply:
        return replace(reply, model=self.model)


class _Bounds:
    """Of one answer."""

    def __init__(self, timeout: float) -> None:
        self.seconds = timeout * _MOST_TIMEOUTS
        self._end = monotonic() + self.seconds
        self._read = 0

    @property
    def sentence(self) -> str:
        return f"the answer takes longer than {self.seconds:g} seconds"

    def checked(self, part: bytes) -> bytes:
        self._read += len(part)
        if self._read > _MOST_BYTES:
            raise AnswerError(f"the answer is longer than {_MOST_BYTES:,} bytes")
        if monotonic() > self._end:
            raise SilentError(self.sentence)
        return part
