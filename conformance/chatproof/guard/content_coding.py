"""Bodies without their content coding, as they come. The coded bytes go on to the caller; this reads a copy."""

import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Protocol

__all__ = ["CodingError", "Decoder", "decoder_of"]

#: Bytes that a decoder gives at once, however well they were packed.
_PIECE = 256 * 1024
#: Bytes of Brotli that are unpacked at once: not every version can be told where to stop.
_PACKED = 16


class CodingError(ValueError):
    """A body cannot be unpacked, and why."""


class Decoder(Protocol):
    """Packed bytes to plain ones."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """What these bytes add, in pieces of bounded size. Raises `CodingError`."""
        ...


def decoder_of(codings: str) -> Decoder | None:
    """For the value of Content-Encoding; None for none. Raises `CodingError` where a coding is unknown."""
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name]
    decoders = [_decoder(name) for name in reversed(names) if name != "identity"]
    return _Chain(decoders) if decoders else None


class _Chain:
    """The last coding that was applied comes off first."""

    def __init__(self, decoders: list[Decoder]) -> None:
        self._decoders = decoders

    def decode(self, data: bytes) -> Iterator[bytes]:
        yield from self._through(data, 0)

    def _through(self, data: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._decoders):
            yield data
            return
        for piece in self._decoders[number].decode(data):
            yield from self._through(piece, number + 1)


class _Zlib:
    """gzip and deflate."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._unzip = zlib.decompressobj(31) if name == "gzip" else None  # of deflate, two bytes tell
        self._start = b""

    def decode(self, data: bytes) -> Iterator[bytes]:
        if self._unzip is None:
            self._start = data = self._start + data
            if len(data) < 2:
                return
            # the standard means zlib's wrapping; some servers send it bare
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._unzip, self._start = zlib.decompressobj(15 if wrapped else -15), b""
        if self._unzip.eof:  # zlib would keep all that comes behind its end, and copy it each time
            return
        try:
            piece = self._unzip.decompress(data, _PIECE)
            while piece:
                yield piece
                piece = self._unzip.decompress(self._unzip.unconsumed_tail, _PIECE)
        except zlib.error:
            raise CodingError(f"its {self._name} is damaged") from None


class _Brotli:
    def __init__(self, module: Any) -> None:
        unzip = module.Decompressor()
        # brotli calls it process, brotlicffi decompress
        self._process: Callable[[bytes], bytes] = getattr(unzip, "process", None) or unzip.decompress
        self._error: type[Exception] = module.error

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), _PACKED):
                if piece := self._process(data[start : start + _PACKED]):
                    yield piece
        except self._error:
            raise CodingError("its br is damaged") from None


class _Zstandard:
    def __init__(self, module: Any) -> None:
        self._unzip = module.ZstdDecompressor()
        self._error: type[Exception] = module.ZstdError

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            piece = self._unzip.decompress(data, _PIECE)
            while piece:
                yield piece
                piece = (
                    b"" if self._unzip.needs_input or self._unzip.eof else self._unzip.decompress(b"", _PIECE)
                )
        except (self._error, EOFError):
            raise CodingError("its zstd is damaged") from None


def _decoder(name: str) -> Decoder:
    match name:
        case "gzip" | "x-gzip":
            return _Zlib("gzip")
        case "deflate":
            return _Zlib("deflate")
        case "br":
            return _Brotli(_module(name, "brotli", "brotlicffi"))
        case "zstd":
            return _Zstandard(_module(name, "compression.zstd", "backports.zstd"))
        case _:
            raise CodingError(f"its coding {name[:40]!r} is unknown")


def _module(coding: str, *names: str) -> Any:
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise CodingError(f"it is packed as {coding}, for which {names[-1]} is not installed")
