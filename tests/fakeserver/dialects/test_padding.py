"""OpenAI's chunks have letters that hide their length, unless the request turns them off."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake
from tests.fakeserver.asking import chat, post


def chunks(**members: Any) -> list[dict[str, Any]]:
    text = post(Fake(), chat(stream=True, **members)).body.decode()
    return [json.loads(one.removeprefix("data: ")) for one in text.split("\n\n") if one.startswith("data: {")]


@given(st.text(min_size=1, max_size=40))
def test_text_and_padding_have_one_length_a_stream_but_for_whole_blocks(text: str) -> None:
    found = chunks(messages=[{"role": "user", "content": text}], stream_options={"include_usage": True})
    lengths = {
        len(chunk["obfuscation"]) + sum(len(one["delta"].get("content") or "") for one in chunk["choices"])
        for chunk in found
    }
    assert len({length % 16 for length in lengths}) == 1
    assert all(list(chunk)[-1] == "obfuscation" for chunk in found)


def test_padding_can_be_turned_off() -> None:
    for off, there in ((False, False), (True, True), (None, True)):
        options = {"include_usage": False} | ({} if off is None else {"include_obfuscation": off})
        assert all(("obfuscation" in chunk) is there for chunk in chunks(stream_options=options))


def test_same_request_has_the_same_padding() -> None:
    assert chunks() == chunks()
    assert [one["obfuscation"] for one in chunks()] != [one["obfuscation"] for one in chunks(seed=2)]
