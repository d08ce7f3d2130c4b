"""Deltas joined into the JSON form of the answer. Reads whatever has the right type and passes over the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TypeAlias

from chatschema.chat.arguments import BEYOND, TWO, ArgumentsEnd, fault_of
from chatschema.core.base import MOST_PARTS
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.violation_kind import ViolationKind, violation

__all__ = ["EXTRAS", "TEXT", "TEXTS", "CallFragments", "ChatChoiceAssembly", "Head", "speaks"]

_REFERENCE = "ChatCompletionMessageToolCallChunk"
_CUMULATIVE = ViolationKind(
    "chat.sse.not-cumulative",
    "Every piece of the text repeats all that came before it.",
    "what is new since the piece before",
    Level.SHOULD,
)

#: Members that stand in every chunk and once in the answer: the last that was said.
EXTRAS = ("service_tier", "system_fingerprint")
#: Members of a delta that come in pieces of text.
TEXTS = ("content", "refusal", "reasoning", "reasoning_content")
_AUDIO_TEXTS = ("data", "transcript")
#: A text that grows by thousands of pieces, as one: each piece by itself would take some sixty bytes more.
_Texts: TypeAlias = dict[str, StringIO]
_violation = partial(violation, "chat.tools.sse-fragments", reference=_REFERENCE)
_REPLY = frozenset((*TEXTS, "tool_calls", "function_call", "audio"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What all chunks of one stream have in common, as the first chunk with choices said it."""

    id: JsonValue
    created: JsonValue
    model: JsonValue

    @classmethod
    def of(cls, chunk: JsonObject) -> "Head":
        """The head of a chunk."""
        return cls(id=chunk.get("id"), created=chunk.get("created"), model=chunk.get("model"))


def speaks(delta: JsonObject) -> bool:
    """Whether a delta brings anything that belongs to the reply."""
    return any(member and name in _REPLY for name, member in delta.items())


class ChatChoiceAssembly:
    """One choice as far as it came."""

    def __init__(self) -> None:
        self.role: str | None = None
        self.finish_reason: str | None = None
        self._texts: _Texts = {}
        self.cumulative = True  # each piece of the content so far begins with the piece before
        self._piece = ""  # the last of them
        self._growths = 0
        self.calls = CallFragments()
        self._function: _Texts = {}
        self._audio: _Texts = {}
        self._audio_head: JsonObject = {}
        self._logprobs: dict[str, list[JsonValue]] = {}

    def feed(self, choice: JsonObject, place: str) -> Iterator[Violation]:
        """Join one choice of a chunk, which stands at `place`. Yields what its tool fragments violate."""
        member = choice.get("delta")
        delta: JsonObject = member if isinstance(member, dict) else {}
        role, reason = delta.get("role"), choice.get("finish_reason")
        if isinstance(role, str) and self.role is None:
            self.role = role
        if isinstance(reason, str) and self.finish_reason is None:
            self.finish_reason = reason
        _join(self._texts, delta, TEXTS)
        if self.cumulative:
            self._compare(delta.get("content"))
        _join(self._function, delta.get("function_call"), ("name", "arguments"))
        self._join_audio(delta.get("audio"))
        self.join_logprobs(choice.get("logprobs"))
        if "tool_calls" in delta:
            yield from self.calls.feed(delta, f"{place}.delta")

    def end(self) -> Iterator[Violation]:
        """What its text and its calls violate, now that nothing more comes."""
        # three pieces or more, and no row of blanks or dashes
        if self.cumulative and self._growths > 1 and len(set(self._piece)) > 3:
            yield _CUMULATIVE.violation("$", seen(self._piece), reference="ChatCompletionStreamResponseDelta")
        yield from self.calls.end(self.finish_reason)
        arguments = self._function["arguments"].getvalue() if "arguments" in self._function else ""
        kind = fault_of(arguments, cut=self.finish_reason in (None, "length"))
        if kind is not None:
            yield kind.violation("$", seen(arguments), reference=_REFERENCE)

    def text_writer(self, name: str) -> Callable[[str], object]:
        """Joins one more piece to a member of the deltas that brought one already."""
        return self._texts[name].write

    def join_logprobs(self, logprobs: JsonValue) -> None:
        """Join the log probabilities of one chunk."""
        if isinstance(logprobs, dict):
            for name in ("content", "refusal"):
                tokens = logprobs.get(name)
                if isinstance(tokens, list):
                    self._logprobs.setdefault(name, []).extend(tokens)

    def whole(self, index: int) -> JsonObject:
        """The choice in JSON form."""
        logprobs: JsonValue = None
        if self._logprobs:
            tokens = {name: list[JsonValue](tokens) for name, tokens in self._logprobs.items()}
            logprobs = {"content": None, **tokens}
        return {
            "index": index,
            "message": self._message(),
            "logprobs": logprobs,
            "finish_reason": self.finish_reason,
        }

    def _message(self) -> JsonObject:
        message: JsonObject = {"role": self.role or "assistant", "content": None, "refusal": None}
        message |= _joined(self._texts)
        if calls := self.calls.calls():
            message["tool_calls"] = calls
        if self._function:
            message["function_call"] = _joined(self._function)
        if self._audio or self._audio_head:
            message["audio"] = self._audio_head | _joined(self._audio)
        if message["content"] is None and not speaks(message):
            message["content"] = ""  # no delta brought text, and no text at all is the empty text
        elif message["content"] == "" and (calls or self._function or message["refusal"]):
            message["content"] = None  # the first delta's "" before a call stands for null in JSON mode
        return message

    def passes(self, piece: str) -> bool:
        """Whether a piece of the content does not go on with the piece before; it is compared, then."""
        if piece and piece != self._piece:
            if piece.startswith(self._piece):
                return False
            self._compare(piece)
        return True

    def _compare(self, piece: JsonValue) -> None:
        if isinstance(piece, str) and piece:
            self.cumulative = piece.startswith(self._piece)
            self._growths += bool(self._piece) and len(piece) > len(self._piece)
            self._piece = piece if self.cumulative else ""

    def _join_audio(self, audio: JsonValue) -> None:
        if isinstance(audio, dict):
            _join(self._audio, audio, _AUDIO_TEXTS)
            self._audio_head.update({name: item for name, item in audio.items() if name not in _AUDIO_TEXTS})


