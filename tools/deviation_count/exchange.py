"""Recorded exchanges, and what each of them is to be judged as."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatschema import Kind

from .provider import vendor_of

__all__ = ["Exchange", "digest", "read_corpus", "read_recordings"]

#: (endpoint, form) -> what the body is.
_KINDS: Mapping[tuple[str, str], Kind] = {
    ("chat", "json"): Kind.COMPLETION,
    ("chat", "stream"): Kind.STREAM,
    ("completions", "json"): Kind.TEXT,
    ("completions", "stream"): Kind.TEXT_STREAM,
    ("embeddings", "json"): Kind.EMBEDDINGS,
    ("models", "json"): Kind.MODELS,
    ("model", "json"): Kind.MODEL,
    ("responses", "json"): Kind.RESPONSE,
    ("responses", "stream"): Kind.RESPONSE_STREAM,
}
#: What `/responses/compact` and `/responses/input_tokens` answer.
_OTHER_RESPONSES = re.compile(r'"object": *"response\.(compaction|input_tokens)"')
#: Routes that have the name of an endpoint.
_ROUTES = ("chat/completions", "completions", "embeddings", "models", "responses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One answer and where it comes from."""

    id: str
    source: str  #: repository and file, or the folder of our own recordings
    vendor: str
    origin: str  #: `cassette` and `recording` are what a server sent; a `fixture` was cut or written by hand
    endpoint: str
    form: str  #: `json`, `stream` or `error`
    kind: Kind | None  #: None where the contract has no kind for it
    body: bytes

    @property
    def provider(self) -> str:
        """The vendor; its fixtures are counted apart."""
        return f"{self.vendor}, fixtures" if self.origin == "fixture" else self.vendor


def read_corpus(path: Path) -> Iterator[Exchange]:
    """The exchanges of a corpus: gzipped, one JSON object a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _of_corpus(json.loads(line))


def read_recordings(folder: Path) -> Iterator[Exchange]:
    """The exchanges with servers on loopback that have a body to judge: one file a server."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield from _of_recording(json.loads(line))


def digest(corpus: Path, recordings: Path | None) -> str:
    """Which exchanges these are: twelve characters that change with any of them."""
    files = [corpus, *(sorted(recordings.glob("*.jsonl")) if recordings else ())]
    return hashlib.sha256(b"".join(hashlib.sha256(one.read_bytes()).digest() for one in files)).hexdigest()[
        :12
    ]


def _of_corpus(found: Mapping[str, Any]) -> Exchange:
    endpoint: str = found["endpoint"]
    form = "stream" if found["kind"] == "sse" else str(found["kind"])
    route = found["url_path"] or ""
    if endpoint == "models" and not route.endswith("/models"):
        endpoint = "model"
    if "/prompts/" in route:
        endpoint = "chat"  # Portkey's stored prompts are answered as chat
    kind: Kind | None = Kind.ERROR if form == "error" else _KINDS[endpoint, form]
    if endpoint == "responses" and form == "json" and _OTHER_RESPONSES.search(found["body"]):
        kind = None
    if (
        kind is Kind.COMPLETION
        and found["origin"] == "fixture"
        and '"chat.completion.chunk"' in found["body"]
    ):
        kind = Kind.CHUNK  # a fixture may be one chunk alone
    return Exchange(
        id=found["id"],
        source=found["source"],
        vendor=vendor_of(found["provider"], found["source"]),
        origin=found["origin"],
        endpoint=endpoint,
        form=form,
        kind=kind,
        body=found["body"].encode(errors="surrogatepass"),
    )


def _of_recording(found: Mapping[str, Any]) -> Iterator[Exchange]:
    request, response = found["request"], found["response"]
    status, body = response["status"], response.get("body")
    if request["method"] in ("HEAD", "OPTIONS") or status is None or body is None or 300 <= status < 400:
        return
    endpoint = _endpoint(request["path"].split("?")[0])
    head = {name.lower(): value for name, value in response["headers"]}
    streamed = head.get("content-type", "").startswith("text/event-stream")
    form = "error" if status >= 400 else "stream" if streamed else "json"
    kind = Kind.ERROR if form == "error" else _KINDS.get((endpoint, form))
    if kind is None:
        return  # health, tokens, and other protocols than OpenAI's
    yield Exchange(
        id=f"{found['server']}/{found['case']}",
        source="recordings",
        vendor=vendor_of(found["server"], "recordings"),
        origin="recording",
        endpoint=endpoint,
        form=form,
        kind=kind,
        body=body.encode(errors="surrogatepass"),
    )


def _endpoint(route: str) -> str:
    route = route.rstrip("/").removeprefix("/").removeprefix("v1/")
    if route in _ROUTES:
        return {"chat/completions": "chat"}.get(route, route)
    if route.startswith("models/"):
        return "model"
    return "responses" if route.startswith("responses/") else "other routes"
