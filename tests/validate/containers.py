"""Every way that a recorder writes an answer down: a body to the name and the bytes of a file."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import yaml

__all__ = ["BYTES_TOO", "CONTAINERS", "URL", "Container", "gzipped"]

Container: TypeAlias = Callable[[bytes], tuple[str, bytes]]

URL = "https://api.example.com/v1/chat/completions?api-version=1"


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _yaml(value: Any) -> bytes:
    return yaml.safe_dump(value).encode()


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _type(body: bytes) -> bytes:
    return b"text/event-stream" if body.startswith(b"data:") else b"application/json"


def _request() -> dict[str, Any]:
    headers = {"Authorization": ["Bearer sk-abcdefghijklmnop"], "Content-Type": ["application/json"]}
    return {"method": "POST", "uri": URL, "body": '{"model": "tiny"}', "headers": headers}


def _vcr(body: dict[str, Any], **headers: list[str]) -> dict[str, Any]:
    """One interaction, as vcrpy and its kin have it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = {"status": {"code": 200, "message": "OK"}, "headers": named, "body": body}
    return {"request": _request(), "response": response}


def _har(content: dict[str, Any]) -> dict[str, Any]:
    request = {
        "method": "POST",
        "url": URL,
        "headers": [{"name": "authorization", "value": "Bearer sk-abcdefghijk"}],
    }
    response = {
        "status": 200,
        "headers": [],
        "content": {"size": 1, "mimeType": "x-unknown", **content},
    }
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "x"},
            "entries": [{"request": request, "response": response}],
        }
    }


def _recording(response: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "POST", "path": "/v1/chat/completions", "headers": [["Authorization", "Bearer KEY"]]}
    pairs = [["Server", "x"]]
    return {"server": "x", "request": request, "response": {"status": 200, "headers": pairs, **response}}


def gzipped(container: Container) -> Container:
    """The same file, packed."""

    def packed(body: bytes) -> tuple[str, bytes]:
        name, data = container(body)
        return f"{name}.gz", gzip.compress(data, mtime=0)

    return packed


def _deflated(body: bytes) -> bytes:
    """Without zlib's wrapping, as some servers mean it."""
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(body) + pack.flush()


#: Containers that hold any bytes.
BYTES_TOO: Mapping[str, Container] = {
    "har-base64": lambda body: ("a.har", _json(_har({"text": _base64(body), "encoding": "base64"}))),
    "har-polly": lambda body: (
        "a.har",
        _json(_har({"text": _json([_base64(gzip.compress(body))]).decode(), "encoding": "base64"})),
    ),
    "vcrpy-binary": lambda body: (
        "a.yaml",
        _yaml(
            {"interactions": [_vcr({"string": gzip.compress(body)}, Content_Encoding=["gzip"])], "version": 1}
        ),
    ),
    "vcrpy-deflate": lambda body: (
        "a.yaml",
        _yaml({"interactions": [_vcr({"string": zlib.compress(body)}, content_encoding=["deflate"])]}),
    ),
    "vcrpy-bare-deflate": lambda body: (
        "a.yaml",
        _yaml({"interactions": [_vcr({"string": _deflated(body)}, content_encoding=["deflate"])]}),
    ),
    "betamax-base64": lambda body: (
        "a.json",
        _json(
            {
                "http_interactions": [
                    _vcr(
                        {"encoding": "utf-8", "base64_string": _base64(gzip.compress(body))},
                        Content_Encoding=["gzip"],
                    )
                ],
                "recorded_with": "betamax/0.9",
            }
        ),
    ),
    "ruby-binary": lambda body: (
        "a.yml",
        (
            "---\nhttp_interactions:\n- request:\n    method: post\n    uri: " + URL + "\n  response:\n"
            "    status:\n      code: 200\n      message: OK\n    headers: {}\n    body:\n"
            "      encoding: ASCII-8BIT\n      string: !binary |-\n        " + _base64(body) + "\n"
            "  recorded_at: Fri, 18 Jun 2021 08:06:40 GMT\nrecorded_with: VCR 6.0.0\n"
        ).encode(),
    ),
    "recording-base64": lambda body: ("a.jsonl", _json(_recording({"body_base64": _base64(body)})) + b"\n"),
}

#: Containers of text.
CONTAINERS: Mapping[str, Container] = {
    "lines": lambda body: (
        "a.jsonl",
        b"\n" + _json({"body": body.decode(), "status": 200, "url": URL}) + b"\n",
    ),
    "recording": lambda body: ("a.jsonl", _json(_recording({"body": body.decode()}))),
    "recordings-in-a-list": lambda body: ("a.json", _json([_recording({"body": body.decode()})])),
    "har": lambda body: ("a.har", json.dumps(_har({"text": body.decode()}), indent=2).encode()),
    "vcrpy": lambda body: (
        "a.yaml",
        _yaml({"interactions": [_vcr({"string": body.decode()})], "version": 1}),
    ),
    "vcrpy-json": lambda body: (
        "a.json",
        _json({"version": 1, "interactions": [_vcr({"string": body.decode()})]}),
    ),
    "vcrpy-old-httpx": lambda body: (
        "a.yaml",
        _yaml(
            {
                "interactions": [
                    {
                        "request": _request(),
                        "response": {"content": body.decode(), "status_code": 200, "headers": {}},
                    }
                ]
            }
        ),
    ),
    "go-vcr": lambda body: (
        "a.yaml",
        _yaml(
            {
                "version": 2,
                "interactions": [
                    {
                        "request": {"url": URL, "method": "POST"},
                        "response": {"body": body.decode(), "status": "200 OK", "code": 200},
                    }
                ],
            }
        ),
    ),
    "betamax": lambda body: (
        "a.json",
        _json({"http_interactions": [_vcr({"encoding": "utf-8", "string": body.decode()})]}),
    ),
    "curl-i": lambda body: (
        "a.txt",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: " + _type(body) + b"\r\n\r\n" + body,
    ),
    **BYTES_TOO,
}
