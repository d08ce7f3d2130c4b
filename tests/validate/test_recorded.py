"""What recorders write beside bodies: what is skipped, what is taken, and what is no recording at all."""

import base64
import gzip
import json
import sys
import types
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.validate.files import encoded
from chatproof.validate.files.body import Body, Place, Reason, Skipped, Unreadable
from chatproof.validate.files.encoded import EncodedError, from_base64, unpacked
from chatproof.validate.files.recorded import item_of, recording
from chatproof.validate.judging.verdict import Outcome
from tests.validate.bodies import COMPLETION, STREAM
from tests.validate.judging import verdicts

PLACE = Place(file="a")
ASKED: dict[str, Any] = {"method": "POST", "uri": "https://x/v1/chat/completions"}
TEXT = COMPLETION.decode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"request": ASKED, "response": {"status": 301, "body": ""}}, Reason.NO_ANSWER),
        ({"request": ASKED, "response": {"status": {"code": 100}, "body": {"string": ""}}}, Reason.NO_ANSWER),
        ({"request": {**ASKED, "method": "head"}, "response": {"status": 200, "body": ""}}, Reason.NO_ANSWER),
        (
            {"request": {**ASKED, "method": "OPTIONS"}, "response": {"status": 200, "body": "x"}},
            Reason.NO_ANSWER,
        ),
        ({"request": ASKED, "response": {"status": 204, "body": ""}}, Reason.NO_BODY),
        ({"request": ASKED, "response": {"status": 0, "content": {"text": ""}}}, Reason.NO_BODY),
        ({"request": ASKED, "response": {"status": 200, "content": {"size": 9}}}, Reason.NO_BODY),
        ({"request": ASKED, "response": {"status": 200, "body": None}}, Reason.NO_BODY),
        ({"request": ASKED, "response": {"status": 200, "body": {}}}, Reason.NO_BODY),
        ({"request": ASKED, "response": None}, Reason.NO_BODY),
        ({"custom_id": "1", "response": None, "error": {"code": "expired"}}, Reason.NO_BODY),
        ({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {}}, Reason.REQUEST),
        ({"request": ASKED, "response": {"status": 200, "body": "da", "timed_out": True}}, Reason.CUT),
        ({"request": ASKED, "response": {"status": 200, "body": "da", "socket_error": "reset"}}, Reason.CUT),
        (
            {"request": ASKED, "response": {"_error": "net::ERR_ABORTED", "content": {"text": "d"}}},
            Reason.CUT,
        ),
    ],
)
def test_exchange_without_a_whole_answer_is_skipped_for_its_reason(value: Any, reason: Reason) -> None:
    assert recording(value, PLACE) == Skipped(place=PLACE, reason=reason)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [1],
        {},
        json.loads(COMPLETION),
        {"body": "only"},
        {
            "type": "response.created",
            "response": {"id": "resp_1", "object": "response", "status": "in_progress"},
        },
        {"request": {"a": 1}},
        {"response": {}},
    ],
)
def test_value_that_is_no_recording_is_none(value: Any) -> None:
    assert recording(value, PLACE) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": ["text/event-stream"], "content-encoding": ["gzip"]},
        {"CONTENT-TYPE": "text/event-stream"},
        [["content-type", "text/event-stream"], ["x"], 3],
        [{"name": "Content-Type", "value": "text/event-stream"}, {"name": 1}],
    ],
)
def test_headers_are_found_however_they_are_written(headers: Any) -> None:
    item = recording({"request": ASKED, "response": {"status": 200, "headers": headers, "body": "x"}}, PLACE)
    assert isinstance(item, Body)
    assert item.content_type == "text/event-stream"


@pytest.mark.parametrize(
    "status", [418, "418", "418 I'm a teapot", {"code": 418, "message": "x"}, {"code": "418"}]
)
def test_status_is_found_however_it_is_written(status: Any) -> None:
    item = recording({"request": ASKED, "response": {"status": status, "body": "x"}}, PLACE)
    assert isinstance(item, Body)
    assert item.status == 418


@pytest.mark.parametrize("status", [None, True, "ok", [], {"code": None}, "4x8"])
def test_status_that_is_none_is_not_known(status: Any) -> None:
    item = recording({"request": ASKED, "response": {"status": status, "body": "x"}}, PLACE)
    assert isinstance(item, Body)
    assert item.status is None


def test_url_of_a_response_stands_in_for_the_request(tmp_path: Path) -> None:
    value = {"response": {"url": "https://x/v1/chat/completions", "status": 200, "body": "{}"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(value))
    (verdict,) = verdicts(tmp_path / "a.jsonl")
    assert (verdict.kind, verdict.outcome) == ("chat.completion", Outcome.FAILED)


def test_event_stream_that_is_promised_and_not_sent_is_judged_as_one(tmp_path: Path) -> None:
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    value = {"request": ASKED, "response": {"status": 200, "headers": headers, "body": ""}}
    (tmp_path / "a.jsonl").write_text(json.dumps(value))
    (verdict,) = verdicts(tmp_path / "a.jsonl")
    assert (verdict.kind, verdict.outcome) == ("chat.completion.sse", Outcome.FAILED)


def test_line_that_only_quotes_the_words_of_a_recording_is_a_body() -> None:
    data = json.dumps({"id": "1", "object": "chat.completion", "x": 'a "response" and a "body"'}).encode()
    assert item_of(data, PLACE) == Body(place=PLACE, data=data)
    broken = b'{"response": {"body": '
    assert item_of(broken, PLACE) == Body(place=PLACE, data=broken)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "", "identity", "br", "x-unknown"])
