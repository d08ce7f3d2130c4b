"""LoRAX's cases: each is seen failing on a broken LoRAX, and none on one that is right."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Answer, Fake, HandlerTransport, Request
from chatproof.cases import LORAX_CASES
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.lorax_miniatures import LORAX_MINIATURES
from chatproof.selftest.endpoint.lorax_miniatures.registry import answers
from chatproof.selftest.endpoint.lorax_variants import LORAX_VARIANTS, each_token
from chatproof.selftest.endpoint.wrapping import Handler, Wrapper, as_html, as_json, where, with_body
from tests.portion import one_in, share

BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})
TARGET = Target(url="http://fake", profiles=("lorax",))


def lorax() -> Handler:
    """The fake's LoRAX, with the time of day."""
    return Fake(models=("tiny",), clock=time.time, dialect="lorax").answer


def judged(
    handler: Handler, target: Target = TARGET, cases: Iterable[str] = LORAX_CASES
) -> dict[str, CaseResult]:
    """The results of the cases, of all if none are named."""
    opened = open_target(target, transport=HandlerTransport(handler))
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY", profile="lorax")
    return {result.id: result for result in judge.judge_all(LORAX_CASES[id_] for id_ in cases)}


def outcomes(handler: Handler) -> dict[str, Outcome]:
    return {id_: result.outcome for id_, result in judged(handler).items()}


@pytest.mark.parametrize("url", ["http://fake", "http://fake/", "http://fake/v1", "http://fake/generate"])
def test_the_plain_fake_passes_every_case_whatever_part_of_it_is_named(url: str) -> None:
    found = judged(lorax(), replace(TARGET, url=url))
    assert {id_: result for id_, result in found.items() if result.outcome is not Outcome.PASSED} == {}


def test_a_run_costs_little() -> None:
    opened = open_target(TARGET, transport=HandlerTransport(lorax()))
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY", profile="lorax")
    for case in LORAX_CASES.values():
        judge.judge(case)
    assert opened.endpoint.probe.budget.spent.requests <= 50


def findings(results: Mapping[str, CaseResult]) -> str:
    """All that is wrong, as a person reads it; what is found several times stands once."""
    told = Counter(
        f"{id_}  {one.level} {result.outcome}  {one.path}".rstrip()
        + f"\n  expected  {one.expected}\n  seen      {one.seen}"
        for id_, result in results.items()
        if result.outcome in BROKEN
        for one in result.evidence
    )
    text = "\n".join(one if number == 1 else f"{number} times {one}" for one, number in told.items())
    return re.sub(r'"created":\d+', '"created":0', text)  # a cut excerpt, and the time of day


def breaks_alone(name: str, cases: Iterable[str]) -> Mapping[str, CaseResult]:
    """Of these cases a miniature breaks its own, and says why."""
    miniature = LORAX_MINIATURES[name]
    results = judged(miniature.make(lorax()), cases=cases)
    assert {id_: r.message for id_, r in results.items() if r.outcome is Outcome.ERROR} == {}
    found = {id_ for id_, result in results.items() if result.outcome in BROKEN}
    assert found == {miniature.breaks, *miniature.along}
    return results


@pytest.mark.parametrize("name", LORAX_MINIATURES)
def test_a_miniature_breaks_its_case(name: str, snapshot: SnapshotAssertion) -> None:
    miniature = LORAX_MINIATURES[name]
    its = {miniature.breaks, *miniature.along}
    assert snapshot == findings(breaks_alone(name, [id_ for id_ in LORAX_CASES if id_ in its]))


@pytest.mark.parametrize("name", one_in(10, LORAX_MINIATURES))
def test_a_miniature_breaks_its_case_and_no_other(name: str) -> None:
    breaks_alone(name, LORAX_CASES)


def test_every_case_has_a_miniature() -> None:
    assert {miniature.breaks for miniature in LORAX_MINIATURES.values()} == set(LORAX_CASES)


@pytest.mark.parametrize(
    "scenario",
    ["empty-content", "blank-content", "unicode", "multi-paragraph", "long-text", "echo"],
)
def test_no_case_depends_on_what_the_model_says(scenario: str) -> None:
    handler = lorax()

    def saying(request: Request) -> Answer:
        return handler(replace(request, headers=(*request.headers, ("x-fake-scenario", scenario))))

    assert not BROKEN & set(outcomes(saying).values())


