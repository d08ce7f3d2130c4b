"""What an endpoint answered, in the words of a plan: which answer of `ANSWERS` its bytes are.

Where it is none of them the nearest one of the same fate. A client that reads it otherwise is not blamed for that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import Answer, Call
from chatproof.stage.arrived import first_choice, json_of, objects_in, text_in
from chatschema import JsonObject, SseDecoder, SseLimitError

__all__ = ["Received", "recognised"]

_MOST_CALLS = 200

_OBJECT = "chat.completion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer as far as it came. `whole`: its framing came to an end. `offers_tools`: tools were in the request."""

    route: str
    status: int
    content_type: str
    data: bytes
    whole: bool
    offers_tools: bool = False

    @property
    def is_stream(self) -> bool:
        """Whether it is made of events."""
        return self.content_type.startswith("text/event-stream")

    @property
    def is_over(self) -> bool:
        """Whether nothing more has to come: some servers leave the connection open after the last event."""
        return self.whole or (self.is_stream and _Stream.of(self).is_over)


def recognised(received: Received) -> Answer:
    """The answer."""
    if received.status == 0:
        return _named("reset-before-head")
    if not 200 <= received.status < 300:
        return _refused(received.status)
    text = text_in(received.data, received.route, received.content_type)
    if received.is_stream:
        stream = _Stream.of(received)
        name, calls = stream.name(received), stream.calls
    else:
        name, calls = _of_body(received)
    if name == "":  # it says something, or calls tools
        name = _by_words(text, calls, received)
    return Answer(name=name, text=text, calls=calls)


def _named(name: str) -> Answer:
    return Answer(name=name, text="")


def _refused(status: int) -> Answer:
    name = f"http-{status}"
    if name in ANSWERS:
        return _named(name)
    return _named("http-500" if status >= 500 else "http-400")


def _by_words(text: str, calls: tuple[Call, ...], received: Received) -> str:
    """Of an answer that came to its end: by what is said."""
    if text.strip():
        return "text"
    if calls:
        only = "stream-tool-call-only" if received.is_stream else "tool-call-only"
        return "text" if received.offers_tools else only
    return "blank-content" if text else "empty-content"


_ENDINGS: Mapping[str, str] = {
    "length": "length",
    "max_output_tokens": "length",
    "content_filter": "content-filter",
}
"""Reasons for an end that are no full stop."""


def _of_body(received: Received) -> tuple[str, tuple[Call, ...]]:
    """Of a JSON body: what it is, "" for an ordinary one, and the calls in it."""
    value = json_of(received.data)
    if not isinstance(value, dict):
        looks_like_json = received.data.lstrip()[:1] in (b"{", b"[")
        if not received.whole:
            return "reset-in-body", ()
        return ("truncated-json" if looks_like_json else "html-200"), ()
    if received.route == "responses":
        return _of_response(value)
    if value.get("error") and not value.get("choices"):
        return "error-object-200", ()
    choices = value.get("choices", ...)
    if not isinstance(choices, list):
        return ("missing-choices" if choices is ... else "null-choices"), ()
    if not choices:
        return "empty-choices", ()
    choice = first_choice(value)
    ending = _ENDINGS.get(str(choice.get("finish_reason")), "")
    if received.route == "completions":
        return (ending if isinstance(choice.get("text"), str) else "wrong-object"), ()
    message = choice.get("message")
    if not isinstance(message, dict):
        return ("delta-in-json" if "delta" in choice else "wrong-object"), ()
    calls = _calls(objects_in(message, "tool_calls"))
    name = _of_message(message, calls) or ending or ("two-choices" if len(choices) > 1 else "")
    if not name and value.get("object", _OBJECT) != _OBJECT:
        name = "wrong-object"
    return name, calls


def _of_message(message: JsonObject, calls: tuple[Call, ...]) -> str:
    content = message.get("content", ...)
    if message.get("refusal") and not content:
        return "refusal"
    if isinstance(content, list):
        return "parts-content"
    if calls:
        return ""
    if content is ... or content is None:
        return "missing-content" if content is ... else "null-content"
    return "" if isinstance(content, str) else "wrong-object"


