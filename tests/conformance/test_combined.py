"""Requests that ask several things at once: each is a verdict of its own, and where one is refused, so is no other."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chatfake import Answer, Request
from chatproof.cases import CASES, cases_of
from chatproof.cases.combined import nulls, repeated, session
from chatproof.judging.rehearsal import rehearse
from chatproof.probe import Budget, Exchange
from chatproof.probe.run_end import NoEvidenceError
from chatproof.report import Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Wrapper,
    as_json,
    asked,
    is_chat,
    is_stream,
    message_of,
    messages_in,
    where,
    with_body,
)
from tests.conformance.test_miniatures import REFUSED, fake

Condition = Callable[[Request], bool]


def test_a_whole_run_takes_no_more_than_is_promised() -> None:
    spent = rehearse(cases_of(("openai", "responses"))).spent
    assert spent.requests <= 150
    assert spent.tokens <= 30_000
    assert spent.requests + 24 <= Budget.MAX_REQUESTS  # for what three hunts ask to make a failure short


def _has(name: str) -> Condition:
    return lambda request: name in asked(request)


def _is_null(name: str) -> Condition:
    return lambda request: asked(request).get(name, 0) is None


def _is_named(request: Request) -> bool:
    return any("name" in message for message in messages_in(asked(request)) if message.get("role") == "user")


def _refusing(condition: Condition) -> Wrapper:
    return where(condition, REFUSED)


def _taking_unknown(handler: Handler) -> Handler:
    """An endpoint that ignores the member which nobody knows."""

    def wrapped(request: Request) -> Answer:
        body = asked(request)
        if not is_chat(request) or not body.pop("chatproof_unknown_member", None):
            return handler(request)
        return handler(Request(method="POST", path=request.path, body=json.dumps(body).encode()))

    return wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An endpoint, and the outcomes of the cases that ask together."""

    name: str
    make: Wrapper
    outcomes: dict[str, Outcome]


def _is_of_the_session(request: Request) -> bool:
    return dict(request.headers).get("accept-encoding") == "gzip, deflate" and is_chat(request)


def _remembering_its_connection(handler: Handler) -> Handler:
    """An endpoint that says something else over a connection that was used before."""
    asked_before: list[Request] = []

    def wrapped(request: Request) -> Answer:
        if not _is_of_the_session(request) or asked(request).get("stream"):
            return handler(request)
        asked_before.append(request)
        value = json.loads(handler(replace(request, headers=())).body)  # not packed
        message_of(value)["content"] += " again" if len(asked_before) > 1 else ""
        return as_json(200, value)

    return wrapped


_LIMITED = as_json(
    429, {"error": {"message": "slow down", "type": "rate_limit_error", "param": None, "code": None}}
)

_NULLS = ("chat.json.null-options", "chat.sse.stream-false")
_NAMES = ("chat.json.extra-member", "chat.json.name")
_SESSION = ("chat.json.seed", "chat.json.length", "http.keep-alive", "http.encoding", "chat.sse.stream-false")
_GOOD: dict[str, Outcome] = dict.fromkeys((*_NULLS, *_NAMES, *_SESSION), Outcome.PASSED)

