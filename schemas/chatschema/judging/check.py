"""Any bytes, text or parsed JSON: find out what it is, and judge it."""

from collections.abc import Iterator
from itertools import chain

from chatschema.core.describe import seen
from chatschema.core.json_text import MAX_DEPTH, NotJsonError, TooMuchError, load, too_deep
from chatschema.core.kind import Kind
from chatschema.core.sse import SseDecoder, SseEvent, SseLimitError
from chatschema.core.violation import JsonValue, Judgement, Level, Violation

from .catalogue import STREAMS, contract_of, stream_contract_of
from .contract import bounded
from .detect import FIRST, begins_as_stream, is_stream, kind_of, list_of, stream_kind_of
from .violation_kind import ViolationKind, violation

__all__ = [
    "NOT_UTF8",
    "check",
    "judge",
    "judge_chunk",
    "judge_completion",
    "judge_error",
    "judge_models",
    "stray_lines",
]

_BOM = "\ufeff"
_SLICE = 64 * 1024

#: A stream whose bytes are none of UTF-8's; one for each place that the decoder names.
NOT_UTF8 = ViolationKind("http.utf8", "The stream is not UTF-8.", "UTF-8")


def check(data: bytes | bytearray | str | JsonValue, kind: str | None = None) -> Judgement:
    """Judge a body as `kind`, or as what it looks like.

    Bytes and text are a JSON body or the dump of an event stream; anything else is parsed JSON. The kinds are
    those of `Kind`. Bad input of any sort comes back as a violation; the one error is ValueError, for a `kind`
    that is none.
    """
    wanted = None if kind is None else Kind(kind)
    match data:
        case bytes() | bytearray():
            return _bytes(bytes(data), wanted)
        case str():
            return _text(data, wanted)
        case _:
            return _value(data, wanted)


def _bytes(data: bytes, kind: Kind | None) -> Judgement:
    if is_stream(data) if kind is None else kind in STREAMS:
        return _stream(data, kind)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        seen_byte = f"0x{data[error.start]:02x} at byte {error.start}"
        return _refused(kind, "shape.json", "The body is not UTF-8.", "UTF-8", seen_byte)
    return _json(text, kind)


def _text(text: str, kind: Kind | None) -> Judgement:
    may_be = kind in STREAMS if kind else begins_as_stream(text[:4096].encode(errors="surrogatepass"))
    if may_be and (kind or is_stream(text.encode(errors="surrogatepass"))):
        return _stream(text.encode(errors="surrogatepass"), kind)
    return _json(text, kind)


def _json(text: str, kind: Kind | None) -> Judgement:
    remarks: list[Violation] = []
    if text.startswith(_BOM):
        remarks.append(_bom())
        text = text.removeprefix(_BOM)
    try:
        parsed = load(text)
    except NotJsonError as error:
        if kind is None and begins_as_stream(text[:4096].encode(errors="replace")):
            message = "The body begins as an event stream, and no line of its data is JSON or [DONE]."
            return _refused(kind, "shape.json", message, "data: and a JSON text", seen(text))
        what = "has more than is read" if isinstance(error, TooMuchError) else "is no JSON"
        return _refused(kind, "shape.json", f"The body {what}: {error}.", "a JSON value", seen(text))
    return _judged(parsed.value, kind, [*remarks, *parsed.remarks()])


def _value(value: JsonValue, kind: Kind | None) -> Judgement:
    if too_deep(value):
        return Judgement(kind=kind, violations=(_nested(value),), extensions=(), value=None)
    return _judged(value, kind, [])


def _judged(value: JsonValue, kind: Kind | None, remarks: list[Violation]) -> Judgement:
    is_stream_wanted = kind is not None and kind in STREAMS
    kind = kind or kind_of(value)
    if kind is None or is_stream_wanted:
        return _unknown(value, kind)
    judgement = contract_of(kind).inspect(value)
    return Judgement(
        kind=kind,
        violations=bounded([*remarks, *judgement.violations]),
        extensions=judgement.extensions,
        value=judgement.value,
    )


