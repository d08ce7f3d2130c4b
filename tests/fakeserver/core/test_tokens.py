import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatfake.core.tokens import count, prompt_tokens, split
from tests.fakeserver.asking import WEATHER, chat, histories, texts

unicode_texts = texts | st.text(
    alphabet="ab 1\u0301\u200d\ufe0f👩👧🏽🇨🇭你שم\n\r\t\u2028\U000e0067", max_size=30
)


@given(unicode_texts)
def test_tokens_rejoin_to_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@given(unicode_texts, st.integers(0, 40))
def test_tokens_of_a_prefix_are_the_first_tokens(text: str, number: int) -> None:
    first = split(text)[:number]
    assert split("".join(first)) == first


@given(unicode_texts)
def test_tokens_never_begin_with_what_belongs_to_the_character_before(text: str) -> None:
    for token in split(text)[1:]:
        assert unicodedata.category(token[0])[0] != "M" or ord(token[0]) > 0x20000
        assert token[0] not in "\u200d\ufe0f🏽\U000e0067"


def test_tokens_keep_a_family_and_a_flag_whole() -> None:
    assert split("hi 👩‍👩‍👧‍👦 🇨🇭🇮🇹 cafe\u0301s") == ("hi", " 👩‍👩‍👧‍👦", " 🇨🇭", "🇮🇹", " cafe\u0301", "s")


@given(histories())
def test_prompt_tokens_grow_with_every_message(messages: list[dict[str, Any]]) -> None:
    counts = [prompt_tokens(chat(messages=messages[:end])) for end in range(len(messages) + 1)]
    assert counts == sorted(set(counts))


@given(histories(), st.data())
def test_prompt_tokens_fall_when_any_message_is_dropped(
    messages: list[dict[str, Any]], data: st.DataObject
) -> None:
    dropped = data.draw(st.integers(0, len(messages) - 1))
    fewer = [*messages[:dropped], *messages[dropped + 1 :]]
    assert prompt_tokens(chat(messages=fewer)) < prompt_tokens(chat(messages=messages))


@given(texts, texts)
def test_prompt_tokens_are_the_same_for_a_string_and_its_parts(one: str, other: str) -> None:
    parts = [{"type": "text", "text": one}, {"type": "text", "text": other}]
    in_parts = prompt_tokens(chat(messages=[{"role": "user", "content": parts}]))
    assert in_parts == prompt_tokens(chat(messages=[{"role": "user", "content": one + other}]))


def test_prompt_tokens_count_tools_and_formats() -> None:
    bare = prompt_tokens(chat())
    assert prompt_tokens(chat(tools=[WEATHER])) > bare
    form = {"type": "json_schema", "json_schema": {"name": "f", "schema": {"type": "object"}}}
    assert prompt_tokens(chat(response_format=form)) > bare


def test_prompt_tokens_count_names_calls_and_call_ids() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    plain = {"role": "assistant", "content": "x"}
    assert prompt_tokens(chat(messages=[plain])) < prompt_tokens(
        chat(messages=[{**plain, "tool_calls": [call]}])
    )
    assert prompt_tokens(chat(messages=[plain])) < prompt_tokens(chat(messages=[{**plain, "name": "ada"}]))
    tool = {"role": "tool", "content": "x"}
    assert prompt_tokens(chat(messages=[tool])) < prompt_tokens(
        chat(messages=[{**tool, "tool_call_id": "c"}])
    )


def test_prompt_tokens_of_null_members_are_none() -> None:
    message = {"role": "user", "content": "x"}
    nulls = {**message, "name": None, "tool_calls": None, "refusal": None}
    assert prompt_tokens(chat(messages=[message])) == prompt_tokens(chat(messages=[nulls]))


def test_prompt_tokens_count_an_image() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:"}}
    bare, seen = ([{"role": "user", "content": content}] for content in ([], [image]))
    assert prompt_tokens(chat(messages=seen)) - prompt_tokens(chat(messages=bare)) == 85


def test_tokens_of_a_long_text_are_counted_in_one_pass() -> None:
    assert count("word é" * 200_000) == 400_000