_ROWS = (
    _Row(name="right", make=lambda handler: handler, outcomes=_GOOD),
    _Row(name="ignores what it does not know", make=_taking_unknown, outcomes=_GOOD),
    _Row(name="no null stream", make=_refusing(_is_null("stream")),
         outcomes=_GOOD | {"chat.sse.stream-false": Outcome.FAILED}),
    _Row(name="no null seed", make=_refusing(_is_null("seed")),
         outcomes=_GOOD | {"chat.json.null-options": Outcome.FAILED}),
    _Row(name="no seed", make=_refusing(lambda r: asked(r).get("seed") == 7),
         outcomes=_GOOD | {"chat.json.seed": Outcome.INCONCLUSIVE}),
    _Row(name="no stream of one token",
         make=_refusing(lambda r: asked(r).get("max_tokens") == 1 and asked(r).get("stream") is True),
         outcomes=_GOOD | {"chat.json.length": Outcome.INCONCLUSIVE}),
    _Row(name="no names", make=_refusing(_is_named),
         outcomes=_GOOD | {"chat.json.name": Outcome.WARNED}),
    _Row(name="no names, and ignores what it does not know",
         make=lambda handler: _refusing(_is_named)(_taking_unknown(handler)),
         outcomes=_GOOD | {"chat.json.name": Outcome.WARNED}),
    _Row(name="breaks on a name", make=where(_is_named, CRASH),
         outcomes=_GOOD | {"chat.json.name": Outcome.WARNED}),
    _Row(name="breaks on what it does not know", make=where(_has("chatproof_unknown_member"), CRASH),
         outcomes=_GOOD | {"chat.json.extra-member": Outcome.WARNED}),
    _Row(name="limits the rate of the session alone", make=where(_is_of_the_session, _LIMITED),
         outcomes=_GOOD | {"http.keep-alive": Outcome.INCONCLUSIVE}),
    _Row(name="remembers its connection", make=_remembering_its_connection,
         outcomes={"chat.json.seed": Outcome.PASSED}),
)  # fmt: skip


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.name)
def test_what_is_asked_together_is_judged_apart(row: _Row) -> None:
    judge = judge_of(row.make(fake().answer))
    assert {id_: judge.judge(CASES[id_]).outcome for id_ in row.outcomes} == row.outcomes


def test_good_answers_are_asked_for_once() -> None:
    endpoint = judge_of(_taking_unknown(fake().answer)).endpoint
    assert session(endpoint) is session(endpoint)
    assert session(endpoint).seeded
    assert session(endpoint).short
    assert repeated(endpoint).exchange is nulls(endpoint)
    for id_ in (*_NULLS, *_NAMES, *_SESSION):
        before = len(endpoint.posted)
        assert not [*CASES[id_].check(endpoint)]
        assert len(endpoint.posted) - before <= 2, id_


def test_a_text_that_is_another_with_nulls_is_asked_for_without_them() -> None:
    """Else every comparison of a stream with JSON mode would say that the endpoint is unsteady."""

    def otherwise(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if (
                not is_chat(request)
                or answer.status != 200
                or is_stream(answer)
                or not _is_null("stop")(request)
            ):
                return answer
            value = json.loads(answer.body)
            message_of(value)["content"] += "!"
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    judge = judge_of(otherwise(fake().answer))
    assert repeated(judge.endpoint).exchange is not nulls(judge.endpoint)
    assert judge.judge(CASES["chat.sse.equals-json"]).outcome is Outcome.PASSED


@pytest.mark.parametrize("before", [(), ("history.interleaved",)])
def test_a_stream_that_forgets_is_seen_alone_and_after_others(before: tuple[str, ...]) -> None:
    judge = judge_of(MINIATURES["streams-forget"].make(fake().answer))
    for id_ in before:
        judge.judge(CASES[id_])
    assert judge.judge(CASES["history.json-equals-sse"]).outcome is Outcome.FAILED


@pytest.mark.parametrize("name", ["same-id", "mixed-up-when-busy"])
def test_ids_that_come_twice_are_seen_whatever_else_is_asked(name: str) -> None:
    """With pytest-xdist a worker has asked for a part of the cases only."""
    judge = judge_of(MINIATURES[name].make(fake().answer))
    expected = (
        Outcome.WARNED if name == "same-id" else Outcome.PASSED
    )  # which nobody sees who asks one by one
    assert judge.judge(CASES["history.ids-differ"]).outcome is expected


def test_a_crowd_that_got_no_evidence_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = judge_of(fake().answer).endpoint
    busy = endpoint.plain()
    sent: list[str] = []

    def refused(path: str, _: object) -> Exchange:
        sent.append(path)
        raise NoEvidenceError("the endpoint is busy", busy)

    monkeypatch.setattr(endpoint.probe, "post", refused)
    bodies = [endpoint.body(), endpoint.body(limit=2)]
    with pytest.raises(NoEvidenceError):
        endpoint.shared_at_once(bodies)
    sent.clear()
    with pytest.raises(NoEvidenceError):
        endpoint.shared_at_once(bodies)
    assert not sent
