"""The decoder against a second, slow reading of the standard, in every slicing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema import SseDecoder, SseEvent, SseLimitError

NOTES = [
    "data: a",
    "data:b",
    "data",
    "data:",
    "data:  c",
    ": note",
    ":",
    "event: e",
    "event",
    "id: 1",
    "id: \0",
]
LINES = st.sampled_from(
    [*NOTES, "id", "retry: 10", "retry: x", "retry:", "other: 1", "data: é😀", "\ufeffdata: d", "", "", ""]
)
ENDS = st.sampled_from(["\n", "\r", "\r\n"])
DUMPS = st.lists(st.tuples(LINES, ENDS)).map(lambda parts: "".join(line + end for line, end in parts))
BYTES = st.one_of(
    st.binary(max_size=60),
    st.tuples(DUMPS, st.sampled_from(["", "\ufeff"]), LINES).map(lambda t: (t[1] + t[0] + t[2]).encode()),
    st.lists(
        st.sampled_from([b"data:", b"\r", b"\n", b"\xf0\x9f", b"\x98\x80", b"\xff", b":", b"a", b" "])
    ).map(b"".join),
)


def decoded(data: bytes, cuts: list[int]) -> tuple[list[SseEvent], tuple[str, ...]]:
    decoder = SseDecoder()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    events = [event for a, b in pairwise(edges) for event in decoder.feed(data[a:b])]
    return events + decoder.close(), decoder.bad_bytes


def reference(data: bytes) -> list[tuple[str, str, bool]]:
    """Data, name and completeness of each event, straight from the text of the standard, all at once."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    events: list[tuple[str, str, bool]] = []
    buffer, name = "", ""
    lines = text.split("\n")
    for line in lines if lines[-1] else lines[:-1]:
        if line == "":
            if buffer:
                events.append((buffer[:-1], name, True))
            buffer, name = "", ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            buffer += value + "\n"
        elif field == "event":
            name = value
    return [*events, (buffer[:-1], name, False)] if buffer else events


@given(BYTES, st.lists(st.integers(min_value=0), max_size=12))
def test_decoder_gives_the_same_events_in_any_slicing(data: bytes, cuts: list[int]) -> None:
    assert decoded(data, cuts) == decoded(data, [])
    assert decoded(data, list(range(len(data)))) == decoded(data, [])


class LineByLine(SseDecoder):
    """The definition: no piece is taken as a whole."""

    def _whole(self, data: bytes) -> list[SseEvent] | None:
        return None


def fed(decoder: SseDecoder, pieces: list[bytes]) -> list[object]:
    """What each piece gives, and all that the decoder knows then."""
    found: list[object] = []
    for piece in pieces:
        try:
            found.append(decoder.feed(piece))
        except ValueError as error:
            found.append(repr(error))
        known = {name: value for name, value in vars(decoder).items() if name != "_between"}
        found.append(repr(known))
    return [*found, decoder.close(), decoder.bad_bytes]


PLAIN = [
    b"data: {}\n\n",
    b"data:\n\n",
    b"data: [DONE]\n\n",
    b"data: \xc3\xa9\n\n",
    b"data:  a:\n\n",
    b"data: {}\r\n\r\n",
]
RARE = [
    *(
        b": note\n\n",
        b": note\n",
        b"data: a\ndata: b\n\n",
        b"event: e\ndata: a\n\n",
        b"id: 1\n\n",
        b"retry: 5\n\n",
        b"\n",
    ),
    *(
        b"\r",
        b"data: \xff\n\n",
        b"\xef\xbb\xbf",
        b"data: a\n\r\n",
        b"data: a\r\n\n",
        b"data",
        b" data: a\n\n",
        b"data: a\r\r",
    ),
    *(
        b"datax: a\n\n",
        b"data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\n",
        b"data: \xc3\n\n",
    ),
]


