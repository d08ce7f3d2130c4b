"""Bodies as recorders store them: base64, and the content codings that they left in place."""

import base64
import binascii
import json
import zlib
from importlib import import_module
from typing import Any

from .body import ITEM_LIMIT

__all__ = ["EncodedError", "from_base64", "unpacked"]

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"

#: Bytes of Brotli that are unpacked at once; at its best, each is a megabyte.
_PIECE = 16

#: Members of gzip in a row. What is left is copied for each, and a member can be twenty bytes.
_MOST_MEMBERS = 1000

_CUT = "its compressed body is cut short"
_DAMAGED = "its compressed body is damaged"


class EncodedError(ValueError):
    """A body cannot be decoded, and why."""


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text; Polly.JS writes a list of such texts."""
    try:
        pieces = json.loads(text) if text.startswith("[") else [text]
        return b"".join(base64.b64decode("".join(piece.split()), validate=True) for piece in pieces)
    except (binascii.Error, ValueError, AttributeError, TypeError, RecursionError):
        raise EncodedError("its base64 cannot be read") from None


def unpacked(data: bytes, codings: str) -> bytes:
    """The body without its content codings, of which `codings` is the header.

    Most recorders decode a body and keep the header all the same, some drop the header and keep the coding. So
    the bytes have the last word. Raises `EncodedError`.
    """
    if data.startswith(_GZIP):
        return _inflated(data, 31)
    if data.startswith(_ZSTD):
        return _zstandard(data)
    if _is_text(data):
        return data
    match codings.rpartition(",")[2].strip().lower():
        case "deflate":
            # the standard means zlib's wrapping; some servers send it bare
            zlib_wrapped = len(data) > 1 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            return _inflated(data, 15 if zlib_wrapped else -15)
        case "br":
            return _brotli(data)
        case _:
            return data


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _inflated(data: bytes, wbits: int) -> bytes:
    found = bytearray()
    try:
        for _ in range(_MOST_MEMBERS):
            unzip = zlib.decompressobj(wbits)
            found += unzip.decompress(data, ITEM_LIMIT + 1 - len(found))
            _guard(len(found))
            if not unzip.eof:
                raise EncodedError(_CUT)
            data = unzip.unused_data
            if not data.startswith(_GZIP):
                return bytes(found)
    except zlib.error:
        raise EncodedError(_DAMAGED) from None
    raise EncodedError(f"its compressed body has more than {_MOST_MEMBERS} members")


def _brotli(data: bytes) -> bytes:
    brotli = _module("brotli", "brotlicffi")
    if brotli is None:
        raise EncodedError("its body is compressed with Brotli: pip install brotli")
    unzip, found = brotli.Decompressor(), bytearray()
    try:
        # no version but the newest can be told where to stop, and a few hundred bytes can be a gigabyte
        for start in range(0, len(data), _PIECE):
            found += unzip.process(data[start : start + _PIECE])
            _guard(len(found))
    except brotli.error:
        raise EncodedError(_DAMAGED) from None
    if not unzip.is_finished():
        raise EncodedError(_CUT)
    return bytes(found)


def _zstandard(data: bytes) -> bytes:
    zstd = _module("compression.zstd", "backports.zstd")
    if zstd is None:
        raise EncodedError("its body is compressed with Zstandard: pip install backports.zstd")
    unzip = zstd.ZstdDecompressor()
    try:
        found: bytes = unzip.decompress(data, ITEM_LIMIT + 1)
    except zstd.ZstdError:
        raise EncodedError(_DAMAGED) from None
    _guard(len(found))
    if not unzip.eof:
        raise EncodedError(_CUT)
    return found


def _module(*names: str) -> Any:
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


def _guard(size: int) -> None:
    if size > ITEM_LIMIT:
        raise EncodedError(f"its body unpacks to more than {ITEM_LIMIT // 1024**2} MB")
