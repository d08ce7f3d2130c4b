"""No request makes a dialect stumble: whatever comes, there is an answer or a refusal, and no 5xx of its own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import SCENARIOS, Fake
from chatfake.dialects import DIALECTS
from tests.fakeserver.asking import WEATHER, chat, chats, json_values, post
from tests.portion import one_in, share

#: LoRAX looks at nothing without it.
JSON = (("content-type", "application/json"),)
CHAT, TEXT, EMBEDDINGS = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
#: Members that rules look into, at the values that tell the paths through the rules apart.
MEMBERS = (
    "model", "messages", "stream", "stream_options", "temperature", "top_p", "n", "max_tokens", "max_completion_tokens",
    "stop", "tools", "tool_choice", "response_format", "logprobs", "top_logprobs", "seed", "logit_bias",
    "presence_penalty", "frequency_penalty", "user", "prompt", "suffix", "echo", "best_of", "input", "dimensions",
    "encoding_format", "parallel_tool_calls",
)  # fmt: skip
CALL = {"role": "assistant", "tool_calls": [{"function": {"arguments": "{"}}]}
NUMBERS = (0, 1, -1, 1.5, 1e300, 10**30, True)
WORDS = ("", "0.5", "yes", "inf", "nan", "1e999")
TOOLS = (
    {"type": "function"},
    {"type": "function", "function": {"name": "f"}},
    {"type": "function", "function": None},
)
LISTS: tuple[list[Any], ...] = (
    [],
    [None],
    [{}],
    [[]],
    [WEATHER],
    [CALL],
    [{"role": "user"}],
    [{"role": "user", "content": [{}]}],
)
#: Faults that a dialect has a hand in; the others change bytes that are there already.
REWRITTEN = ("http-401", "http-404", "http-429", "http-500", "stream-error", "usage-every-chunk")
STRANGE = (*NUMBERS, *WORDS, *TOOLS, *LISTS, [*TOOLS], {}, {"type": "json_schema"}, None)
values = json_values | st.sampled_from(STRANGE)


@st.composite
def twisted(draw: st.DrawFn) -> dict[str, Any]:
    """A valid request with some members set to anything."""
    body = {**draw(chats()), "prompt": "hi", "input": "hi"}
    return {**body, **draw(st.dictionaries(st.sampled_from(MEMBERS), values, min_size=1, max_size=3))}


def tried(dialect: str, body: Any, path: str) -> None:
    answer = post(Fake(), body, f"/dialect/{dialect}{path}", JSON)
    # some blame themselves for mistakes of the client
    allowed = {500} if dialect in ("llama.cpp", "ollama", "lorax") else set()
    assert answer.status < 500 or answer.status in allowed, (answer.status, answer.body[:300])
    assert answer.status != 415
    if (dialect, path) == ("tgi", EMBEDDINGS):  # its router has no such route, and says so without a body
        assert (answer.status, answer.body) == (404, b"")
    else:
        assert answer.body, "neither an answer nor a refusal"


@pytest.mark.parametrize("dialect", one_in(4, DIALECTS))
def test_any_strange_value_of_a_member_is_answered_or_refused(dialect: str) -> None:
    for member in MEMBERS:
        path = TEXT if member in ("prompt", "suffix", "echo", "best_of") else CHAT
        for value in STRANGE:
            body = {**chat(tools=[WEATHER], max_tokens=4), "prompt": "hi", "input": "hi", member: value}
            tried(dialect, body, EMBEDDINGS if member in ("input", "dimensions", "encoding_format") else path)


@pytest.mark.parametrize("dialect", DIALECTS)
@share(0.2)
@given(twisted(), st.sampled_from([CHAT, TEXT, EMBEDDINGS]))
def test_any_members_are_answered_or_refused(dialect: str, body: dict[str, Any], path: str) -> None:
    tried(dialect, body, path)


@pytest.mark.parametrize("dialect", DIALECTS)
@share(0.15)
@given(json_values, st.sampled_from([CHAT, TEXT, EMBEDDINGS]))
def test_any_json_is_answered_or_refused(dialect: str, body: Any, path: str) -> None:
    tried(dialect, json.dumps(body).encode(), path)


@pytest.mark.parametrize("dialect", one_in(4, DIALECTS))
@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_every_scenario_goes_with_every_dialect(dialect: str, stream: bool) -> None:
    fake = Fake()
    for name in (*sorted({*SCENARIOS} - {"long-text"}), *REWRITTEN):
        body = chat(model=f"fake/{name}", stream=stream, tools=[WEATHER])
        answer = post(fake, body, f"/dialect/{dialect}{CHAT}", JSON)
        assert answer.status < 500 or name == "http-500", name
