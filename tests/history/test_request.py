"""Reading what clients send: normalised where spellings mean the same, odd where they do not, never raising."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history import Message
from chatproof.history.model.request import sent_messages

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "text", "tool_calls"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def read(*messages: object) -> tuple[Message, ...]:
    return sent_messages(json.dumps({"messages": messages}).encode())


@given(st.sampled_from(["user", "assistant", "system"]), st.lists(st.text()))
def test_text_parts_read_as_their_text(role: str, texts: list[str]) -> None:
    parts = [{"type": "text", "text": text} for text in texts or [""]]
    assert read({"role": role, "content": parts}) == read({"role": role, "content": "".join(texts)})


def test_developer_prompt_reads_as_system_prompt() -> None:
    assert read({"role": "developer", "content": "x"}) == read({"role": "system", "content": "x"})


@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "content": None},
        {"role": "user"},
        {"role": "user", "content": []},
        {"role": "user", "content": ["hi"]},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]},
        {"role": "user", "content": [{"type": "text", "text": None}]},
        {"role": "user", "content": 7},
        {"role": "assistant", "content": "hi", "tool_calls": [{"id": "1"}]},
        "hi",
        None,
    ],
)
def test_message_that_is_no_plain_text_is_odd(message: object) -> None:
    assert read(message)[0].odd


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b"3", b'{"messages": {}}', b"{}", b"[" * 100_000]
)
def test_body_without_messages_reads_as_one_odd_message(body: bytes) -> None:
    (message,) = sent_messages(body)
    assert message.role == "unreadable"


@given(st.binary(max_size=50) | json_values.map(lambda value: json.dumps({"messages": value}).encode()))
def test_reading_never_raises(body: bytes) -> None:
    sent_messages(body)


@pytest.mark.parametrize("depth", [500, 900, 990, 5_000])
def test_deep_body_reads_as_one_odd_message(depth: int) -> None:
    (message,) = sent_messages(b"[" * depth + b"]" * depth)
    assert message.role == "unreadable"


def test_null_tool_calls_are_nothing() -> None:
    assert not read({"role": "assistant", "content": "hi", "tool_calls": None, "refusal": None})[0].odd
