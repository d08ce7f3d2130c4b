import itertools
import json
from typing import Any

from hypothesis import given

from chatfake import Fake
from tests.fakeserver.asking import ask, ask_chunks, chat, chats, post


@given(chats())
def test_same_request_gets_the_same_bytes(body: dict[str, Any]) -> None:
    for stream in (False, True):
        asked = {**body, "stream": stream}
        assert post(Fake(), asked) == post(Fake(), dict(reversed(asked.items())))


def test_different_requests_get_different_ids(fake: Fake) -> None:
    ids = {ask(fake, seed=seed)["id"] for seed in range(50)}
    assert len(ids) == 50


def test_id_and_time_are_the_same_in_every_chunk(fake: Fake) -> None:
    heads = {(chunk["id"], chunk["created"], chunk["model"]) for chunk in ask_chunks(fake)}
    assert len(heads) == 1


def test_clock_gives_the_time(fake: Fake) -> None:
    assert ask(Fake(clock=lambda: 1_234.5))["created"] == 1_234
    assert ask(fake)["created"] > 1_700_000_000


def test_id_source_gives_the_same_request_another_id() -> None:
    numbers = map(str, itertools.count())
    fake = Fake(new_id=lambda: next(numbers))
    assert len({ask(fake)["id"] for _ in range(5)}) == 5


def test_request_id_is_in_the_headers(fake: Fake) -> None:
    for body in (chat(), chat(stream=True), chat(n=0), chat(model="fake/http-500")):
        assert post(fake, body).header("x-request-id").startswith("req_")
    assert json.loads(post(fake, chat()).body)["id"].startswith("chatcmpl-")
