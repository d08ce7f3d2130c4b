"""Packed bodies, large bodies, and bodies that nobody can unpack."""

import gzip
import json
import sys
import tracemalloc
import types
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.guard import Observation, report
from chatproof.guard.content_coding import CodingError, decoder_of
from tests.guard.driving import JSON, SSE, WAYS, Answer, Way
from tests.schemas.samples import broken, completion, dump, stream

GOOD = json.dumps(completion()).encode()
EMPTY = json.dumps(broken(completion(), "choices", [])).encode()
UNDONE = dump(stream(), end="").encode()

ways = pytest.mark.parametrize("way", WAYS, ids=str)


def bare(data: bytes) -> bytes:
    """The coding deflate without zlib's wrapping."""
    return zlib.compress(data, wbits=-15)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare,
    "gzip, deflate": lambda data: zlib.compress(gzip.compress(data)),
    "identity": bytes,
    "identity, GZIP": gzip.compress,
}


@pytest.mark.parametrize("coding", PACKERS)
@given(way=st.sampled_from(WAYS), size=st.integers(1, 60))
def test_packed_body_comes_through_packed_and_is_judged(coding: str, way: Way, size: int) -> None:
    for body, content_type, rule in (
        (EMPTY, JSON, "shape.value"),
        (UNDONE, SSE, "chat.sse.done"),
        (GOOD, JSON, None),
    ):
        packed = PACKERS[coding](body)
        pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
        answer = Answer(pieces, content_type=content_type, coding=coding)
        found: list[Observation] = []
        reading = way.stream(answer, on_violation=report(found.append))
        assert (reading.pieces, reading.error) == (pieces, None)
        assert [item.rule for observation in found for item in observation.violations] == (
            [rule] if rule else []
        )


@ways
def test_client_unpacks_what_the_guard_has_seen(way: Way) -> None:
    reading = way.whole(Answer([gzip.compress(GOOD)], content_type=JSON, coding="gzip"))
    assert reading.response.json() == completion()


def test_nothing_is_kept_of_what_comes_behind_the_end() -> None:
    decoder = decoder_of("gzip")
    assert decoder is not None
    assert b"".join(decoder.decode(gzip.compress(GOOD))) == GOOD
    tracemalloc.start()
    assert not [piece for _ in range(100) for piece in decoder.decode(bytes(65_536))]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@given(data=st.binary(max_size=2000), size=st.integers(1, 50), coding=st.sampled_from(sorted(PACKERS)))
def test_decoder_gives_back_what_was_packed(data: bytes, size: int, coding: str) -> None:
    packed, decoder = PACKERS[coding](data), decoder_of(coding)
    if decoder is None:
        assert packed == data
        return
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert b"".join(found for piece in pieces for found in decoder.decode(piece)) == data


@ways
@pytest.mark.parametrize(
    ("pieces", "coding", "why"),
    [
        ([b"x" * 50], "gzip", "its gzip is damaged"),
        ([b"\xff" * 50], "deflate", "its deflate is damaged"),
        ([GOOD], "snappy", "its coding 'snappy' is unknown"),
        ([GOOD], "br", "it is packed as br, for which brotlicffi is not installed"),
        ([GOOD], "zstd", "it is packed as zstd, for which backports.zstd is not installed"),
        ([b"[" * 600, b"[" * 600], "", "it is larger than 1,000 bytes"),
        ([gzip.compress(b"[" * 10_000_000)], "gzip", "it is larger than 1,000 bytes"),
    ],
)
def test_body_that_cannot_be_judged_passes_and_is_reported(
    way: Way, pieces: list[bytes], coding: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("brotli", "brotlicffi", "compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    found: list[Observation] = []
    answer = Answer(pieces, content_type=JSON, coding=coding)
    reading = way.stream(answer, on_violation=report(found.append), limit=1000)
    assert (reading.pieces, reading.error) == (pieces, None)
    assert [(observation.unjudged, observation.violations) for observation in found] == [(why, ())]
    assert way.stream(answer, limit=1000).error is None  # raise_must passes over it


@ways
@pytest.mark.parametrize("pieces", [[UNDONE] * 20, [b"data: " + b"x" * 990 + b"\n\n", b"data: x\n\n"]])
def test_stream_is_judged_as_far_as_the_limit(way: Way, pieces: list[bytes]) -> None:
    found: list[Observation] = []
    reading = way.stream(Answer(pieces), on_violation=report(found.append), limit=1000)
    assert (reading.pieces, reading.error) == (pieces, None)
    assert [bool(observation.unjudged) for observation in found] == [*([False] * (len(found) - 1)), True]


def stand_in(name: str, **members: object) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(members)
    return module


class Unzip:
    """zlib in the manner of Brotli's and Zstandard's modules, which are not everyone's."""

    needs_input = True
    eof = False

    def __init__(self) -> None:
        self._unzip = zlib.decompressobj()

    def process(self, data: bytes) -> bytes:
        return self._unzip.decompress(data)

    def decompress(self, data: bytes, _length: int = 0) -> bytes:
        return self._unzip.decompress(data)


class Cffi:
    def __init__(self) -> None:
        self.decompress = Unzip().process


@pytest.mark.parametrize(
    ("coding", "module"),
    [
        ("br", stand_in("brotli", Decompressor=Unzip, error=zlib.error)),
        ("br", stand_in("brotlicffi", Decompressor=Cffi, error=zlib.error)),
        ("zstd", stand_in("backports.zstd", ZstdDecompressor=Unzip, ZstdError=zlib.error)),
    ],
)
def test_other_modules_are_used_where_they_are_installed(
    coding: str, module: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("brotli", "brotlicffi", "compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, module if name == module.__name__ else None)
    decoder = decoder_of(coding)
    assert decoder is not None
    assert b"".join(decoder.decode(zlib.compress(GOOD))) == GOOD
    damaged = decoder_of(coding)
    assert damaged is not None
    with pytest.raises(CodingError, match=f"its {coding} is damaged"):
        list(damaged.decode(b"\xff" * 40))


@pytest.mark.parametrize("name", ["brotli", "brotlicffi"])
def test_real_brotli_is_read(name: str) -> None:
    brotli = pytest.importorskip(name)
    decoder = decoder_of("br")
    assert decoder is not None
    assert b"".join(decoder.decode(brotli.compress(GOOD))) == GOOD
