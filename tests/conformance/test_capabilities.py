"""What an endpoint does not have, or gives no occasion to judge, is said so; a neighbour that has it is judged."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import pytest

from chatfake import Answer, Reply, Request
from chatproof.cases import CASES
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import on_200
from chatproof.selftest.endpoint.miniatures.chat_reasoning import THINKING
from chatproof.selftest.endpoint.miniatures.tool_streams import BESIDE_TEXT, TWO_CALLS
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    chained,
    choice_of,
    chunks,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    message_of,
    requests,
    speaking,
    where,
    with_body,
)
from tests.conformance.test_miniatures import REFUSED, fake


def judged(id_: str, make: Wrapper) -> CaseResult:
    return judge_of(make(fake().answer)).judge(CASES[id_])


def has(*members: str, **values: object) -> Callable[[Request], bool]:
    """Is it a chat request with these members, and others of these values?"""

    def fits(request: Request) -> bool:
        body = asked(request)
        return (
            is_chat(request)
            and all(map(body.get, members))
            and all(body.get(k) == v for k, v in values.items())
        )

    return fits


def form(kind: str) -> Callable[[Request], bool]:
    return lambda r: is_chat(r) and b'"type":"%s"' % kind.encode() in r.body


def saying(reply: Reply, condition: Callable[[Request], bool]) -> Wrapper:
    """A fake that says one thing, whatever it is asked, where the condition holds."""
    other = fake()
    handle = other.handle()
    handle.script(*[reply] * 100)

    def make(handler: Handler) -> Handler:
        def answer(request: Request) -> Answer:
            if not condition(request):
                return handler(request)
            others = (one for one in request.headers if one[0] != "authorization")
            return other.answer(
                replace(request, headers=(*others, ("authorization", f"Bearer {handle.api_key}")))
            )

        return answer

    return make


def limited(tokens: int, condition: Callable[[Request], bool]) -> Wrapper:
    def make(handler: Handler) -> Handler:
        def answer(request: Request) -> Answer:
            if condition(request):
                body = json.dumps(asked(request) | {"max_tokens": tokens}).encode()
                request = replace(request, body=body)
            return handler(request)

        return answer

    return make


def without_tools(body: Object) -> None:
    for name in ("tools", "tool_choice", "parallel_tool_calls"):
        body.pop(name, None)


def another_text_each_time() -> Wrapper:
    """A model without a fixed temperature, which says something else beside each call."""
    numbers = count()

    def change(value: Object) -> None:
        if message_of(value).get("tool_calls"):
            message_of(value)["content"] = f"Looking, {next(numbers)}."

    return completions(change)


def as_tags(value: Object) -> None:
    message = message_of(value)
    message["content"] = f"<think>{message.pop('reasoning_content')}</think>{message['content']}"


def chunks_as_tags(found: list[Object]) -> list[Object]:
    thoughts = [chunk for chunk in found if "reasoning_content" in delta_of(chunk)]
    for chunk in thoughts:
        delta = delta_of(chunk)
        delta["content"] = delta.pop("reasoning_content")
    if thoughts:
        delta_of(thoughts[0])["content"] = "<think>" + delta_of(thoughts[0])["content"]
        delta_of(thoughts[-1])["content"] += "</think>"
    return found


def raw_tags_in_streams() -> Wrapper:
    """JSON mode takes the thinking out and loses it, streams leave it in."""
    quiet = completions(lambda v: message_of(v).pop("reasoning_content", None) and None)
    return chained(THINKING, quiet, chunks(chunks_as_tags))


def deep(request: Request, answer: Answer) -> Answer:
    """An object within an object, and so on."""
    if "response_format" not in asked(request):
        return answer
    value = json.loads(answer.body)
    message_of(value)["content"] = '{"shade":' * 900 + "1" + "}" * 900
    return with_body(answer, json.dumps(value).encode())


def _no_finish(chunk: Object) -> None:
    if chunk["choices"]:
        choice_of(chunk)["finish_reason"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    make: Wrapper
    outcome: Outcome
    says: str = ""


TOOLS = {
    "no-tools-at-all": Row(
        case="chat.tools.parallel", make=where(has("tools"), REFUSED), outcome=Outcome.UNSUPPORTED,
        says="requests with tools are refused",
    ),
    "tools-ignored-none": Row(
        case="chat.tools.none", make=requests(without_tools), outcome=Outcome.UNSUPPORTED, says="nothing to forbid",
    ),
    "tools-ignored-equals-json": Row(
        case="chat.tools.equals-json", make=requests(without_tools), outcome=Outcome.UNSUPPORTED,
    ),
    "tools-ignored-finish-reason": Row(
        case="chat.tools.finish-reason", make=requests(without_tools), outcome=Outcome.UNSUPPORTED,
    ),
    "tools-ignored-parallel": Row(
        case="chat.tools.parallel", make=requests(without_tools), outcome=Outcome.UNSUPPORTED,
    ),
    "streams-with-tools-refused": Row(
        case="chat.tools.sse-fragments", make=where(has("tools", "stream"), REFUSED), outcome=Outcome.UNSUPPORTED,
        says="a stream with tools is refused",
    ),
    "no-streams-with-tools-finish-reason": Row(
        case="chat.tools.finish-reason", make=where(has("tools", "stream"), REFUSED), outcome=Outcome.PASSED,
    ),
    "none-refused": Row(
        case="chat.tools.none", make=where(has(tool_choice="none"), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "none-breaks": Row(
        case="chat.tools.none", make=where(has(tool_choice="none"), CRASH), outcome=Outcome.WARNED,
    ),
    "required-refused": Row(
        case="chat.tools.required", make=where(has(tool_choice="required"), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "required-cut-before-the-call": Row(
        case="chat.tools.required",
        make=saying(Reply(text="Well,", finish_reason="length"), has(tool_choice="required")),
        outcome=Outcome.INCONCLUSIVE, says="cut by its limit",
    ),
    "two-calls-refused": Row(
        case="chat.tools.parallel", make=where(has(parallel_tool_calls=True), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "two-calls-break": Row(
        case="chat.tools.parallel", make=where(has(parallel_tool_calls=True), CRASH), outcome=Outcome.FAILED,
    ),
    "one-call-for-two-cities": Row(
        case="chat.tools.parallel", make=lambda handler: handler, outcome=Outcome.INCONCLUSIVE,
        says="one call for two cities",
    ),
    "two-calls-cut-in-streams": Row(
        case="chat.tools.parallel", make=chained(limited(3, has("tools", "stream")), TWO_CALLS), outcome=Outcome.PASSED,
    ),
    "no-parallel-off": Row(
        case="chat.tools.parallel-off",
        make=chained(where(has(parallel_tool_calls=False), REFUSED), TWO_CALLS), outcome=Outcome.UNSUPPORTED,
    ),
    "another-text-each-time": Row(
        case="chat.tools.equals-json", make=chained(BESIDE_TEXT, another_text_each_time()),
        outcome=Outcome.INCONCLUSIVE, says="another JSON answer each time",
    ),
    "no-stream-has-a-finish-reason": Row(
        case="chat.tools.finish-reason", make=each_chunk(lambda _, c: _no_finish(c)), outcome=Outcome.PASSED,
    ),
    "tool-streams-have-no-finish-reason": Row(
        case="chat.tools.finish-reason",
        make=each_chunk(
            lambda _, c: _no_finish(c) if c["choices"] and choice_of(c)["finish_reason"] == "tool_calls" else None
        ),
        outcome=Outcome.FAILED,
    ),
}  # fmt: skip

OTHERS = {
    "no-json-object": Row(
        case="chat.format.json-object", make=where(form("json_object"), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "no-json-schema": Row(
        case="chat.format.json-schema", make=where(form("json_schema"), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "no-format-at-all": Row(
        case="chat.format.bad-schema", make=where(has("response_format"), REFUSED), outcome=Outcome.UNSUPPORTED,
    ),
    "no-json-schema-and-a-bad-one": Row(
        case="chat.format.bad-schema", make=where(form("json_schema"), REFUSED), outcome=Outcome.PASSED,
    ),
    "no-json-schema-in-streams": Row(
        case="chat.format.json-schema", make=where(has("response_format", "stream"), REFUSED), outcome=Outcome.WARNED,
    ),
    "object-cut": Row(
        case="chat.format.json-object", make=limited(2, has("response_format")), outcome=Outcome.INCONCLUSIVE,
        says="cut by its limit",
    ),
    "structure-cut": Row(
        case="chat.format.json-schema", make=limited(2, has("response_format")), outcome=Outcome.INCONCLUSIVE,
    ),
    "structure-cut-in-json-and-wrong-in-streams": Row(
        case="chat.format.json-schema",
        make=chained(
            requests(lambda b: b.pop("response_format", None) and None if b.get("stream") else None),
            limited(2, lambda r: has("response_format")(r) and not asked(r).get("stream")),
        ),
        outcome=Outcome.FAILED,
    ),
    "refusal": Row(
        case="chat.format.json-schema", make=saying(Reply(refusal="I will not."), has("response_format")),
        outcome=Outcome.INCONCLUSIVE, says="refused",
    ),
    "nothing-said": Row(
        case="chat.format.json-object", make=saying(Reply(text=""), has("response_format")),
        outcome=Outcome.INCONCLUSIVE, says="no text",
    ),
    "a-number-is-no-object": Row(
        case="chat.format.json-object", make=saying(Reply(text="7"), has("response_format")), outcome=Outcome.FAILED,
    ),
    "nested-deeply": Row(
        case="chat.format.json-schema", make=on_200(deep, stream=False), outcome=Outcome.FAILED,
    ),
    "no-reasoning": Row(
        case="chat.reasoning.shape", make=lambda handler: handler, outcome=Outcome.UNSUPPORTED,
        says="neither reasoning_content nor reasoning",
    ),
    "reasoning-as-tags-everywhere": Row(
        case="chat.reasoning.shape", make=chained(THINKING, completions(as_tags), chunks(chunks_as_tags)),
        outcome=Outcome.UNSUPPORTED, says="in the content, as tags",
    ),
    "reasoning-as-tags-in-streams-and-lost-in-json": Row(
        case="chat.reasoning.shape", make=raw_tags_in_streams(), outcome=Outcome.FAILED,
    ),
    "reasoning-without-end": Row(
        case="chat.reasoning.replay", make=chained(completions(lambda v: message_of(v).update(content=None)), THINKING),
        outcome=Outcome.INCONCLUSIVE,
    ),
    "reasoning-of-the-other-name": Row(
        case="chat.reasoning.replay", make=speaking("reasoning-member"), outcome=Outcome.PASSED,
    ),
    "no-images": Row(
        case="chat.image", make=where(lambda r: b'"image_url"' in r.body, REFUSED), outcome=Outcome.UNSUPPORTED,
        says="images are refused",
    ),
    "images-without-counts": Row(
        case="chat.image", make=completions(lambda v: v.pop("usage") and None), outcome=Outcome.INCONCLUSIVE,
    ),
    "no-text-parts": Row(
        case="chat.image", make=where(lambda r: b'"type":"text"' in r.body, as_json(500, {})),
        outcome=Outcome.INCONCLUSIVE, says="chat.json.parts",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOOLS | OTHERS)
def test_what_is_not_there_is_told_and_what_is_there_is_judged(name: str) -> None:
    row = (TOOLS | OTHERS)[name]
    result = judged(row.case, row.make)
    assert (result.outcome, row.says in result.message) == (row.outcome, True), result.message


def test_a_repeated_id_has_a_sentence_of_its_own() -> None:
    def again(_: int, chunk: Object) -> None:
        for call in delta_of(chunk).get("tool_calls") or ():
            call["id"] = "call_1"

    result = judged("chat.tools.sse-fragments", each_chunk(again))
    assert (
        result.message
        == "SDKs' stream helpers join what is repeated: a call's id comes out several times in a row."
    )


def test_the_findings_of_both_modes_are_one() -> None:
    ends_with_stop = chained(
        completions(lambda v: choice_of(v).update(finish_reason="stop")),
        each_chunk(
            lambda _, c: (
                choice_of(c).update(finish_reason="stop")
                if c["choices"] and choice_of(c)["finish_reason"]
                else None
            )
        ),
    )
    result = judged("chat.tools.finish-reason", ends_with_stop)
    (evidence,) = result.evidence
    assert evidence.seen == '"stop", under required in JSON, required in SSE'


def test_a_run_asks_no_more_of_tools_formats_and_images_than_it_says() -> None:
    judge = judge_of(fake().answer)
    budget = judge.endpoint.probe.budget
    spent: dict[str, int] = {}
    for case in CASES.values():
        before = budget.spent.requests
        judge.judge(case)
        spent[case.group] = spent.get(case.group, 0) + budget.spent.requests - before
    most = {"chat.tools": 16, "chat.format": 5, "chat.reasoning": 2, "chat": 2}
    assert {group: spent[group] <= limit for group, limit in most.items()} == dict.fromkeys(most, True)
