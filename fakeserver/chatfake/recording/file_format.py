"""An exchange as a file of JSON and back. Bytes are text where they are UTF-8, and base64 else.

A text of several lines is an array of them, and what holds no other object or array stands on one line, so that
a difference between two recordings is a line.
"""

import base64
import binascii
import json
import re

from chatfake.core.http import Headers, Request
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, clean, dump, encode, parse
from chatfake.recording.exchange import Arrival, Exchange, Finish, Reading, RecordingError

#: Of the format; it is a member of every file.
VERSION = 1

#: Characters of an array that stands on one line.
ONE_LINE = 100
#: Of a text: with the line ends after it, so that an event of a stream is one.
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")


def dump_exchange(exchange: Exchange) -> str:
    """The text of an exchange's file."""
    request, arrival = exchange.request, exchange.arrival
    readings: list[JsonValue] = [{"ms": one.ms, **_bytes(one.data)} for one in arrival.readings]
    value: JsonObject = {
        "chatfake_recording": VERSION,
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": _pairs(request.headers),
            **_body(request.body),
        },
        "response": {
            "http_version": arrival.http_version,
            "status": arrival.status,
            "reason": arrival.reason,
            "headers": _pairs(arrival.headers),
            "head_ms": arrival.head_ms,
            "ending": arrival.finish.value,
            "ended_ms": arrival.ended_ms,
            "raw_reads" if arrival.raw else "reads": readings,
        },
    }
    return clean(_laid_out(value, "")) + "\n"


def _laid_out(value: JsonValue, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, dict) and any(isinstance(one, dict | list) for one in value.values()):
        rows = [
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {_laid_out(one, inner)}"
            for name, one in value.items()
        ]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list) and (
        len(text) > ONE_LINE or any(isinstance(one, dict | list) for one in value)
    ):
        rows = [f"{inner}{_laid_out(one, inner)}" for one in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    return text


def _pairs(headers: Headers) -> list[JsonValue]:
    return [[name, value] for name, value in headers]


def _bytes(data: bytes) -> JsonObject:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
    lines: list[JsonValue] = [*_LINE.findall(text)]
    return {"text": lines if len(lines) > 1 else text}


def _body(body: bytes) -> JsonObject:
    """A request is matched by its parsed value, so that is what is kept of JSON."""
    try:
        return {"json": parse(body)} if body else {"text": ""}
    except JsonError:
        return _bytes(body)


def parse_exchange(value: JsonValue, source: str) -> Exchange:
    """The exchange in a file's parsed JSON; `RecordingError` says which member is wrong."""
    reader = _Reader(source)
    whole = reader.object(value, "the file")
    if whole.get("chatfake_recording") != VERSION:
        raise RecordingError(
            f"{source}: chatfake_recording is not {VERSION}, so this is no recording that is known"
        )
    return Exchange(
        request=reader.request(reader.object(whole.get("request"), "request")),
        arrival=reader.arrival(reader.object(whole.get("response"), "response")),
        source=source,
    )


class _Reader:
    """Reads members and names the file and the member where one is wrong."""

    def __init__(self, source: str) -> None:
        self._source = source

    def request(self, members: JsonObject) -> Request:
        return Request(
            method=self._string(members, "request", "method"),
            path=self._string(members, "request", "path"),
            query=self._string(members, "request", "query"),
            headers=tuple((name.lower(), one) for name, one in self._headers(members, "request")),
            body=encode(dump(members["json"])) if "json" in members else self._data(members, "request"),
        )

    def arrival(self, members: JsonObject) -> Arrival:
        raw = "raw_reads" in members
        name = "raw_reads" if raw else "reads"
        ending = self._string(members, "response", "ending")
        if ending not in [one.value for one in Finish]:
            raise self._wrong("response.ending", f"none of {', '.join(one.value for one in Finish)}")
        return Arrival(
            finish=Finish(ending),
            ended_ms=self._ms(members, "response", "ended_ms"),
            head_ms=self._ms(members, "response", "head_ms"),
            raw=raw,
            http_version=self._string(members, "response", "http_version"),
            status=self._status(members, raw=raw),
            reason=self._string(members, "response", "reason"),
            headers=self._headers(members, "response"),
            readings=tuple(
                self._reading(one, f"response.{name}[{place}]")
                for place, one in enumerate(self._array(members, "response", name))
            ),
        )

    def object(self, value: JsonValue, path: str) -> JsonObject:
        if not isinstance(value, dict):
            raise self._wrong(path, "no object")
        return value

    def _reading(self, value: JsonValue, path: str) -> Reading:
        members = self.object(value, path)
        return Reading(ms=self._ms(members, path, "ms"), data=self._data(members, path))

    def _data(self, members: JsonObject, path: str) -> bytes:
        match members.get("text"):
            case str(text):
                return encode(text)
            case [*lines] if all(isinstance(line, str) for line in lines):
                return encode("".join(map(str, lines)))
            case _:
                pass
        if not isinstance(coded := members.get("base64"), str):
            raise self._wrong(path, "without text and base64")
        try:
            return base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise self._wrong(f"{path}.base64", "no base64") from None

    def _headers(self, members: JsonObject, path: str) -> Headers:
        found: list[tuple[str, str]] = []
        for place, pair in enumerate(self._array(members, path, "headers")):
            match pair:
                case [str(name), str(value)] if _is_header(name, value):
                    found.append((name, value))
                case _:
                    raise self._wrong(f"{path}.headers[{place}]", "no pair of a name and a value")
        return tuple(found)

    def _ms(self, members: JsonObject, path: str, name: str) -> float:
        value = members.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise self._wrong(f"{path}.{name}", "no number of milliseconds")
        return float(value)

    def _string(self, members: JsonObject, path: str, name: str) -> str:
        value = members.get(name)
        if not isinstance(value, str):
            raise self._wrong(f"{path}.{name}", "not a string")
        return value

    def _status(self, members: JsonObject, *, raw: bool) -> int:
        value = members.get("status")
        if not isinstance(value, int) or isinstance(value, bool) or not (raw or 200 <= value <= 599):
            raise self._wrong("response.status", "no status of an answer")
        return value

    def _array(self, members: JsonObject, path: str, name: str) -> list[JsonValue]:
        value = members.get(name)
        if not isinstance(value, list):
            raise self._wrong(f"{path}.{name}", "not an array")
        return value

    def _wrong(self, path: str, what: str) -> RecordingError:
        return RecordingError(f"{self._source}: {path} is {what}")


def _is_header(name: str, value: str) -> bool:
    """Whether a server can send it: bytes of latin-1, and no line that ends."""
    both = name + value
    return bool(name) and name.isascii() and not any(char in "\r\n\0" or char > "\xff" for char in both)
