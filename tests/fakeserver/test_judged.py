"""The fake's answers before an independent judge: `chatschema` reads the same contract and shares no code with it."""

import json
from typing import Any

import pytest
from hypothesis import given

from chatfake import FAULTS, SCENARIOS, Fake
from chatschema import check
from tests.fakeserver.asking import HELLO, WEATHER, ask, ask_chunks, chat, chats, get, post
from tests.fakeserver.request.test_validation import INVALID
from tests.fakeserver.test_renderings import assembled

NO_JSON = {"shape.json"}
CUT = {"chat.sse.done", "chat.sse.finish-once"}
IN_EVENT = {*CUT, "chat.sse.framing"}
FRAGMENTS = {"chat.tools.sse-fragments"}
ARGUMENTS = {"chat.tools.arguments"}
#: What is wrong on purpose: the rules that an entry breaks in JSON and in a stream. All others break none.
BREAKS: dict[str, tuple[set[str], set[str]]] = {
    "null-content": ({"chat.json.content"}, set()),
    "missing-content": ({"chat.json.content"}, set()),
    "parts-content": ({"shape.type"}, {"chat.sse.shape"}),
    "tool-call-missing-id": ({"shape.missing"}, FRAGMENTS),
    "tool-call-invalid-json": (ARGUMENTS, ARGUMENTS),
    "tool-call-object-arguments": ({"shape.type"}, FRAGMENTS),
    "empty-choices": ({"shape.value"}, {"chat.sse.finish-once"}),
    "null-choices": ({"shape.type"}, {"chat.sse.finish-once", "chat.sse.shape"}),
    "missing-choices": ({"shape.missing"}, {"chat.sse.finish-once", "chat.sse.shape"}),
    "delta-in-json": ({"shape.value", "shape.missing", "shape.forbidden"}, set()),
    "message-in-stream": (set(), {"chat.sse.delta-not-message", "chat.sse.role-first", "chat.sse.shape"}),
    "wrong-object": ({"shape.value"}, {"chat.sse.shape"}),
    "wrong-types": ({"shape.type"}, {"chat.sse.shape"}),
    "missing-usage": ({"chat.json.usage"}, set()),
    "null-usage": ({"chat.json.usage"}, set()),
    "error-object-200": ({"shape.error"}, {"chat.sse.error-before"}),
    "truncated-json": (NO_JSON, IN_EVENT),
    "trailing-garbage": (NO_JSON, {"chat.sse.framing"}),
    "bom": ({"http.no-junk"}, set()),
    "latin-1": (NO_JSON, {"http.utf8", "chat.sse.no-broken-characters"}),
    "reset-in-body": (NO_JSON, CUT),
    "half-close": (NO_JSON, CUT),
    "stall": (NO_JSON, CUT),
    "changed-id": (set(), {"chat.sse.same-head"}),
    "no-role": (set(), {"chat.sse.role-first"}),
    "finish-twice": (set(), {"chat.sse.finish-once"}),
    "finish-missing": (set(), {"chat.sse.finish-once"}),
    "delta-after-finish": (set(), {"chat.sse.finish-once"}),
    "empty-choices-first": (set(), {"chat.sse.same-head"}),
    "stream-cut": (NO_JSON, CUT),
    "stream-cut-in-event": (NO_JSON, IN_EVENT),
    "stream-cut-in-character": (NO_JSON, IN_EVENT),
    "stream-no-done": (set(), {"chat.sse.done"}),
    "stream-ends-early": (set(), CUT),
    "stream-done-twice": (set(), {"chat.sse.done"}),
    "stream-data-after-done": (set(), {"chat.sse.done"}),
    "stream-error": (set(), {"chat.sse.error"}),
    "stream-error-event": (set(), {"chat.sse.error", "chat.sse.framing"}),
    "stream-endless": (set(), CUT),
    "stream-garbled-json": (set(), {"chat.sse.framing"}),
    "stream-fields": (set(), {"chat.sse.framing"}),
}
#: Answers of an error, and answers that are no chat completion at all, whatever was asked.
NO_ANSWER = {
    **dict.fromkeys([name for name in FAULTS if name.startswith("http-")], "error"),
    **dict.fromkeys(
        ["html-200", "html-502", "empty-body", "gzip", "cut-gzip", "redirect", "redirect-loop"], None
    ),
    **dict.fromkeys(["huge-headers", "content-length-long", "content-length-short", "refuse"], None),
    **dict.fromkeys(["reset-before-head", "reset-in-head", "reset-in-chunk"], None),
}
#: Entries that are right and whose chunks differ in what no rule is about, and what they add.
EXTENDS = {
    "reasoning",
    "reasoning-member",
    "annotations",
    "extra-members",
    "null-error-member",
    "error-object-200",
    "empty-choices-first",
}