def _join(texts: _Texts, part: JsonValue, names: tuple[str, ...]) -> None:
    if isinstance(part, dict):
        for name in names:
            text = part.get(name)
            if isinstance(text, str):
                texts.setdefault(name, StringIO()).write(text)


def _joined(texts: _Texts) -> JsonObject:
    return {name: text.getvalue() for name, text in texts.items()}


#: Where each form of a call has its text.
TEXT = {"function": "arguments", "custom": "input"}


class _Call:
    """One call as far as it came."""

    def __init__(self) -> None:
        self.head: JsonObject = {}  # id, type and name, each as first said
        self.form = "function"
        self.fragments = 0
        self.news = True  # the last fragment said of the call what no earlier one did
        self.mixed = False  # a second call came under its index
        self.end = ArgumentsEnd()
        self.told = False  # that its arguments are no one text
        self.text = StringIO()

    def write(self, form: str, piece: str) -> ViolationKind | None:
        """Take one more piece of its text; what is wrong with it, once."""
        self.form, was_whole = form, self.end.whole
        self.text.write(piece)
        beyond = self.end.feed(piece) if form == "function" else ""
        if not beyond or self.mixed or self.told:
            return None
        kind = TWO if beyond.startswith("{") else BEYOND if was_whole else None
        self.told = kind is not None
        return kind

    def fault(self, reason: str | None) -> ViolationKind | None:
        """What is wrong with its arguments, now that nothing more comes, and nothing was said of them yet."""
        if self.form != "function" or self.told or self.mixed:
            return None
        return fault_of(self.text.getvalue(), cut=reason in (None, "length"))

    def whole(self) -> JsonObject:
        inner: JsonObject = {"name": self.head.get("name", ""), TEXT[self.form]: self.text.getvalue()}
        return {"id": self.head.get("id", ""), "type": self.head.get("type", self.form), self.form: inner}


