"""No request depends on another: whatever is asked at once, of whichever process, each gets what it gets alone."""

import itertools
import json
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatfake import Fake, LiveServer, Request
from tests.fakeserver.asking import chat, chats
from tests.fakeserver.serving.served import served
from tests.portion import share


@pytest.fixture(scope="module")
def four_workers() -> Iterator[str]:
    with served("--workers", "4") as url:
        yield url


def alone(body: dict[str, Any]) -> bytes:
    request = Request(method="POST", path="/v1/chat/completions", body=json.dumps(body).encode())
    return Fake().answer(request).body


#: Reading those of the system takes longer than all the rest.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

requests = st.tuples(chats(), st.booleans()).map(lambda drawn: {**drawn[0], "stream": drawn[1]})


@settings(share(0.25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(requests, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_interleaving_over_four_workers_gives_each_request_its_own_bytes(
    four_workers: str, asked: list[dict[str, Any]], order: Any
) -> None:
    again = [*asked, *asked]
    order.shuffle(again)

    def ask(body: dict[str, Any]) -> bytes:
        # a connection of its own: any of the processes may take it
        url = f"{four_workers}/chat/completions"
        return httpx.post(url, json=body, trust_env=False, verify=NO_CERTIFICATES).content

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, again)) == [alone(body) for body in again]


def test_a_thousand_handles_on_one_server_never_see_each_other() -> None:
    with LiveServer() as server, httpx.Client(trust_env=False) as client:
        handles = [server.handle() for _ in range(1_000)]
        for number, handle in enumerate(handles):
            handle.script(f"answer {number}")

        def ask(number: int) -> Any:
            answer = client.post(
                f"{server.base_url}/chat/completions",
                json=chat(messages=[{"role": "user", "content": f"question {number}"}]),
                headers={"authorization": f"Bearer {handles[number].key}"},
            )
            return answer.json()["choices"][0]["message"]["content"]

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(ask, range(1_000)))
        assert said == [f"answer {number}" for number in range(1_000)]
        for number, handle in enumerate(handles):
            assert [entry.messages[-1]["content"] for entry in handle.requests] == [f"question {number}"]


def test_keys_of_handles_are_all_different() -> None:
    fake = Fake()
    keys = [fake.handle().key for _ in itertools.repeat(None, 500)]
    assert len(set(keys)) == 500