def broken_rules(body: bytes) -> set[str]:
    judgement = check(body)
    assert not judgement.extensions
    return {violation.rule for violation in judgement.violations}


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("name", [name for name in (*SCENARIOS, *FAULTS) if name not in NO_ANSWER])
def test_entry_breaks_the_rules_it_is_made_to_break_and_no_other(name: str, stream: bool, fake: Fake) -> None:
    answer = post(fake, chat(model=f"fake/{name}", stream=stream))
    judgement = check(answer.body, "chat.completion.sse" if stream else "chat.completion")
    assert {violation.rule for violation in judgement.violations} == BREAKS.get(name, (set(), set()))[stream]
    assert not judgement.extensions or name in EXTENDS


@pytest.mark.parametrize("name", NO_ANSWER)
def test_entry_that_is_no_answer_is_none(name: str, fake: Fake) -> None:
    judgement = check(post(fake, chat(model=f"fake/{name}")).body)
    assert judgement.kind == NO_ANSWER[name]
    assert judgement.valid == (NO_ANSWER[name] == "error")


@given(chats())
def test_answer_to_any_valid_request_breaks_no_rule(body: dict[str, Any]) -> None:
    usage = {"stream_options": {"include_usage": True}}
    for asked in (body, {**body, "stream": True}, {**body, "stream": True, **usage}):
        assert broken_rules(post(Fake(), asked).body) == set()


@pytest.mark.parametrize("name", INVALID)
def test_refusal_is_a_valid_error(name: str, fake: Fake) -> None:
    judgement = check(post(fake, INVALID[name]).body)
    assert (judgement.kind, judgement.violations) == ("error", ())


def test_models_are_a_valid_list(fake: Fake) -> None:
    judgement = check(get(fake, "/v1/models").body)
    assert (judgement.kind, judgement.violations) == ("models", ())


@given(chats())
def test_reply_is_accepted_back_as_history_and_counts(body: dict[str, Any]) -> None:
    fake = Fake()
    answer = ask(fake, **body)
    message = answer["choices"][0]["message"]
    [streamed, *_] = assembled(ask_chunks(fake, **body))
    assert streamed["message"]["content"] == message["content"]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": "sunny"}
        for call in message.get("tool_calls", [])
    ]
    longer = {**body, "messages": [*body["messages"], message, *results, *HELLO]}
    assert ask(fake, **longer)["usage"]["prompt_tokens"] > answer["usage"]["prompt_tokens"]


def test_prompt_tokens_depend_on_the_request_alone(fake: Fake) -> None:
    first = ask(fake)["usage"]
    handle = fake.handle()
    handle.script("noise " * 50)
    post(fake, chat(n=3), headers=(("authorization", f"Bearer {handle.key}"),))
    for _ in range(3):
        ask(fake, messages=[{"role": "user", "content": "another conversation"}], tools=[WEATHER])
    assert ask(fake)["usage"] == first
    assert ask_chunks(fake, stream_options={"include_usage": True})[-1]["usage"] == first


def test_history_grows_until_it_is_refused() -> None:
    fake = Fake(context_length=200)
    messages = list(HELLO)
    counts: list[int] = []
    while (answer := post(fake, chat(messages=messages))).status == 200:
        counts.append(json.loads(answer.body)["usage"]["prompt_tokens"])
        messages += [{"role": "assistant", "content": "Rome."}, *HELLO]
    assert counts == sorted(set(counts))
    assert json.loads(answer.body)["error"]["code"] == "context_length_exceeded"
