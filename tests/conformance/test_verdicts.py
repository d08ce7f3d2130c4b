"""Verdicts that were wrong once, each with the neighbour that is right; and what a finding says of itself."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

import httpx
import pytest

from chatfake import Answer, Request
from chatproof.cases import CASES, Finding, Level
from chatproof.cases.answer import parted
from chatproof.findings.finding import folded
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.miniatures.chat_sse import accepting_in_streams
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    message_of,
    requests,
    where,
)
from tests.conformance.test_miniatures import REFUSED, breaks_alone, fake


def judged(id_: str, make: Wrapper) -> CaseResult:
    return judge_of(make(fake().answer)).judge(CASES[id_])


def both(*makes: Wrapper) -> Wrapper:
    def make(handler: Handler) -> Handler:
        for one in makes:
            handler = one(handler)
        return handler

    return make


def refused_for(param: str | None, condition: Callable[[Request], bool]) -> Wrapper:
    error = {"message": "no", "type": "invalid_request_error", "param": param, "code": None}
    return where(condition, as_json(400, {"error": error}))


def has_refusal(request: Request) -> bool:
    messages = asked(request).get("messages")
    return isinstance(messages, list) and any(isinstance(m, dict) and "refusal" in m for m in messages)


def no_refusal(handler: Handler) -> Handler:
    """An endpoint that does not know the member: it sends none, and takes none."""
    silent = both(
        completions(lambda v: message_of(v).pop("refusal") and None),
        each_chunk(lambda _, c: delta_of(c).pop("refusal", None)),
    )
    return refused_for("messages", has_refusal)(silent(handler))


def model_only(handler: Handler) -> Handler:
    """It looks at no messages, where a stream is asked for, but at the model."""
    lenient = accepting_in_streams(handler)
    return lambda r: handler(r) if "no-such-model" in str(asked(r).get("model")) else lenient(r)


def without_calls(body: Object) -> None:
    for name in ("tools", "tool_choice"):
        body.pop(name, None)


def has_tool_message(request: Request) -> bool:
    messages = asked(request).get("messages")
    return isinstance(messages, list) and any(
        isinstance(m, dict) and m.get("role") == "tool" for m in messages
    )


TOOLS_IGNORED = both(requests(without_calls), where(has_tool_message, REFUSED))


def wizard(request: Request) -> bool:
    return is_chat(request) and b"wizard" in request.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    make: Wrapper
    outcome: Outcome


ROWS = {
    "refusal-never-came": Row(case="history.reply-replay", make=no_refusal, outcome=Outcome.PASSED),
    "refusal-came-and-is-refused": Row(
        case="history.reply-replay",
        make=refused_for("messages", has_refusal),
        outcome=Outcome.FAILED,
    ),
    "streams-take-anything": Row(
        case="chat.sse.error-before", make=accepting_in_streams, outcome=Outcome.WARNED
    ),
    "streams-look-at-the-model": Row(case="chat.sse.error-before", make=model_only, outcome=Outcome.PASSED),
    "created-in-the-first-chunk-only": Row(
        case="chat.sse.same-head",
        make=each_chunk(lambda n, c: c.pop("created") and None if n else None),
        outcome=Outcome.PASSED,
    ),
    "created-not-in-the-first-chunk": Row(
        case="chat.sse.same-head",
        make=each_chunk(lambda n, c: None if n else c.pop("created") and None),
        outcome=Outcome.PASSED,
    ),
    "created-moves": Row(
        case="chat.sse.same-head", make=MINIATURES["created-moves"].make, outcome=Outcome.WARNED
    ),
    "ids-move": Row(case="chat.sse.same-head", make=MINIATURES["id-changes"].make, outcome=Outcome.FAILED),
    "tools-ignored": Row(case="chat.tools.round-trip", make=TOOLS_IGNORED, outcome=Outcome.UNSUPPORTED),
    "rounds-refused": Row(
        case="chat.tools.round-trip", make=where(has_tool_message, REFUSED), outcome=Outcome.FAILED
    ),
    "models-without-owner": Row(
        case="models.list", make=MINIATURES["models-without-owner"].make, outcome=Outcome.WARNED
    ),
    "models-without-object": Row(
        case="models.list", make=MINIATURES["models-without-object"].make, outcome=Outcome.FAILED
    ),
    "refused-for-another-member": Row(
        case="chat.errors.unknown-role",
        make=refused_for("max_tokens", wizard),
        outcome=Outcome.INCONCLUSIVE,
    ),
    "refused-for-this-member": Row(
        case="chat.errors.unknown-role",
        make=refused_for("messages[0].role", wizard),
        outcome=Outcome.PASSED,
    ),
    "refused-for-what-is-no-member": Row(
        case="chat.errors.unknown-role", make=refused_for("role", wizard), outcome=Outcome.PASSED
    ),
    "refused-for-nothing": Row(
        case="chat.errors.unknown-role", make=refused_for(None, wizard), outcome=Outcome.PASSED
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_verdict_and_its_neighbour(name: str) -> None:
    row = ROWS[name]
    assert judged(row.case, row.make).outcome is row.outcome


@pytest.mark.parametrize(
    "name",
    [
        "torn-json",
        "torn-stream",
        "lost-json",
        "lost-stream",
        "stream-cut-off",
        "error-in-mid-stream",
        "index-counts-chunks",
    ],
)
def test_one_cause_is_one_finding(name: str) -> None:
    breaks_alone(name, CASES)
    result = judged(MINIATURES[name].breaks, MINIATURES[name].make)
    assert len(result.evidence) == 1


def _slashed(escaped: bool) -> httpx.MockTransport:
    """An endpoint with a model `org/tiny`, which takes the id in one form."""

    def answer(request: httpx.Request) -> httpx.Response:
        path, status = request.url.raw_path.decode(), 200
        value: Object = {"choices": []}
        if path.endswith("/models"):
            value = {"object": "list", "data": [{"id": "org/tiny", "object": "model"}]}
        elif "/models/" in path:
            value = {"id": unquote(path.partition("/models/")[2]), "object": "model"}
            status = 200 if path.endswith("/org%2Ftiny" if escaped else "/org/tiny") else 404
        # a stream, for one that was read already cannot be read again
        return httpx.Response(status, stream=httpx.ByteStream(json.dumps(value).encode()))

    return httpx.MockTransport(answer)


@pytest.mark.parametrize(("escaped", "outcome"), [(True, Outcome.PASSED), (False, Outcome.WARNED)])
def test_a_model_is_asked_for_as_sdks_do(escaped: bool, outcome: Outcome) -> None:
    opened = open_target(Target(url="http://fake/v1"), transport=_slashed(escaped))
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")
    assert judge.judge(CASES["models.retrieve"]).outcome is outcome


SAID: dict[str, tuple[str, Wrapper, str, str]] = {
    "a plain 400 is not silence": (
        "chat.errors.shape",
        where(
            lambda r: isinstance(asked(r).get("messages"), str),
            Answer(status=400, headers=(("content-type", "text/plain"),), steps=()),
        ),
        r"^SDKs have no message to show",
        "HTTP 400",
    ),
    "a limit that is taken": (
        "chat.errors.max-tokens-negative",
        requests(lambda b: b.update(max_tokens=5) if b.get("max_tokens") == -1 else None),
        r"is taken as another, or as none",
        "accepted",
    ),
    "a crash is not silence": (
        "chat.errors.unknown-role",
        MINIATURES["unknown-role-500"].make,
        r"^The caller's mistake looks like a fault of the server",
        "HTTP 500",
    ),
    "usage that is there": (
        "chat.sse.usage-asked",
        MINIATURES["usage-in-last-text"].make,
        r"^Programs that look for usage in the chunk without choices",
        "prompt_tokens",
    ),
    "usage that is not": ("chat.sse.usage-asked", MINIATURES["usage-withheld"].make, "no token counts", "no usage"),
    "counts that are there": (
        "chat.json.usage", MINIATURES["total-is-prompt"].make, "do not add up", r"^\d+$",
    ),
    "the endpoint's own message": (
        "chat.sse.finish-once",
        MINIATURES["error-in-mid-stream"].make,
        "takes? it for a whole one",
        "out of memory",
    ),
    "missing blank lines": (
        "chat.sse.framing", MINIATURES["no-blank-lines"].make, "blank line", r"\}\\ndata: \{",
    ),
    "a doubled member": ("http.no-junk", MINIATURES["member-twice"].make, "first value", '"object" .*twice'),
    "a torn stream": ("chat.sse.framing", MINIATURES["torn-stream"].make, "in the middle", r"^\d+ events"),
    "each finding's own": (
        "chat.sse.equals-json",
        MINIATURES["stream-says-otherwise"].make,
        "what users read",
        r"differs from character \d+ on",
    ),
    "a second finish_reason": ("chat.sse.finish-once", MINIATURES["finish-twice"].make, "act twice", "stop|length"),
    "an index for each chunk": (
        "chat.sse.finish-once", MINIATURES["index-counts-chunks"].make, "by their index", r"in \d+ chunks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_finding_says_what_it_breaks(name: str) -> None:
    id_, make, sentence, seen = SAID[name]
    result = judged(id_, make)
    assert re.search(sentence, result.message)
    assert re.search(seen, result.evidence[0].seen)


def test_a_difference_shows_both_requests() -> None:
    result = judged("chat.sse.equals-json", MINIATURES["stream-says-otherwise"].make)
    evidence = result.evidence[0]
    assert "stream" in evidence.again
    assert evidence.compared
    assert "stream" not in evidence.compared


def test_long_texts_are_shown_from_where_they_part() -> None:
    one, other = "a" * 500 + "b" * 300, "a" * 500 + "c" * 200
    expected, seen = parted(one, other)
    assert "ab" in expected
    assert "800 characters" in expected
    assert "ac" in seen
    assert "700 characters" in seen
    assert "character 501" in seen
    assert len(expected + seen) < 350
    assert parted(None, "x") == ("null", '"x"')
    assert json.loads(parted("ab", "a")[0].partition(" (")[0]) == "ab"


def test_equal_findings_are_folded() -> None:
    finding = Finding(expected="0", seen="1", exchange=None)
    many = [replace(finding, path=f"$[{n}].choices[0].index") for n in range(20)]
    other = replace(finding, path="$.choices[0].index", level=Level.SHOULD)
    first, second = folded([*many, other])
    assert (first.path, first.seen) == ("$[0].choices[0].index", "1, in 20 chunks")
    assert second == other
    assert folded([finding] * 3)[0].seen == "1, 3 times"
