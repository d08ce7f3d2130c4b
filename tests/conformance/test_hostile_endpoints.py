"""Whatever an endpoint sends, the suite ends with a verdict on it and never trips over itself."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatfake import Answer, Cut, Request, Send
from chatproof.cases import CASES
from chatproof.judging.collector import new_result
from chatproof.judging.target import CannotJudgeError
from chatproof.report import Outcome, Result
from chatproof.report.junit import junit
from chatproof.report.terminal import header, rows, summary
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.wrapping import Handler, is_stream, with_body
from tests.conformance.test_miniatures import fake
from tests.portion import share

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["\ud800", "\x1b["])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        found = [(value, key) for key in value]
    elif isinstance(value, list):
        found = [(value, n) for n in range(len(value))]
    return found + [place for container, key in found for place in places(container[key])]


def spoil(text: bytes, other: Any, dice: random.Random) -> bytes:
    """One value somewhere in a JSON text replaced by another."""
    value = json.loads(text)
    found = places(value)
    if found:
        container, key = dice.choice(found)
        container[key] = other
    return json.dumps(value).encode()


def spoiled(handler: Handler, other: Any, seed: int) -> Handler:
    """An endpoint in which one value of each good answer is another; of a stream, in some of the events."""
    dice = random.Random(seed)  # noqa: S311  a test's dice

    def handle(request: Request) -> Answer:
        answer = handler(request)
        if answer.status != 200 or request.path.endswith("/models"):
            return answer
        if not is_stream(answer):
            return with_body(answer, spoil(answer.body, other, dice))
        events = [event.removeprefix(b"data: ") for event in answer.body.split(b"\n\n") if event]
        changed = [spoil(e, other, dice) if e != b"[DONE]" and dice.random() < 0.3 else e for e in events]
        return with_body(answer, b"".join(b"data: " + event + b"\n\n" for event in changed))

    return handle


def outcomes(handler: Handler) -> Result:
    judge = judge_of(handler)
    results = tuple(judge.judge(case) for case in CASES.values() if case.group != "property")
    faults = {r.id: r.evidence[0].seen for r in results if r.outcome is Outcome.ERROR}
    assert faults == {}
    result = new_result(
        {"url": "http://fake/v1", "model": "tiny"}, judge.endpoint.probe.budget.spent, results
    )
    assert Result.from_json(json.loads(json.dumps(result.to_json()))).counts == result.counts
    for text in (header(result), rows(result), summary(result), junit(result)):
        text.encode()
    return result


@share(0.12)
@given(values, st.integers(0, 10**6))
def test_a_wrong_value_anywhere_is_no_fault_of_ours(other: Any, seed: int) -> None:
    outcomes(spoiled(fake().answer, other, seed))


@share(0.12)
@given(
    st.binary(max_size=60) | st.builds(lambda v: json.dumps(v).encode(), values),
    st.sampled_from([200, 204, 301, 400, 404, 500]),
    st.sampled_from(["application/json", "text/event-stream", "text/html", "", "text/plain; charset=none"]),
    st.booleans(),
)
def test_any_answer_is_no_fault_of_ours(body: bytes, status: int, content_type: str, cut: bool) -> None:
    steps = (Send(body), Cut()) if cut else (Send(body),)
    answer = Answer(status=status, headers=(("content-type", content_type),), steps=steps)

    def handle(request: Request) -> Answer:
        return fake().answer(request) if request.path.endswith("/models") else answer

    try:
        result = outcomes(handle)
    except CannotJudgeError:
        assert 400 <= status < 500
    else:
        # without a chat route the list is judged, which is right here
        assert result.counts[Outcome.FAILED] or (status == 404 and not result.whole)


@share(0.12)
@given(
    st.binary(max_size=60) | st.builds(lambda v: json.dumps(v).encode(), values),
    st.sampled_from([200, 404, 500]),
)
def test_any_model_list_is_no_fault_of_ours(body: bytes, status: int) -> None:
    def handle(request: Request) -> Answer:
        listed = Answer(status=status, headers=(("content-type", "application/json"),), steps=(Send(body),))
        return listed if request.path.endswith("/models") else fake().answer(request)

    outcomes(handle)
