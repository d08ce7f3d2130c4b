"""Every case is seen failing on an endpoint that is broken in exactly its way, and on nothing else."""

import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import pytest

from chatfake import Answer, Fake, Reply, Request
from chatproof.cases import InconclusiveError, Level, cases_of
from chatproof.cases.refusal import refusal
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.probe import Exchange, Received, Sent
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES, unexplained
from chatproof.selftest.endpoint.variants import UNSHOWN
from chatproof.selftest.endpoint.wrapping import Handler, Wrapper, as_json, asked, is_chat, requests, where
from tests.portion import one_in

TOLD = {"history.order-free-count", "history.recall"}
"""Cases that tell of an endpoint, and judge nothing."""

CASES = cases_of(("openai", "responses"))
"""What is asked below one URL."""

BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})


def fake() -> Fake:
    """The plain fake, with the time of day, an id for each answer, and a context whose end is seen."""
    numbers = count()
    return Fake(models=("tiny",), clock=time.time, new_id=lambda: str(next(numbers)), context_length=2200)


def test_the_plain_fake_passes_every_case() -> None:
    judge = judge_of(fake().answer)
    results = judge.judge_all(CASES.values())
    assert {
        result.id: result.outcome for result in results if result.outcome is not Outcome.PASSED
    } == UNSHOWN


def results_of(name: str, cases: Iterable[str]) -> dict[str, CaseResult]:
    """What these cases say of a miniature."""
    judge = judge_of(MINIATURES[name].make(fake().answer))
    return {result.id: result for result in judge.judge_all(CASES[id_] for id_ in cases)}


def breaks_alone(name: str, cases: Iterable[str]) -> None:
    """Of these cases a miniature breaks its own, and says why."""
    miniature, results = MINIATURES[name], results_of(name, cases)
    errors = {id_: result.message for id_, result in results.items() if result.outcome is Outcome.ERROR}
    assert errors == {}
    found = {id_ for id_, result in results.items() if result.outcome in BROKEN}
    assert unexplained({miniature.breaks, *miniature.along}, found) == set()
    assert results[miniature.breaks].evidence[0].expected
    assert results[miniature.breaks].evidence[0].seen


@pytest.mark.parametrize("name", one_in(3, MINIATURES))
def test_a_miniature_breaks_its_case(name: str) -> None:
    own = (MINIATURES[name].breaks, *MINIATURES[name].along)
    alone = all(result.outcome in BROKEN for result in results_of(name, own).values())
    breaks_alone(name, own if alone else CASES)  # else it is broken in an answer that another case asks for


@pytest.mark.parametrize("name", one_in(40, MINIATURES))
def test_a_miniature_breaks_its_case_and_no_other(name: str) -> None:
    breaks_alone(name, CASES)


def test_every_case_has_a_miniature() -> None:
    assert {miniature.breaks for miniature in MINIATURES.values()} == set(CASES) - TOLD


def unshown(outcome: Outcome) -> set[str]:
    """What ends so on the plain fake, too."""
    return {id_ for id_, found in UNSHOWN.items() if found is outcome}


def outcomes(handler: Handler) -> dict[str, Outcome]:
    judge = judge_of(handler)
    return {result.id: result.outcome for result in judge.judge_all(CASES.values())}


REFUSED = as_json(
    400, {"error": {"message": "not here", "type": "invalid_request_error", "param": None, "code": None}}
)


def test_an_endpoint_without_tools_is_told_to_have_none() -> None:
    found = outcomes(where(lambda r: is_chat(r) and "tools" in asked(r), REFUSED)(fake().answer))
    assert not BROKEN & set(found.values())
    lacking = {id_ for id_, outcome in found.items() if outcome is Outcome.UNSUPPORTED}
    assert lacking == {
        "chat.tools.accepted",
        "chat.tools.named",
        "chat.tools.required",
        "chat.tools.none",
        "chat.tools.shape",
        "chat.tools.arguments",
        "chat.tools.finish-reason",
        "chat.tools.content-null",
        "chat.tools.sse-fragments",
        "chat.tools.equals-json",
        "chat.tools.parallel",
        "chat.tools.parallel-off",
        "chat.tools.round-trip",
        "chat.tools.orphan-result",
        "chat.tools.unknown-choice",
        "chat.errors.tools-type",
        "history.tool-round-counts",
        "history.tool-results-count",
    } | unshown(Outcome.UNSUPPORTED)
    unsure = {id_ for id_, outcome in found.items() if outcome is Outcome.INCONCLUSIVE}
    assert unsure == unshown(Outcome.INCONCLUSIVE) - {"chat.tools.parallel", "chat.tools.parallel-off"}


@pytest.mark.parametrize(
    ("change", "unsure"),
    [
        (
            requests(lambda body: body.update(max_tokens=3) if "tools" in body else None),
            {"chat.tools.arguments", "chat.tools.finish-reason", "chat.tools.equals-json"},
        ),
        (
            where(lambda r: is_chat(r) and b'"role":"system"' in r.body, REFUSED),
            {"history.system-counts"},
        ),
    ],
    ids=["calls-cut-by-their-limit", "no-system-prompt"],
)
def test_what_cannot_be_seen_is_inconclusive(change: Wrapper, unsure: set[str]) -> None:
    found = outcomes(change(fake().answer))
    assert not BROKEN & set(found.values())
    assert {id_ for id_, outcome in found.items() if outcome is Outcome.INCONCLUSIVE} == unsure | unshown(
        Outcome.INCONCLUSIVE
    )


def _keyless(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [line for line in headers if line[0] != "authorization"]


def test_a_model_that_says_nothing_is_no_fault_of_its_endpoint() -> None:
    silent_fake = fake()
    handle = silent_fake.handle()
    handle.script(*[Reply(text="")] * 400)

    def silent(request: Request) -> Answer:
        keyed = (*_keyless(request.headers), ("authorization", f"Bearer {handle.api_key}"))
        return silent_fake.answer(replace(request, headers=keyed))

    found = outcomes(silent)
    assert not BROKEN & set(found.values())
    assert found["history.reply-replay"] is found["chat.json.stop"] is Outcome.INCONCLUSIVE


def test_an_event_without_end_cannot_be_judged() -> None:
    sent = Sent(method="POST", url="http://fake/v1", headers=(), body=b"{}")
    endless = Received(
        status=200, headers=(("content-type", "text/event-stream"),), body=b"data: " + b"x" * 2**25
    )
    exchange = Exchange(sent=sent, received=endless)
    with pytest.raises(InconclusiveError, match="cannot be read"):
        ChatStreamAnswer(exchange)
    assert [finding.level for finding in refusal(exchange, accepted=Level.SHOULD)] == [Level.SHOULD]


def test_an_error_after_the_role_alone_is_no_acceptance() -> None:
    id_ = "chat.errors.max-tokens-zero"
    result = results_of("limit-refused-after-the-role", [id_])[id_]
    assert result.outcome is Outcome.FAILED
    assert result.evidence[0].seen.startswith("an error inside a stream that had begun")