def _stream(data: bytes, kind: Kind | None) -> Judgement:
    decoder = SseDecoder()
    read = _Read(decoder, data)
    first: list[SseEvent] = []
    for events in read.pieces():
        first += events
        if len(first) >= FIRST:
            break
    kind = kind or stream_kind_of(first)
    if kind is None:
        message = "The events are those of no stream that the contract knows."
        return _refused(
            None, "shape.value", message, "chunks, tokens or events of a response", seen(first[0].data)
        )
    contract = stream_contract_of(kind)
    stream = contract.open()
    for events in chain([first], read.pieces()):
        for event in events:
            stream.feed(event)
        if stream.given_up:
            break
    limit = read.limit
    if limit is None:
        stream.close()
    bad_bytes = [NOT_UTF8.violation("$", text, reference="") for text in decoder.bad_bytes]
    strays = [stray_lines(decoder, contract.framing)] if decoder.strays else []
    too_large = (
        [violation(contract.framing, "$", f"{limit}.", "events of a size that a client can hold", "more")]
        if limit
        else []
    )
    found = [*bad_bytes, *stream.violations, *strays, *too_large]
    if stream.given_up:  # that comes first, for a list that is full is cut at its end
        found.sort(key=lambda one: one is not stream.violations[-1])
    answer = stream.assembled()
    return Judgement(
        kind=contract.kind,
        violations=bounded(found),
        extensions=stream.extensions,
        value=None if answer is None else contract.whole.parsed(answer),
    )


class _Read:
    """The events of a body, a piece at a time: what came before an event too large is judged."""

    def __init__(self, decoder: SseDecoder, data: bytes) -> None:
        self._decoder, self._data, self._at = decoder, data, 0
        self.limit: SseLimitError | None = None  #: the event that was too large

    def pieces(self) -> Iterator[list[SseEvent]]:
        """What nobody took yet."""
        try:
            while self._at < len(self._data):
                start, self._at = self._at, self._at + _SLICE
                yield self._decoder.feed(self._data[start : self._at])
            yield self._decoder.close()
        except SseLimitError as error:
            self.limit, self._at = error, len(self._data)


def _unknown(value: JsonValue, kind: Kind | None) -> Judgement:
    what = list_of(value)
    message = "The body is none of the kinds that the contract knows" + (f": {what}." if what else ".")
    return _refused(
        kind, "shape.value", message, "an answer, a chunk, an error or a list of models", seen(value)
    )


def stray_lines(decoder: SseDecoder, framing: str) -> Violation:
    """What a reader of the stream drops without a word."""
    count = "A line is" if decoder.strays == 1 else f"{decoder.strays} lines are"
    return violation(
        framing,
        "$",
        f"{count} no field of an event stream: readers drop it.",
        "data, event, id, retry, or a comment",
        seen(decoder.first_stray),
        Level.SHOULD,
        reference="https://html.spec.whatwg.org/multipage/server-sent-events.html",
    )


def _refused(kind: Kind | None, rule: str, message: str, expected: str, what: str) -> Judgement:
    return Judgement(
        kind=kind, violations=(violation(rule, "$", message, expected, what),), extensions=(), value=None
    )


def _bom() -> Violation:
    message, expected = "A byte-order mark stands before the JSON.", "nothing before the JSON"
    reference = "RFC 8259 section 8.1"
    return violation("http.no-junk", "$", message, expected, "U+FEFF", Level.SHOULD, reference=reference)


def judge_completion(value: JsonValue) -> Judgement:
    """Judge a JSON answer."""
    return judge(value, Kind.COMPLETION)


def judge_chunk(value: JsonValue) -> Judgement:
    """Judge one chunk by itself; what chunks owe to each other is `ChatStream`'s."""
    return judge(value, Kind.CHUNK)


def judge_error(value: JsonValue) -> Judgement:
    """Judge the body of an error."""
    return judge(value, Kind.ERROR)


def judge_models(value: JsonValue) -> Judgement:
    """Judge a list of models."""
    return judge(value, Kind.MODELS)


def judge(value: JsonValue, kind: Kind) -> Judgement:
    """Judge parsed JSON as `kind`, which is not a stream's."""
    if too_deep(value):
        return Judgement(kind=kind, violations=(_nested(value),), extensions=(), value=None)
    return contract_of(kind).inspect(value)


def _nested(value: JsonValue) -> Violation:
    message = "The value is nested deeper than any reader can be asked to follow."
    return violation("shape.json", "$", message, f"at most {MAX_DEPTH} levels", seen(value))