@pytest.mark.parametrize("name", LORAX_VARIANTS)
def test_no_case_finds_fault_with_what_is_unusual_and_right(name: str) -> None:
    plain, changed = lorax(), LORAX_VARIANTS[name](lorax())
    asked = Request(
        method="POST",
        path="/generate",
        headers=(("content-type", "application/json"),),
        body=b'{"inputs":"a","parameters":{"details":true}}',
    )
    requests = (
        asked,
        replace(asked, path="/generate_stream"),
        Request(method="GET", path="/info", headers=(), body=b""),
    )
    assert any(changed(one).body != plain(one).body for one in requests), "the variant changes nothing"
    assert {id_: found for id_, found in outcomes(changed).items() if found is not Outcome.PASSED} == {}


def _older(handler: Handler) -> Handler:
    """LoRAX 0.12.0: no speculation is told of."""
    tokens = each_token(lambda token: token.pop("skipped", None))
    counts = answers(lambda value: (value.get("details") or {}).pop("skipped_tokens", None))
    return tokens(counts(handler))


def test_an_older_lorax_is_warned_and_not_failed() -> None:
    found = outcomes(_older(lorax()))
    assert Outcome.FAILED not in found.values()
    assert {id_ for id_, outcome in found.items() if outcome is Outcome.WARNED} == {
        "lorax.generate.shape",
        "lorax.stream.shape",
    }


def test_what_a_server_does_not_have_is_told_as_that() -> None:
    gone = ("/tokenize", "/info/", "/generate_stream")
    found = outcomes(where(lambda request: request.path in gone, as_html(404))(lorax()))
    lacking = {id_ for id_, outcome in found.items() if outcome is Outcome.UNSUPPORTED}
    assert lacking >= {"lorax.tokenize", "lorax.stream.framing", "lorax.stream.shape"}
    assert "lorax.tokenize" in lacking
    no_best = where(
        lambda r: b'"best_of"' in r.body, as_json(422, {"error": "no", "error_type": "validation"})
    )
    assert outcomes(no_best(lorax()))["lorax.generate.best-of"] is Outcome.UNSUPPORTED


@pytest.mark.parametrize(
    ("wrapper", "told"),
    [
        (
            where(lambda r: r.path == "/info", as_html(404)),
            r"http://fake/info names no model .* Is it LoRAX\?",
        ),
        (where(lambda r: r.path == "/info", as_json(200, [])), "names no model"),
        (where(lambda _: True, as_json(401, {})), r"wants a key .* \$OPENAI_API_KEY is not set"),
        (
            where(lambda r: r.path == "/generate", as_json(422, {"error": "a", "error_type": "b"})),
            "/generate refuses a plain request: HTTP 422",
        ),
    ],
)
def test_what_cannot_be_judged_is_told(wrapper: Wrapper, told: str) -> None:
    with pytest.raises(CannotJudgeError, match=told):
        judged(wrapper(lorax()))


def test_openai_alone_is_told_to_be_no_lorax() -> None:
    def openai_only(request: Request) -> Answer:
        if request.path.startswith("/v1/"):
            return lorax()(request)
        return as_json(404, {"error": {"message": "Invalid URL"}})

    with pytest.raises(CannotJudgeError, match=re.escape("Is it LoRAX? Its URL is the root, without /v1.")):
        judged(openai_only)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_MEMBERS = ("generated_text", "details", "token", "tokens", "error", "error_type", "finish_reason", "prefill")


@share(0.25)
@given(
    values=st.lists(
        _VALUES | st.dictionaries(st.sampled_from(_MEMBERS), _VALUES, max_size=4), min_size=1, max_size=4
    ),
    as_stream=st.booleans(),
)
def test_whatever_an_endpoint_says_breaks_no_case(values: list[object], as_stream: bool) -> None:
    handler, number = lorax(), iter(range(10**6))

    def hostile(request: Request) -> Answer:
        if request.path == "/info" or (turn := next(number)) == 0:
            return handler(request)
        value = values[turn % len(values)]
        if as_stream:
            head = (("content-type", "text/event-stream"),)
            text = "".join(f"data: {json.dumps(one)}\n\n" for one in values)
            return with_body(Answer(status=200, headers=head), text.encode())
        return as_json(200, value)

    found = judged(hostile)
    assert {id_: result.message for id_, result in found.items() if result.outcome is Outcome.ERROR} == {}
