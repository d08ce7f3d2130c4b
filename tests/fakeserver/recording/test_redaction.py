"""A key is in no file."""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatfake import Request
from chatfake.recording.exchange import Arrival, Exchange, Finish, Reading
from chatfake.recording.file_format import dump_exchange
from chatfake.recording.folder import file_stem
from chatfake.recording.matching import match_key
from chatfake.recording.redaction import UnsearchableError, redacted_exchange, redacted_request

keys = st.text(
    st.characters(codec="ascii", min_codepoint=0x21, max_codepoint=0x7E), min_size=20, max_size=40
).map(lambda text: f"sk{text}".replace("=", "x").replace(";", "y").replace(",", "z"))
PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "bearer": lambda key: {"headers": (("authorization", f"Bearer {key}"),)},
    "bare": lambda key: {"headers": (("Authorization", key),)},
    "basic": lambda key: {
        "headers": (("authorization", "Basic " + base64.b64encode(f"me:{key}".encode()).decode()),)
    },
    "api-key": lambda key: {"headers": (("api-key", key),)},
    "x-api-key": lambda key: {"headers": (("X-Api-Key", key),)},
    "vendor": lambda key: {"headers": (("Ocp-Apim-Subscription-Key", key),)},
    "cookie": lambda key: {"headers": (("cookie", f"a=b; session={key}"),)},
    "query": lambda key: {"query": f"a=1&key={quote(key, safe='')}&b=2"},
    "api_key": lambda key: {"query": f"api_key={quote(key, safe='')}"},
    "member": lambda key: {"body": json.dumps({"parameters": {"api_token": key}}).encode()},
}


@given(
    key=keys,
    place=st.sampled_from(sorted(PLACES)),
    text=st.text(max_size=20),
    cuts=st.lists(st.integers(0, 400), max_size=6),
    raw=st.booleans(),
)
def test_key_is_in_no_file(key: str, place: str, text: str, cuts: list[int], raw: bool) -> None:
    echo = (
        f"{text}{key}{json.dumps(key)}{quote(key, safe='')}{text}".encode("utf-8", "replace") + b"\xff" * raw
    )
    if raw:
        echo = (
            b"HTTP/1.1 200 OK\r\nSet-Cookie: a="
            + key.encode()
            + b"\r\nX-Echo: "
            + key.encode()
            + b"\r\n\r\n"
            + echo
        )
    places = sorted({0, len(echo), *(cut for cut in cuts if cut < len(echo))})
    pieces = tuple(echo[a:b] for a, b in pairwise(places))
    request = Request(method="POST", path=f"/v1/{key}", body=json.dumps({"say": f"x{key}x", key: 1}).encode())
    exchange = Exchange(
        request=replace(request, **PLACES[place](key)),
        arrival=Arrival(
            finish=Finish.CUT if raw else Finish.COMPLETE,
            ended_ms=1,
            status=200,
            raw=raw,
            headers=(("Set-Cookie", f"other={key[::-1]}; Path=/"), ("X-Echo", key)),
            readings=tuple(Reading(ms=1, data=piece) for piece in pieces),
        ),
    )
    kept = redacted_exchange(exchange)
    file = dump_exchange(kept)
    for secret in (key, key[::-1]):
        assert secret not in file
        assert json.dumps(secret)[1:-1] not in file
        assert secret not in json.dumps(json.loads(file), ensure_ascii=False)
    assert key.encode() not in kept.arrival.data
    assert base64.b64encode(f"me:{key}".encode()).decode() not in file
    assert [len(one.data) for one in kept.arrival.readings] == [len(piece) for piece in pieces]
    assert key not in file_stem(exchange.request)


@example(key="sk" + "0" * 20, other="sk" + "0" * 19 + '"', place="cookie")
@example(key='"sk' + "0" * 20, other='"sk' + "0" * 19 + '"', place="cookie")
@given(key=keys, other=keys, place=st.sampled_from(sorted(PLACES)))
def test_another_key_finds_the_same_recording(key: str, other: str, place: str) -> None:
    def asked(secret: str) -> Request:
        body = json.dumps({"model": "tiny", "say": f"my key is {secret}"}).encode()
        return replace(Request(method="POST", path="/v1/x", body=body), **PLACES[place](secret))

    recorded, now = match_key(asked(key)), match_key(asked(other))
    assert recorded.identity == now.identity
    assert match_key(redacted_request(asked(key))).identity == recorded.identity


def test_short_values_are_hidden_where_they_are_named_and_left_in_texts() -> None:
    request = Request(
        method="POST", path="/", headers=(("authorization", "Bearer none"),), body=b'{"say":"none of it"}'
    )
    bare = redacted_request(request)
    assert bare.headers == (("authorization", "Bearer ***"),)
    assert bare.body == request.body


def test_limits_of_tokens_are_no_keys() -> None:
    headers = (("x-ratelimit-limit-tokens", "30000"), ("x-request-id", "r"), ("content-length", "3"))
    assert redacted_request(Request(method="POST", path="/", headers=headers)).headers == headers


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_compressed_answer_with_a_key_is_not_written(coding: str) -> None:
    key = "sk-live-0123456789"
    body = gzip.compress(f"your key is {key}".encode())
    exchange = Exchange(
        request=Request(method="POST", path="/", headers=(("authorization", f"Bearer {key}"),)),
        arrival=Arrival(
            finish=Finish.COMPLETE,
            ended_ms=0,
            status=200,
            headers=(("Content-Encoding", coding),),
            readings=(Reading(ms=0, data=body),),
        ),
    )
    with pytest.raises(UnsearchableError):
        redacted_exchange(exchange)
    # without a key there is nothing to search for
    nobody = replace(exchange, request=Request(method="POST", path="/"))
    assert redacted_exchange(nobody) == nobody
