"""Any bytes, text or parsed JSON: find out what it is, and judge it."""

from chatschema.core.describe import seen
from chatschema.core.json_text import MAX_DEPTH, NotJsonError, load, too_deep
from chatschema.core.kind import Kind
from chatschema.core.sse import SseDecoder, SseEvent, SseLimitError
from chatschema.core.violation import JsonValue, Judgement, Level, Violation

from .catalogue import STREAMS, contract_of, stream_contract_of
from .contract import bounded
from .detect import is_stream, kind_of, stream_kind_of
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
_SLICE = 1024 * 1024

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
    if is_stream(text[:4096].encode(errors="surrogatepass")) if kind is None else kind in STREAMS:
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
        return _refused(kind, "shape.json", f"The body is no JSON: {error}.", "a JSON value", seen(text))
    return _judged(parsed.value, kind, [*remarks, *parsed.remarks()])


def _value(value: JsonValue, kind: Kind | None) -> Judgement:
    if too_deep(value):
        return Judgement(kind=kind, violations=(_nested(value),), extensions=(), value=None)
    return _judged(value, kind, [])


def _judged(value: JsonValue, kind: Kind | None, remarks: list[Violation]) -> Judgement:
    is_stream_wanted = kind is not None and kind in STREAMS
    kind = kind or kind_of(value)
    if kind is None or is_stream_wanted:
        message = "The body is none of the kinds that the contract knows."
        return _refused(
            kind, "shape.value", message, "an answer, a chunk, an error or a list of models", seen(value)
        )
    judgement = contract_of(kind).inspect(value)
    return Judgement(
        kind=kind,
        violations=bounded([*remarks, *judgement.violations]),
        extensions=judgement.extensions,
        value=judgement.value,
    )


def _stream(data: bytes, kind: Kind | None) -> Judgement:
    decoder = SseDecoder()
    events: list[SseEvent] = []
    limit: SseLimitError | None = None
    try:
        for start in range(0, len(data), _SLICE):  # so that what came before an event too large is judged
            events += decoder.feed(data[start : start + _SLICE])
        events += decoder.close()
    except SseLimitError as error:
        limit = error
    contract = stream_contract_of(kind or stream_kind_of(events))
    stream = contract.open()
    for event in events:
        stream.feed(event)
    if limit is None:
        stream.close()
    bad_bytes = [NOT_UTF8.violation("$", text, reference="") for text in decoder.bad_bytes]
    strays = [stray_lines(decoder, contract.framing)] if decoder.strays else []
    too_large = (
        [violation(contract.framing, "$", f"{limit}.", "events of a size that a client can hold", "more")]
        if limit
        else []
    )
    answer = stream.assembled()
    return Judgement(
        kind=contract.kind,
        violations=bounded([*bad_bytes, *stream.violations, *strays, *too_large]),
        extensions=stream.extensions,
        value=None if answer is None else contract.whole.parsed(answer),
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
