"""A dialect: how one server writes what is said, as data. All others are differences from OpenAI's."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers, Send, body_answer, empty_answer, event
from chatfake.core.json_text import JsonObject, JsonValue, dump, encode
from chatfake.dialects.format.chunk import lone_call_with_role
from chatfake.dialects.format.completion import Completion, TextCompletion
from chatfake.dialects.format.format import Format, Stream, chunks, whole
from chatfake.dialects.format.openai_chat import CHAT
from chatfake.dialects.format.openai_text import TEXT
from chatfake.dialects.format.rendered_error import Errors, openai_error, openai_event
from chatfake.dialects.format.request_rules import Requests
from chatfake.generation.identity import IDS, Identity, Ids, as_uuid
from chatfake.generation.reply import Reply
from chatfake.generation.reshape import AS_IS, Reshape
from chatfake.request.chat_request import Chat

#: How this server would have put what is said; one reply a choice.
Retell: TypeAlias = Callable[[tuple[Reply, ...], Chat], tuple[Reply, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The headers of each sort of answer. `{id}` stands for 32 hexadecimal digits of the request, `{uuid}` for a UUID
    of them; a header with either is left out where the request could not be read.
    """

    json_type: str = "application/json"
    sse_type: str = "text/event-stream; charset=utf-8"
    json: Headers = (("x-request-id", "req_{id}"),)
    sse: Headers = (("cache-control", "no-cache"), ("x-request-id", "req_{id}"))
    error: Headers = (("x-request-id", "req_{id}"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Something that this server truly does and that a checker rightly finds."""

    rule: str  #: the id of a case of the conformance suite, or of a rule of the contract
    sentence: str


def deviations(sentences: Mapping[str, str]) -> tuple[Deviation, ...]:
    """Each sentence with the rules that it is told of, parted by spaces."""
    return tuple(
        Deviation(rule=rule, sentence=sentence)
        for sentence, rules in sentences.items()
        for rule in rules.split()
    )


def as_said(replies: tuple[Reply, ...], _: Chat) -> tuple[Reply, ...]:
    """As the plan says it."""
    return replies


def same_entry(entry: JsonObject) -> JsonObject:
    """As OpenAI lists a model."""
    return entry


def plain_list(entries: list[JsonValue]) -> JsonObject:
    """OpenAI's list of models."""
    return {"object": "list", "data": entries}


def same_embeddings(body: JsonObject, _: Identity) -> JsonObject:
    """As OpenAI writes them."""
    return body


_CHAT = Format(stream=Stream(transforms=(lone_call_with_role,)))
_TEXT = Format()
_HEADS = Heads()
_REQUESTS = Requests()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one server reads requests and writes answers."""

    name: str
    source: str  #: which server, which version, and where that was read
    chat: Format = _CHAT
    text: Format = _TEXT
    retold: Retell = as_said
    ids: Ids = IDS
    heads: Heads = _HEADS
    errors: Errors = openai_error
    error_event: Callable[[ApiError], JsonObject] = openai_event  #: an error in mid-stream
    requests: Requests = _REQUESTS
    model: Callable[[JsonObject], JsonObject] = same_entry
    models: Callable[[list[JsonValue]], JsonValue] = plain_list
    #: What is said to `GET /v1/models/{id}` of a model that is there; None refuses it as an unknown URL.
    one_model: Callable[[JsonObject], JsonObject] | None = same_entry
    embeddings: Callable[[JsonObject, Identity], JsonObject] = same_embeddings
    json: Callable[[object], str] = dump  #: writes the text of a JSON body
    event_json: Callable[[object], str] = dump  #: writes the text of an event
    before_json: bytes = b""  #: white space before a completion, which keeps a slow connection open
    deviations: tuple[Deviation, ...] = ()

    def with_reasoning(
        self, replies: tuple[Reply, ...], reshape: Reshape
    ) -> tuple[tuple[Reply, ...], Reshape]:
        """Where the dialect has reasoning of its own: the replies with what the scenario adds, which then adds none."""
        if not (reshape.thought and self.chat.body.reasoning):
            return replies, reshape
        return tuple(replace(reply, reasoning=reshape.thought) for reply in replies), AS_IS

    def render_chat(self, completion: Completion, reshape: Reshape = AS_IS) -> Answer:
        """The answer to a chat request, JSON or a stream as it asks."""
        if completion.chat.stream:
            return self._streamed(
                self.chat.stream, reshape.pieces(chunks(CHAT, self.chat.stream, completion)), completion
            )
        return self._whole(reshape.whole(whole(CHAT, self.chat.body, completion)), completion)

    def render_text(self, completion: TextCompletion, reshape: Reshape = AS_IS) -> Answer:
        """The answer to a completion request."""
        if completion.chat.stream:
            return self._streamed(
                self.text.stream, reshape.pieces(chunks(TEXT, self.text.stream, completion)), completion
            )
        return self._whole(reshape.whole(whole(TEXT, self.text.body, completion)), completion)

    def written(self, payload: JsonValue, mark: str = "", status: int = 200) -> Answer:
        """Any JSON body; the mark is what ids in its headers are made of."""
        return self._written(self._bytes(payload), mark, status)

    def event_stream(self, events: Iterable[Send], mark: str = "") -> Answer:
        """Events that are written already."""
        head = (("content-type", self.heads.sse_type), *_filled(self.heads.sse, mark))
        return Answer(status=200, headers=head, steps=tuple(events))

    def render_error(self, refusal: ApiError, headers: Headers = (), mark: str = "") -> Answer:
        """An error."""
        told = self.errors(refusal)
        head = (*_filled(self.heads.error, mark), *told.headers, *headers)
        if told.payload == "":
            return empty_answer(told.status, (("content-length", "0"), *head))
        if isinstance(told.payload, str):
            return body_answer(encode(told.payload), told.text_type, told.status, head)
        return body_answer(self._bytes(told.payload), self.heads.json_type, told.status, head)

    def _whole(self, payload: JsonValue, completion: Completion) -> Answer:
        return self._written(self.before_json + self._bytes(payload), completion.identity.request_mark)

    def _written(self, body: bytes, mark: str, status: int = 200) -> Answer:
        return body_answer(body, self.heads.json_type, status, _filled(self.heads.json, mark))

    def _streamed(self, stream: Stream, payloads: Iterable[JsonValue], completion: Completion) -> Answer:
        events = (event(self.event_json(payload)) for payload in payloads)
        steps = (*map(Send, stream.opening), *events, *map(Send, stream.closing))
        return self.event_stream(steps, completion.identity.request_mark)

    def _bytes(self, payload: JsonValue) -> bytes:
        return encode(self.json(payload))


def _filled(headers: Headers, mark: str) -> Headers:
    return tuple(
        (name, value.replace("{id}", mark).replace("{uuid}", as_uuid(mark)))
        for name, value in headers
        if mark or "{" not in value
    )


REGISTRY: dict[str, Dialect] = {}


def register(dialect: Dialect) -> Dialect:
    """Puts a dialect among those that can be asked for."""
    REGISTRY[dialect.name] = dialect
    return dialect


def in_order() -> list[str]:
    """The names of all dialects, OpenAI's first."""
    return sorted(REGISTRY, key=lambda name: (name != "openai", name))


class UnknownDialectError(LookupError):
    """There is no dialect of that name."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, REGISTRY, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}? There" if near else "there"
        super().__init__(f"no dialect is called {name[:100]!r}; {hint} are {', '.join(in_order())}")


def dialect_named(name: str) -> Dialect:
    """The dialect of that name; `UnknownDialectError` lists those that there are."""
    if name not in REGISTRY:
        raise UnknownDialectError(name)
    return REGISTRY[name]
