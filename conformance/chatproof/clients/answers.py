"""An endpoint's answer, read strictly: the whole of a sound reply, or an exception. Bytes in, values out.

What the contract refuses is no reply: a delta where a message belongs, choices that are null, an error under status
200, a stream that broke off. So none of it gets into a history.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatproof.clients.failures import AnswerError
from chatproof.clients.mending import Mender
from chatschema import (
    ChatCompletion,
    JsonObject,
    JsonValue,
    Kind,
    Level,
    SseDecoder,
    SseEvent,
    SseLimitError,
    check,
)
from chatschema.chat import CustomToolCall, NoContent
from chatschema.judging.catalogue import stream_contract_of
from chatschema.lorax import LoraxChatCompletion

__all__ = ["EVERYDAY", "LORAX", "OPENAI", "AnswerError", "Call", "Form", "Reply", "StreamReader", "read_json"]

_FORGIVEN = frozenset({"chat.sse.done"})
"""A stream whose finish_reason came is whole, with or without `[DONE]` after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What an answer is held to: the kind of one in one piece, that of a stream; whether it is mended before."""

    answer: Kind
    stream: Kind
    is_mended: bool = False


OPENAI = Form(answer=Kind.COMPLETION, stream=Kind.STREAM)
LORAX = Form(answer=Kind.LORAX_CHAT, stream=Kind.LORAX_CHAT_STREAM)
"""LoRAX's chat route names other objects than OpenAI's."""
EVERYDAY = replace(OPENAI, is_mended=True)
"""For who wants to talk, and not to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a tool. `arguments` is the text that the model wrote: sent back as it came, whatever it is.

    Where it wrote none, an empty object is sent back: many servers refuse an empty text there, and for good.
    """

    id: str
    name: str
    arguments: str
    is_custom: bool = False

    @property
    def json(self) -> JsonObject:
        """As it is sent back, without what only answers have."""
        if self.is_custom:
            return {"id": self.id, "type": "custom", "custom": {"name": self.name, "input": self.arguments}}
        function: JsonObject = {"name": self.name, "arguments": self.arguments or "{}"}
        return {"id": self.id, "type": "function", "function": function}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the assistant said and called: at least one of both. `model` is the one that was asked."""

    text: str
    calls: tuple[Call, ...] = ()
    model: str = ""

    @property
    def message(self) -> JsonObject:
        """The message that goes into a history, with its calls; what follows has to answer them."""
        if not self.calls:
            return {"role": "assistant", "content": self.text}
        calls = [call.json for call in self.calls]
        return {"role": "assistant", "content": self.text or None, "tool_calls": [*calls]}

    @property
    def said(self) -> JsonObject:
        """The message of a client that answers no calls: the text alone.

        Raises:
            AnswerError: there is none.
        """
        if not self.text:
            raise AnswerError("the model called tools and said nothing")
        return {"role": "assistant", "content": self.text}


def read_json(data: bytes, form: Form = OPENAI) -> Reply:
    """The reply of an answer in one piece.

    Raises:
        AnswerError: the answer is an error, is malformed, or says and calls nothing.
    """
    judgement = check(Mender().answer(data) if form.is_mended else data, form.answer)
    if not judgement.valid:
        musts = [violation for violation in judgement.violations if violation.level is Level.MUST]
        why = "; ".join(f"{violation.path}: {violation.message}" for violation in musts[:3])
        raise AnswerError(f"the answer is no chat completion: {why}")
    return _reply(judgement.value)


class StreamReader:
    """A stream, read as it comes: `feed` gives the pieces of text, `close` the whole reply."""

    def __init__(self, form: Form = OPENAI) -> None:
        contract = stream_contract_of(form.stream)
        self._whole = contract.whole
        self._decoder, self._stream = SseDecoder(), contract.open()
        self._said: list[str] = []
        self._mender = Mender() if form.is_mended else None

    @property
    def done(self) -> bool:
        """Whether the stream said itself that it is over: nobody waits for what comes after `[DONE]`."""
        return self._stream.done

    def feed(self, data: bytes) -> list[str]:
        """The pieces of text in these bytes.

        Raises:
            AnswerError: the stream is an error, or is malformed.
        """
        try:
            events = self._decoder.feed(data)
        except SseLimitError as error:
            raise AnswerError(str(error)) from error
        return self._pieces(events)

    def close(self) -> Reply:
        """The reply, now that no more bytes come. What arrived before a stream broke off is no reply.

        Raises:
            AnswerError: the stream is not whole, is malformed, or says and calls nothing.
        """
        self._pieces(self._decoder.close())
        self._stream.close()
        self._refuse()
        value = self._stream.assembled()
        if value is None:
            raise AnswerError("the stream has no chunks")
        reply = _reply(self._whole.parsed(value))
        if "".join(self._said) != reply.text:
            raise AnswerError("the stream has no choice 0")  # what was shown would not be what is recorded
        return reply

    def _pieces(self, events: list[SseEvent]) -> list[str]:
        pieces: list[str] = []
        for came in events:
            event = replace(came, data=self._mender.event(came.data)) if self._mender else came
            self._stream.feed(event)
            pieces += _texts(event.data)
        self._refuse()
        self._said += pieces
        return pieces

    def _refuse(self) -> None:
        if self._decoder.bad_bytes:
            raise AnswerError(f"the stream is malformed: {self._decoder.bad_bytes[0]}")
        for violation in self._stream.violations:
            if violation.level is Level.MUST and violation.rule not in _FORGIVEN:
                raise AnswerError(f"the stream is malformed: {violation.path}: {violation.message}")


def _texts(data: str) -> Iterator[str]:
    """The text of choice 0 in the data of one event that the judge has seen."""
    try:
        chunk: JsonValue = json.loads(data)
    except (ValueError, RecursionError):
        return  # `[DONE]`, or what the judge refuses
    choices = chunk.get("choices") if isinstance(chunk, dict) else None
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and choice.get("index") == 0:
            delta = choice.get("delta")
            text = delta.get("content") if isinstance(delta, dict) else None
            if isinstance(text, str) and text:
                yield text


def _reply(value: object) -> Reply:
    """Of a completion that was judged: that of the first choice."""
    if not isinstance(value, (ChatCompletion, LoraxChatCompletion)):
        raise AnswerError("the answer adds up to no chat completion")
    calls = _calls(value)
    try:
        text = value.assistant_content()
    except NoContent as error:
        if not calls:
            raise AnswerError(str(error)) from error
        text = ""
    if not text and not calls:
        raise AnswerError("the reply is empty")  # an empty assistant message is rejected by many servers
    return Reply(text=text, calls=calls)


def _calls(value: ChatCompletion | LoraxChatCompletion) -> tuple[Call, ...]:
    messages = {choice.index: choice.message for choice in value.choices}
    calls = messages[min(messages)].tool_calls if messages else None
    return tuple(
        Call(id=call.id, name=call.custom.name, arguments=call.custom.input, is_custom=True)
        if isinstance(call, CustomToolCall)
        else Call(id=call.id, name=call.function.name, arguments=call.function.arguments)
        for call in calls or ()
    )