def _of_response(value: JsonObject) -> tuple[str, tuple[Call, ...]]:
    """Of the object of the Responses API."""
    items = objects_in(value, "output")
    calls = _calls(
        {"id": item.get("call_id"), "function": item} for item in items if item.get("type") == "function_call"
    )
    if value.get("error") or value.get("status") in ("failed", "cancelled"):
        return "error-object-200", calls
    parts = [part for item in items for part in objects_in(item, "content")]
    if parts and all(part.get("type") == "refusal" for part in parts):
        return "refusal", calls
    details = value.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    if not isinstance(value.get("output"), list):
        return "wrong-object", calls
    return _ENDINGS.get(str(reason), ""), calls


def _calls(found: Iterable[JsonObject]) -> tuple[Call, ...]:
    return tuple(_call(one) for one, _ in zip(found, range(_MOST_CALLS), strict=False))


def _call(value: JsonObject) -> Call:
    function = value.get("function")
    function = function if isinstance(function, dict) else {}
    arguments = function.get("arguments")
    return Call(
        tool=str(function.get("name") or ""),
        arguments=arguments if isinstance(arguments, str) else "",
        id=str(value.get("id") or ""),
    )


@dataclass(slots=True)
class _Stream:
    """What the events of a stream say."""

    garbled: bool = False
    error: bool = False
    done: bool = False
    choices: bool = False
    reason: str = ""
    refusal: bool = False
    final: JsonObject | None = None
    pieces: dict[int, Call] = field(default_factory=dict[int, Call])

    @classmethod
    def of(cls, received: Received) -> "_Stream":
        """Read all of it."""
        stream = cls()
        try:
            events = SseDecoder().feed(received.data)
        except SseLimitError:
            return cls(garbled=True)
        for event in events:
            value = json_of(event.data)
            if event.data == "[DONE]":
                stream.done = True
            elif isinstance(value, dict):
                stream.take(value, received.route)
            else:
                stream.garbled = True
        return stream

    @property
    def is_over(self) -> bool:
        return self.done or self.final is not None or self.error

    @property
    def calls(self) -> tuple[Call, ...]:
        if self.final is not None:
            return _of_response(self.final)[1]
        return tuple(self.pieces[index] for index in sorted(self.pieces))

    def take(self, value: JsonObject, route: str) -> None:
        """One event."""
        if value.get("error"):
            self.error = True
        elif route == "responses":
            self._response(value)
        else:
            self.choices |= bool(value.get("choices"))
            self._choice(first_choice(value))

    def _response(self, value: JsonObject) -> None:
        kind, response = str(value.get("type")), value.get("response")
        self.choices = True
        if kind in ("response.completed", "response.incomplete") and isinstance(response, dict):
            self.final = response
        elif kind in ("error", "response.failed"):
            self.error = True

    def _choice(self, choice: JsonObject) -> None:
        self.reason = str(choice.get("finish_reason") or self.reason)
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return
        self.refusal |= bool(delta.get("refusal"))
        for fragment in objects_in(delta, "tool_calls"):
            index = fragment.get("index", 0)
            if isinstance(index, int) and (index in self.pieces or len(self.pieces) < _MOST_CALLS):
                new, known = _call(fragment), self.pieces.get(index)
                self.pieces[index] = new if known is None else _joined(known, new)

    def name(self, received: Received) -> str:
        """What it is; "" for an ordinary one."""
        if self.garbled or self.error:
            return "stream-garbled" if self.garbled else "stream-error"
        if self.final is not None:
            return _of_response(self.final)[0]
        if self.done and not self.choices:
            return "stream-empty"
        if received.route == "responses" or not (self.reason or self.done):
            return "stream-ends-early" if received.whole else "stream-cut"
        if self.refusal:
            return "refusal"
        if not self.reason:
            return "wrong-object"  # it never says why it ends: nobody knows whether it is whole
        return _ENDINGS.get(self.reason, "") or ("" if self.done or self.pieces else "stream-no-done")


def _joined(known: Call, new: Call) -> Call:
    return replace(
        known, tool=known.tool or new.tool, arguments=known.arguments + new.arguments, id=known.id or new.id
    )
