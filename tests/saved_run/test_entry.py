"""An exchange that was kept is the one that was made, but for keys."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.gate import Gate
from chatproof.gate.escaping import json_text
from chatproof.probe import (
    EndKind,
    Exchange,
    Failure,
    FailureKind,
    NoExchangeError,
    Received,
    RunEnd,
    RunEndedError,
    Sent,
)
from chatproof.saved_run.entry import entry_of, kept_of, name_of
from chatproof.saved_run.error import SavedRunError
from chatproof.saved_run.replaying import Answers

KEY = "sk-kept-4Rt7Yq2Lm9"
GATE = Gate.of_key(KEY, "MY_KEY")
SENT = Sent(method="POST", url="http://there/v1/chat/completions", headers=(), body=b'{"a":1}')

headers = st.lists(st.tuples(st.sampled_from(["content-type", "x-a", "x-b"]), st.text(max_size=8))).map(tuple)
received = st.builds(
    Received, status=st.integers(200, 599), headers=headers, body=st.binary() | st.text().map(str.encode)
)
failures = st.builds(Failure, kind=st.sampled_from(FailureKind), text=st.text(min_size=1))
times = st.floats(0, 1e6)
exchanges = st.builds(
    Exchange,
    sent=st.builds(Sent, method=st.sampled_from(["GET", "POST"]), url=st.just("http://there/v1/x"), headers=headers, body=st.binary()),
    received=st.none() | received,
    failure=st.none() | failures,
    seconds=times,
    arrivals=st.just(()),
    at=st.floats(1e9, 2e9),
)  # fmt: skip


def written(exchange: Exchange, gate: Gate = GATE) -> Any:
    return json.loads(json_text(entry_of(exchange, "gw0", gate)).encode())


@given(exchanges)
def test_what_comes_back_is_what_was_kept(exchange: Exchange) -> None:
    kept = kept_of(written(exchange, Gate()))
    assert kept.name == name_of(exchange.sent, Gate())
    assert kept.exchange(exchange.sent) == exchange
    assert kept.worker == "gw0"


@given(st.binary(), st.binary())
def test_requests_that_differ_have_different_names(one: bytes, other: bytes) -> None:
    names = {
        name_of(Sent(method="POST", url="http://x", headers=(), body=body), Gate()) for body in (one, other)
    }
    assert len(names) == len({one, other})


@pytest.mark.parametrize("hiding", [b"%s", b'{"echo":"Bearer %s"}', b"\xff\x00%s\xff"])
def test_no_key_is_kept(hiding: bytes) -> None:
    body = hiding % KEY.encode()
    exchange = Exchange(
        sent=Sent(method="POST", url=f"http://there/{KEY}", headers=(("x-echo", KEY),), body=body),
        received=Received(
            status=200, headers=(("x-echo", f"Bearer {KEY}"), ("set-cookie", "id=4711")), body=body
        ),
        failure=Failure(kind=FailureKind.BROKEN, text=f"said {KEY}"),
        arrivals=((0.5, len(body)),),
    )
    text = json.dumps(written(exchange))
    assert KEY not in text
    assert "4711" not in text
    kept = kept_of(json.loads(text))
    assert kept.received
    assert KEY.encode() not in kept.received.body
    assert kept.arrivals[0][1] <= len(kept.received.body)
    assert kept.name == name_of(exchange.sent, GATE)


def test_an_endpoints_own_key_is_not_kept_in_its_refusals() -> None:
    refusal = Received(status=401, headers=(), body=b'{"error":"Incorrect key: sk-proj-ABCDEF0123456789"}')
    assert "ABCDEF0123456789" not in json.dumps(written(Exchange(sent=SENT, received=refusal)))
    asked = Sent(
        method="GET", url="http://x", headers=(("authorization", "Bearer sk-wrong-0123456789"),), body=b""
    )
    echo = Exchange(sent=asked, received=Received(status=401, headers=(), body=b"sk-wrong-0123456789"))
    kept = kept_of(written(echo))
    assert kept.received
    assert kept.received.body == b"sk-wrong-0123456789"


GOOD = entry_of(Exchange(sent=SENT, received=Received(status=200, headers=(), body=b"{}")), "", Gate())


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        7,
        {},
        GOOD | {"request": None},
        GOOD | {"response": {}},
        GOOD | {"_at": "soon"},
        GOOD | {"response": GOOD["response"] | {"_failure": "tired"}},
        GOOD | {"response": GOOD["response"] | {"content": {"text": "?", "encoding": "base64"}}},
        GOOD | {"response": GOOD["response"] | {"headers": [1]}},
        GOOD | {"response": GOOD["response"] | {"_arrivals": [[1]]}},
    ],
)
def test_what_is_no_entry_of_ours_is_told(wrong: Any) -> None:
    with pytest.raises(SavedRunError, match="cannot be read"):
        kept_of(wrong)


def test_equal_requests_get_their_answers_in_order() -> None:
    made = [
        Exchange(sent=SENT, received=Received(status=200, headers=(), body=str(n).encode()), at=float(n))
        for n in range(3)
    ]
    client = Answers(kept_of(written(one, Gate())) for one in made)
    assert [client.exchange(SENT, 1.0) for _ in made] == made
    with pytest.raises(NoExchangeError, match="no further answer to this request"):
        client.exchange(SENT, 1.0)
    with pytest.raises(NoExchangeError, match="which was not made then"):
        client.exchange(replace(SENT, body=b"{}"), 1.0)


def test_a_run_that_ran_out_of_time_ends_there_again() -> None:
    end = RunEnd(kind=EndKind.SECONDS, reason="the limit of 3 s is reached (--max-seconds)", chosen=True)
    client = Answers((), end)
    with pytest.raises(RunEndedError, match="limit of 3 s"):
        client.exchange(SENT, 1.0)
    assert client.ended == end
