"""Routes of the API: what an answer to a request has to be, as far as its address and status tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from chatschema import Kind

__all__ = ["Route", "route_of"]


@dataclass(frozen=True)
class Route:
    """An operation of the API."""

    methods: frozenset[str]
    address: re.Pattern[str]
    answer: Kind
    stream: Kind | None = None
    error: Kind = Kind.ERROR
    sure: bool = True  #: its path is exactly one of ours; on any other, an answer is what it says itself

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """What the answer may be, LoRAX's form of it too."""
        if not self.sure:
            return _ANSWERS
        own = {self.answer.value, (self.stream or self.answer).value}
        return frozenset(kind for kind in Kind if kind.value.removeprefix("lorax.") in own or kind in own)

    def kinds_of(self, status: int | None) -> frozenset[Kind]:
        """What an answer may be. An error comes with an error's status, if it is known."""
        if _failed(status):
            return _ERRORS
        return self.kinds if status is not None else self.kinds | _ERRORS

    def kind_of(self, status: int | None, content_type: str) -> Kind:
        """What an answer is judged as that is nothing of what it may be."""
        if _failed(status):
            return self.error
        streams = content_type.partition(";")[0].strip().lower() == "text/event-stream"
        return self.stream if streams and self.stream is not None else self.answer


_ERRORS = frozenset({Kind.ERROR, Kind.LORAX_ERROR})


def _failed(status: int | None) -> bool:
    return status is not None and status >= 400


#: What an answer to a path like one of ours may say that it is.
_ANSWERS = frozenset(
    {
        Kind.COMPLETION,
        Kind.STREAM,
        Kind.TEXT,
        Kind.TEXT_STREAM,
        Kind.EMBEDDINGS,
        Kind.RESPONSE,
        Kind.RESPONSE_STREAM,
        Kind.MODELS,
    }
)
#: Where the API is mounted: at the root of a host or of a placeholder for one, under a version, or where vendors have
#: it. One word more (`/fim/completions`, `/agents/completions`, `/registry/models`) is another route with our name.
_MOUNT = r"(?:\A[^/]*|/v\d[^/]*|/openai|/beta|/(?:deployments|engines)/[^/]+)"


def _route(
    methods: str, address: str, answer: Kind, stream: Kind | None = None, *, sure: bool = True
) -> Route:
    error = Kind.LORAX_ERROR if answer.value.startswith("lorax.") else Kind.ERROR
    return Route(frozenset(methods.split()), re.compile(address), answer, stream, error, sure)


#: Ends of a path, for everyone mounts the API elsewhere; the first that fits. A route of LoRAX is the whole path,
#: for its names are everyone's.
_ROUTES = (
    _route("POST", r"/chat/completions/?\Z", Kind.COMPLETION, Kind.STREAM),
    _route("POST", _MOUNT + r"/completions/?\Z", Kind.TEXT, Kind.TEXT_STREAM),
    _route("POST", _MOUNT + r"/embeddings/?\Z", Kind.EMBEDDINGS),
    _route("POST", _MOUNT + r"/responses/?\Z", Kind.RESPONSE, Kind.RESPONSE_STREAM),
    _route("GET", r"/responses/resp_[^/]+\Z", Kind.RESPONSE, Kind.RESPONSE_STREAM),
    _route("POST", r"/responses/resp_[^/]+/cancel\Z", Kind.RESPONSE),
    _route("GET", _MOUNT + r"/models/?\Z", Kind.MODELS),
    _route("GET", r"/v1/models/.+\Z", Kind.MODEL),
    _route("POST", r"/completions/?\Z", Kind.TEXT, Kind.TEXT_STREAM, sure=False),
    _route("POST", r"/embeddings/?\Z", Kind.EMBEDDINGS, sure=False),
    _route("POST", r"/responses/?\Z", Kind.RESPONSE, Kind.RESPONSE_STREAM, sure=False),
    _route("GET", r"/models/?\Z", Kind.MODELS, sure=False),
    _route("POST", r"\A/generate\Z", Kind.LORAX_GENERATE),
    _route("POST", r"\A/generate_stream\Z", Kind.LORAX_STREAM, Kind.LORAX_STREAM),
)

#: Other APIs whose routes have the same names: whole hosts, and what stands beside a mount of ours on others
#: (Gemini's own models beside /v1beta/openai/models, Ollama's own embeddings beside /v1/embeddings).
_OTHER_HOSTS = re.compile(
    r"(?:\A|\.)(?:anthropic|cohere|deepgram|elevenlabs|replicate|voyageai)\.(?:ai|com|io)\Z", re.IGNORECASE
)
#: Where those have the form of ours as well: Anthropic's and Cohere's compatible endpoints.
_COMPATIBLE = re.compile(r"/chat/completions/?\Z|\A/compatibility/")
_OTHER_PATHS = re.compile(r"\A/v1beta/(?!openai/)|\A/api/(?:embeddings|generate)\Z")


def route_of(method: str, url: str, routes: Iterable[Route] = _ROUTES) -> Route | None:
    """The route of a request; None where it is none of ours. Without a method, the address alone decides."""
    host, path = _split(url)
    if _OTHER_HOSTS.search(host) and not _COMPATIBLE.search(path):
        return None
    if _OTHER_PATHS.search(path):
        return None
    for route in routes:
        if (not method or method in route.methods) and route.address.search(path):
            return route
    return None


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, such as http://[
        return "", url
    return parts.hostname or "", parts.path
