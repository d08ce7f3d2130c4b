"""JSON and SSE are two renderings of one reply, so they must agree."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Reply, ToolCall
from tests.fakeserver.asking import ask, chat, chats, chunks_of, post, texts

replies = st.builds(
    Reply,
    text=st.none() | texts,
    refusal=st.none() | texts,
    tool_calls=st.lists(
        st.builds(ToolCall, name=st.sampled_from(["f", "g"]), arguments=texts), max_size=3
    ).map(tuple),
    finish_reason=st.sampled_from(["", "stop", "content_filter"]),
)


def assembled(chunks: list[Any]) -> list[dict[str, Any]]:
    """The choices that a client puts together from the chunks of a stream."""
    choices: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for part in chunk["choices"]:
            choice = choices.setdefault(
                part["index"], {"message": {"content": None, "refusal": None, "calls": []}}
            )
            _add(choice["message"], part["delta"])
            if part["finish_reason"] is not None:
                assert "finish_reason" not in choice
                choice["finish_reason"] = part["finish_reason"]
            for kind, entries in (part["logprobs"] or {}).items():
                choice.setdefault("logprobs", {}).setdefault(kind, []).extend(entries or [])
    return [choices[index] for index in sorted(choices)]


def _add(message: dict[str, Any], delta: dict[str, Any]) -> None:
    for member in ("content", "refusal"):
        if delta.get(member) is not None:
            message[member] = (message[member] or "") + delta[member]
    for call in delta.get("tool_calls", []):
        if "id" in call:
            assert call["index"] == len(message["calls"])
            message["calls"].append({"id": call["id"], "name": call["function"]["name"], "arguments": ""})
        message["calls"][call["index"]]["arguments"] += call["function"]["arguments"]


def rendered(answer: Any) -> list[dict[str, Any]]:
    """The choices of a JSON answer, in the same form. Nothing said is the same as an empty text in a stream."""
    result: list[dict[str, Any]] = []
    for choice in answer["choices"]:
        message = choice["message"]
        calls = [{"id": call["id"], **call["function"]} for call in message.get("tool_calls", [])]
        said = {"content": message["content"], "refusal": message["refusal"] or None, "calls": calls}
        one: dict[str, Any] = {"message": said, "finish_reason": choice["finish_reason"]}
        if choice["logprobs"]:
            one["logprobs"] = {kind: entries or [] for kind, entries in choice["logprobs"].items()}
        result.append(one)
    return result


def ids_hidden(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Derived ids differ, for `stream` is a member of the request too."""
    for choice in choices:
        for call in choice["message"]["calls"]:
            call["id"] = bool(call["id"])
        for kind, entries in dict(choice.get("logprobs", {})).items():
            if not entries:
                del choice["logprobs"][kind]
        if not choice.get("logprobs", True):
            del choice["logprobs"]
    return choices


@given(replies, st.integers(1, 40), st.booleans(), st.integers(1, 2))
def test_json_and_sse_say_the_same(reply: Reply, limit: int, logprobs: bool, n: int) -> None:
    fake = Fake()
    handle = fake.handle()
    handle.script(reply, reply)
    bearer = (("authorization", f"Bearer {handle.key}"),)
    asked = chat(max_tokens=limit, logprobs=logprobs, n=n)
    streamed = chunks_of(
        post(fake, {**asked, "stream": True, "stream_options": {"include_usage": True}}, headers=bearer)
    )
    answer = ask_under(fake, asked, bearer)
    assert ids_hidden(assembled(streamed)) == ids_hidden(rendered(answer))
    assert streamed[-1]["usage"] == answer["usage"]


def ask_under(fake: Fake, body: dict[str, Any], headers: Any) -> Any:
    return json.loads(post(fake, body, headers=headers).body)


@given(chats())
def test_json_and_sse_say_the_same_to_any_request(body: dict[str, Any]) -> None:
    fake = Fake()
    streamed = chunks_of(post(fake, {**body, "stream": True}))
    assert ids_hidden(assembled(streamed)) == ids_hidden(rendered(ask(fake, **body)))


@given(chats())
def test_stream_begins_each_choice_with_the_role_and_ends_it_once(body: dict[str, Any]) -> None:
    seen: dict[int, list[Any]] = {}
    for chunk in chunks_of(post(Fake(), {**body, "stream": True})):
        for choice in chunk["choices"]:
            seen.setdefault(choice["index"], []).append(choice)
    assert len(seen) == (body.get("n") or 1)
    for choices in seen.values():
        assert ["role" in choice["delta"] for choice in choices] == [True] + [False] * (len(choices) - 1)
        assert [choice["finish_reason"] is None for choice in choices] == [True] * (len(choices) - 1) + [
            False
        ]
        assert choices[0]["delta"]["content"] in ("", None)
