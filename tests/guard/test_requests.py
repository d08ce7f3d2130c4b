"""Requests are judged where that is asked for, before they are sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from chatproof.guard import EXCHANGES, LORAX, REQUESTS, ContractError, Observation, Side, raise_must, report
from tests.guard.driving import JSON, WAYS, Answer, Way, behind
from tests.schemas.samples import broken, completion

ASKED = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hi"}]}).encode()
WRONG = json.dumps({"model": "m", "messages": "hi"}).encode()
GOOD = json.dumps(completion()).encode()
EMPTY = json.dumps(broken(completion(), "choices", [])).encode()

ways = pytest.mark.parametrize("way", WAYS, ids=str)


def raised(way: Way, answer: Answer, **settings: Any) -> BaseException | None:
    return way.stream(answer, **settings).error


@ways
def test_wrong_request_is_not_sent(way: Way) -> None:
    answer = Answer([GOOD], content_type=JSON, request=WRONG)
    error = raised(way, answer, judged=EXCHANGES)
    assert isinstance(error, ContractError)
    assert (error.kind, error.observation.side, error.observation.status) == (
        "chat.completion.request",
        Side.REQUEST,
        None,
    )
    assert [item.path for item in error.violations if item.level == "must"] == ["$.messages"]
    assert (answer.asked, answer.closes) == (0, 0)


@ways
def test_wrong_request_that_is_only_reported_is_sent(way: Way) -> None:
    answer = Answer([EMPTY], content_type=JSON, request=WRONG)
    found: list[Observation] = []
    assert raised(way, answer, judged=EXCHANGES, on_violation=report(found.append)) is None
    assert [observation.side for observation in found] == [Side.REQUEST, Side.ANSWER]
    assert answer.asked == 1


@ways
def test_each_side_is_judged_where_it_is_named(way: Way) -> None:
    right = Answer([EMPTY], content_type=JSON, request=ASKED)
    assert raised(way, right, judged=REQUESTS) is None
    assert isinstance(raised(way, right, judged=EXCHANGES), ContractError)
    wrong = Answer([GOOD], content_type=JSON, request=WRONG)
    assert raised(way, wrong) is None
    assert isinstance(raised(way, wrong, judged=REQUESTS), ContractError)


@ways
@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a/v1/completions", "completion.request"),
        ("https://a/v1/embeddings", "embeddings.request"),
        ("https://a/v1/responses", "response.request"),
        ("https://a/", "lorax.generate.request"),
        ("https://a/generate", "lorax.generate.request"),
        ("https://a/generate_stream", "lorax.generate.request"),
        ("https://a/tokenize", "lorax.tokenize.request"),
        ("https://a/embed", "lorax.embed.request"),
        ("https://a/classify", "lorax.classify.request"),
        ("https://a/classify_batch", "lorax.classify_batch.request"),
    ],
)
def test_route_says_what_a_request_has_to_be(way: Way, url: str, kind: str) -> None:
    error = raised(way, Answer([], url=url, request=b"[]"), judged=REQUESTS, routes=LORAX)
    assert isinstance(error, ContractError)
    assert error.kind == kind


@ways
@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/", "POST", "lorax.root"),
        ("/info", "GET", "lorax.info"),
        ("/tokenize", "POST", "lorax.tokenize"),
        ("/embed", "POST", "lorax.embed"),
        ("/classify", "POST", "lorax.classify"),
        ("/classify_batch", "POST", "lorax.classify_batch"),
    ],
)
def test_routes_of_lorax_are_judged_where_they_are_named(way: Way, path: str, method: str, kind: str) -> None:
    answer = Answer([b"5"], content_type=JSON, url=f"https://a{path}", method=method)
    assert raised(way, answer) is None
    error = raised(way, answer, routes=LORAX)
    assert isinstance(error, ContractError)
    assert error.kind == kind
    refused = Answer([b"5"], status=422, content_type=JSON, url=f"https://a{path}", method=method)
    error = raised(way, refused, routes=LORAX)
    assert isinstance(error, ContractError)
    assert error.kind == "lorax.error"


@ways
def test_request_that_is_sent_as_a_stream_or_is_too_large_is_not_judged(way: Way) -> None:
    found: list[Observation] = []
    answer = Answer([GOOD], content_type=JSON)
    settings = {"judged": REQUESTS, "limit": 10}

    def parts() -> Iterator[bytes]:
        yield WRONG

    async def async_parts() -> AsyncIterator[bytes]:
        yield WRONG

    def react(observation: Observation) -> None:
        found.append(observation)
        raise_must(observation)

    client = way.client(way.guarded(behind(way.module, answer), on_violation=react, **settings))
    if way.mode == "sync":
        assert client.post(answer.url, content=parts()).status_code == 200
        assert client.post(answer.url, content=WRONG).status_code == 200
    else:

        async def main() -> None:
            assert (await client.post(answer.url, content=async_parts())).status_code == 200
            assert (await client.post(answer.url, content=WRONG)).status_code == 200

        asyncio.run(main())
    assert [observation.unjudged for observation in found] == [
        "it is sent as a stream",
        "it is larger than 10 bytes",
    ]
    assert {observation.kind for observation in found} == {"chat.completion.request"}


@ways
def test_request_without_a_body_is_not_judged(way: Way) -> None:
    answer = Answer([b"{}"], content_type=JSON, method="GET", url="https://a/v1/models", request=b"")
    assert raised(way, answer, judged=REQUESTS) is None
