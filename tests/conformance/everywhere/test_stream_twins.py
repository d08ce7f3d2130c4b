"""A stream beside the same reply in JSON: what is lost, said twice or broken."""

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.cases.twins import Twins, is_broken, is_cut, is_repeated
from chatproof.probe import Exchange, Received, Sent

SENT = Sent(method="POST", url="http://fake/v1/chat/completions", headers=(), body=b"{}")
TEXT = st.text(st.sampled_from("ab c1é日👋"), min_size=1, max_size=12)


def twins(text: str, *pieces: str, **delta: str) -> Twins:
    """A reply, and the pieces that a stream makes of it."""
    deltas = [{"role": "assistant", "content": ""}, *({"content": piece, **delta} for piece in pieces)]
    chunks = [
        {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
            {"index": 0, "delta": one, "finish_reason": None}]}
        for one in deltas
    ]  # fmt: skip
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode()
    exchange = Exchange(sent=SENT, received=Received(status=200, headers=(), body=body))
    answer = ChatAnswer(exchange, {"choices": [{"index": 0, "message": {"content": text}}]})
    return Twins(answer=answer, streamed=ChatStreamAnswer(exchange))


def verdict(found: Twins) -> tuple[bool, bool, bool]:
    return is_cut(found), is_repeated(found), is_broken(found)


NONE = (False, False, False)


@given(TEXT)
def test_a_stream_that_is_the_text_is_right(text: str) -> None:
    assert verdict(twins(text, *text)) == NONE


@given(TEXT, st.integers(0, 11))
def test_a_beginning_is_no_whole_text(text: str, length: int) -> None:
    assume(length < len(text) and text[length:].strip())
    assert verdict(twins(text, text[:length])) == (True, False, False)


@given(TEXT, st.integers(2, 4))
def test_a_text_again_is_repeated(text: str, times: int) -> None:
    assert verdict(twins(text, text * times)) == (False, True, False)


@given(st.text(st.sampled_from("abc"), min_size=3, max_size=8))
def test_growing_pieces_are_repeated(text: str) -> None:
    assert is_repeated(twins(text, *(text[: n + 1] for n in range(len(text)))))


@given(TEXT)
def test_pieces_twice_are_repeated(text: str) -> None:
    assert is_repeated(twins(text, *(piece for piece in text for _ in range(2))))


@given(TEXT, st.integers(1, 4))
def test_replaced_characters_are_broken(text: str, width: int) -> None:
    broken = "".join(c if c.isascii() else "\ufffd" * width for c in text)
    assume(not broken.endswith("\ufffd") and broken != text)
    assert verdict(twins(text, broken)) == (False, False, True)


@given(TEXT)
def test_lost_characters_are_broken(text: str) -> None:
    lost = "".join(c for c in text if c.isascii())
    assume(lost and lost != text and not text.startswith(lost))
    assert verdict(twins(text, lost)) == (False, False, True)


@given(TEXT, TEXT)
def test_another_text_is_none_of_these(text: str, other: str) -> None:
    assume(set(text) & set(other) == set() and other.strip())
    assert not is_cut(twins(text, other))
    assert not is_broken(twins(text, other))


def test_a_character_that_the_limit_cut_may_be_held_back() -> None:
    assert verdict(twins("日本\ufffd", "日本")) == NONE
    assert verdict(twins("日本", "日本\ufffd")) == NONE


def test_white_space_at_the_end_is_no_text() -> None:
    assert verdict(twins("word\n", "word")) == NONE


def test_thoughts_are_no_loss_of_text() -> None:
    assert verdict(twins("<think>hm", "", reasoning_content="hm")) == NONE