class CallFragments:
    """The tool calls of one choice."""

    def __init__(self) -> None:
        self._calls: dict[int, _Call] = {}
        self._latest = 0

    def feed(self, delta: JsonObject, path: str) -> Iterator[Violation]:
        """Join the fragments of one delta that stands at `path`, and say what they break."""
        for place, fragment in objects(delta, "tool_calls", at=path):
            index = self._index(fragment)
            if index not in self._calls and len(self._calls) >= MOST_PARTS:
                yield _violation(
                    place, "The choice calls too many tools.", f"at most {MOST_PARTS} calls", "one more"
                )
                continue
            call = self._calls.setdefault(index, _Call())
            call.fragments, known = call.fragments + 1, len(call.head)
            form, inner = _inner(fragment) or (call.form, {})
            heads = (
                ("id", f"{place}.id", fragment.get("id")),
                ("name", f"{place}.{form}.name", inner.get("name")),
                ("type", f"{place}.type", fragment.get("type")),
            )
            for name, where, value in heads:
                say = _first if call.fragments == 1 else _again
                yield from say(call, name, where, value)
            call.news = call.fragments == 1 or len(call.head) > known
            piece = inner.get(TEXT[form])
            kind = self._join(index, call, form, piece if isinstance(piece, str) else "")
            if kind is not None:
                yield kind.violation(f"{place}.{form}.{TEXT[form]}", seen(piece), reference=_REFERENCE)

    def end(self, reason: str | None) -> Iterator[Violation]:
        """What is wrong with the arguments of calls that ended for this reason."""
        for _, call in sorted(self._calls.items()):
            kind = call.fault(reason)
            if kind is not None:
                yield kind.violation("$", seen(call.text.getvalue()), reference=_REFERENCE)

    def joiner(self, fragment: JsonObject) -> tuple[Callable[[str], object], Callable[[str], bool]] | None:
        """What feeding a fragment like this one, which was fed, does with another piece of text.

        With it, a test for pieces that it can do no more with: those that do not come after the end of the arguments.
        None where it could do more: the fragment has to name its call and its form, and may say of the call only
        what the call's head says already, so that there is nothing to keep and nothing to refuse. What is new in
        one fragment is refused in the next.
        """
        index, found = fragment.get("index"), _inner(fragment)
        call = self._calls.get(int(index)) if whole(index) else None
        if call is None or found is None:
            return None
        form, inner = found
        heads = (("id", fragment.get("id")), ("name", inner.get("name")), ("type", fragment.get("type")))
        if any(value not in (None, "") and value != call.head.get(name) for name, value in heads):
            return None
        if call.news and any(name != "type" and value is not None for name, value in heads):
            return None
        write = call.text.write
        number = self._index(fragment)
        if form != "function":
            return partial(self._join, number, call, form), _anything
        feed = call.end.feed

        def take(piece: str) -> None:  # `_join` of a piece that is harmless
            self._latest, call.form = number, form
            write(piece)
            feed(piece)

        return take, call.end.harmless

    def _join(self, index: int, call: _Call, form: str, piece: str) -> ViolationKind | None:
        self._latest = index
        return call.write(form, piece)

    def calls(self) -> list[JsonValue]:
        """The calls in order of index."""
        return [self._calls[index].whole() for index in sorted(self._calls)]

    def _index(self, fragment: JsonObject) -> int:
        index = fragment.get("index")
        if whole(index):
            return int(index)
        # without an index (the shape rule reports it) an id opens a call and anything else goes on with the last
        return len(self._calls) if fragment.get("id") else self._latest


def _anything(_piece: str) -> bool:
    return True


def _inner(fragment: JsonObject) -> tuple[str, JsonObject] | None:
    for form in TEXT:
        inner = fragment.get(form)
        if isinstance(inner, dict):
            return form, inner
    return None


def _first(call: _Call, name: str, where: str, value: JsonValue) -> Iterator[Violation]:
    if isinstance(value, str) and value:
        call.head[name] = value
        return
    # the type goes without saying for the SDKs, so only the specification's own streams are the measure
    level = Level.SHOULD if name == "type" else Level.MUST
    yield _violation(
        where,
        f"The first fragment of a tool call has no {name}.",
        f"the {name} in the first fragment",
        ABSENT if value is None else seen(value),
        level,
    )


def _again(call: _Call, name: str, where: str, value: JsonValue) -> Iterator[Violation]:
    """What a later fragment says of the call: nothing. The type may come again, for no SDK joins it."""
    first = call.head.get(name)
    if value is None or (name == "type" and value in ("", first)):
        return
    where_seen = f"{seen(value)} in a later fragment"
    if value == "":
        message, expected = f"A later fragment has an empty {name}.", f"no {name}, or null"
        yield _violation(where, message, expected, where_seen, Level.SHOULD)
    elif first is None:
        call.head[name] = value
    elif value != first:
        call.mixed = call.mixed or name == "id"
        message, expected = f"A later fragment changes the {name}.", f"{seen(first)}, or nothing"
        yield _violation(where, message, expected, seen(value))
    elif not call.mixed:  # of another call, the name may well be the same
        message, expected = (
            f"A later fragment says the {name} again.",
            f"the {name} in the first fragment alone",
        )
        yield _violation(where, message, expected, where_seen)