@given(data=st.text(max_size=40).map(str.encode))
def test_text_that_a_recorder_decoded_is_left_alone_whatever_its_header(coding: str, data: bytes) -> None:
    assert unpacked(data, coding) == data


@given(data=st.binary(max_size=200))
def test_packed_body_is_unpacked_with_its_header_or_by_its_first_bytes(data: bytes) -> None:
    assert unpacked(gzip.compress(data), "") == data
    assert unpacked(gzip.compress(data) + gzip.compress(data), "gzip") == data + data
    packed = zlib.compress(data)
    assert unpacked(packed, "deflate") in {data, packed}  # packed text can be text by chance


def test_body_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded, "ITEM_LIMIT", 1024 * 1024)
    with pytest.raises(EncodedError, match="unpacks to more than 1 MB"):
        unpacked(gzip.compress(bytes(5_000_000)), "gzip")


@pytest.mark.parametrize("data", [gzip.compress(STREAM)[:-9], b"\x1f\x8b" + b"\xff" * 20, b"\x1f\x8b"])
def test_body_whose_packing_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(EncodedError, match="its compressed body is"):
        unpacked(data, "gzip")
    item = recording({"response": {"body": data, "status": 200}}, PLACE)
    assert isinstance(item, Unreadable)


@pytest.mark.parametrize("text", ["?", "a", "[1]", '["?"]', "[" * 5000, "[{}", "\ud800"])
def test_base64_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EncodedError, match="base64"):
        from_base64(text)


@given(data=st.binary(max_size=50), width=st.integers(1, 80))
def test_base64_may_be_wrapped(data: bytes, width: int) -> None:
    text = base64.b64encode(data).decode()
    assert from_base64("\r\n".join(text[at : at + width] for at in range(0, len(text), width))) == data


def module(name: str, **members: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    for member, value in members.items():
        setattr(made, member, value)
    return made


class _Broken(Exception):  # noqa: N818  as Brotli calls it
    pass


class _Decompressor:
    """As Brotli's, for a packing that doubles every byte."""

    def process(self, data: bytes) -> bytes:
        if b"\xfe" in data:
            raise _Broken
        self.last = data
        return data.replace(b"\xff", b"") * 2

    def is_finished(self) -> bool:
        return self.last.endswith(b"b")


def test_brotli_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", module("brotli", Decompressor=_Decompressor, error=_Broken))
    assert unpacked(b"\xffab", "br") == b"abab"
    with pytest.raises(EncodedError, match="damaged"):
        unpacked(b"\xfe", "br")
    with pytest.raises(EncodedError, match="cut short"):
        unpacked(b"\xffa", "br")
    monkeypatch.setattr(encoded, "ITEM_LIMIT", 50)
    with pytest.raises(EncodedError, match="unpacks to more"):
        unpacked(b"\xff" + b"a" * 100, "br")


class _Zstd:
    """As Zstandard's, for a packing that is a magic number."""

    eof = True

    def decompress(self, data: bytes, size: int) -> bytes:
        if data.endswith(b"broken"):
            raise _Broken
        self.eof = not data.endswith(b"cut")
        return data[4:][:size]


def test_zstandard_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = module("backports.zstd", ZstdDecompressor=_Zstd, ZstdError=_Broken)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports", module("backports"))
    monkeypatch.setitem(sys.modules, "backports.zstd", found)
    magic = b"\x28\xb5\x2f\xfd"
    assert unpacked(magic + b"ab", "zstd") == b"ab"
    for end, why in ((b"broken", "damaged"), (b"cut", "cut short")):
        with pytest.raises(EncodedError, match=why):
            unpacked(magic + end, "")
    monkeypatch.setattr(encoded, "ITEM_LIMIT", 1)
    with pytest.raises(EncodedError, match="unpacks to more"):
        unpacked(magic + b"abc", "")


@pytest.mark.parametrize(
    ("data", "coding", "name"), [(b"\x0b\xff", "br", "brotli"), (b"\x28\xb5\x2f\xfd", "", "backports.zstd")]
)
def test_packing_that_nothing_here_can_open_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, data: bytes, coding: str, name: str
) -> None:
    for known in ("brotli", "brotlicffi", "backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, known, None)
    with pytest.raises(EncodedError, match=f"pip install {name}"):
        unpacked(data, coding)


def test_members_of_gzip_are_bounded_in_number() -> None:
    member = gzip.compress(b"x")
    assert unpacked(member * 999, "gzip") == b"x" * 999
    with pytest.raises(EncodedError, match="more than 1000 members"):
        unpacked(member * 1001, "gzip")