@given(
    st.lists(st.sampled_from(PLAIN * 2 + RARE), max_size=10).map(b"".join),
    st.lists(st.integers(min_value=0), max_size=6),
    st.sampled_from([7, 11, 40, 1000]),
)
def test_decoder_gives_for_whole_events_what_their_lines_give(
    data: bytes, cuts: list[int], limit: int
) -> None:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(edges)]
    assert fed(SseDecoder(max_event_bytes=limit), pieces) == fed(LineByLine(max_event_bytes=limit), pieces)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_decoder_takes_whole_events_without_a_look_at_their_lines(newline: bytes) -> None:
    class Whole(SseDecoder):
        def _lines_of(self, data: bytes) -> list[SseEvent]:
            raise AssertionError(data)

    decoder, event = Whole(), b'data: {"a": 1}' + newline * 2
    data = event * 100
    found = [item for start in range(0, len(data), 90) for item in decoder.feed(data[start : start + 90])]
    assert found == [SseEvent(data='{"a": 1}')] * 100


@given(BYTES)
def test_decoder_agrees_with_the_standard(data: bytes) -> None:
    events, _ = decoded(data, [])
    assert [(event.data, event.event, event.complete) for event in events] == reference(data)


@pytest.mark.parametrize(
    ("data", "events"),
    [
        ("data: a\n\n", [SseEvent(data="a")]),
        ("data: a\r\n\r\n", [SseEvent(data="a")]),
        ("data: a\r\r", [SseEvent(data="a")]),
        ("\ufeffdata: a\n\n", [SseEvent(data="a")]),
        ("data:  a\n\n", [SseEvent(data=" a")]),
        ("data: a\ndata:b\n\n", [SseEvent(data="a\nb")]),
        ("data\n\n", [SseEvent(data="")]),
        ("event: x\nid: 7\nretry: 9\ndata: a\n\n", [SseEvent(data="a", event="x", id="7", retry=9)]),
        ("event: x\n\ndata: a\n\n", [SseEvent(data="a")]),
        (": hi\n\n:there\ndata: a\n\n", [SseEvent(data="a", comments=("hi", "there"))]),
        ("data: a\n", [SseEvent(data="a", complete=False)]),
        ("data: a", [SseEvent(data="a", complete=False)]),
        ("retry: 10\n\n\n: only a note\n", []),
        ("datax: a\nDATA: b\n\n", []),
        ("", []),
    ],
)
def test_decoder_follows_the_table(data: str, events: list[SseEvent]) -> None:
    assert decoded(data.encode(), [])[0] == events


def test_decoder_reports_bytes_that_are_no_utf8() -> None:
    events, problems = decoded(b"data: a\xff\n\ndata: \xf0\x9f\n\n", [])
    assert [event.data for event in events] == ["a\ufffd", "\ufffd"]
    assert len(problems) == 2
    assert "line 1, byte 7" in problems[0]


def test_decoder_counts_comments_and_keeps_a_few() -> None:
    decoder = SseDecoder()
    decoder.feed(b": ping\n\n" * 1000)
    (event,) = decoder.feed(b"data: a\n\n")
    assert decoder.comments == 1000
    assert len(event.comments) == 16


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 30, b"data: xx\n", b"z" * 7])
def test_decoder_refuses_an_event_past_its_limit(piece: bytes) -> None:
    decoder = SseDecoder(max_event_bytes=100)

    def flood() -> None:
        for _ in range(100):
            decoder.feed(piece)

    with pytest.raises(SseLimitError, match="larger than 100 bytes"):
        flood()
    with pytest.raises(ValueError, match="closed"):
        decoder.feed(b"data: a\n\n")
    assert decoder.close() == []


def test_decoder_limit_is_for_one_event_not_for_the_stream() -> None:
    decoder = SseDecoder(max_event_bytes=100)
    assert sum(len(decoder.feed(b"data: 0123456789\n\n")) for _ in range(1000)) == 1000
