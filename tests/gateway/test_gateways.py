"""Every gateway that changes something is told by its case, and by no other; a right one is never blamed."""

import json
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatfake import Answer, Fake, HandlerTransport, LiveServer, Request, Send
from chatfake.core.http import Pause
from chatproof.cases import CASES, GATEWAY_CASES
from chatproof.cases.gateway.behind import Behind
from chatproof.cli import main
from chatproof.judging.backend import Backend
from chatproof.judging.forecast import COSTS
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.gateways import RIGHT, WRONG
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.miniatures.registry import itself, without
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Wrapper,
    completions,
    is_stream,
    message_of,
    with_body,
)

BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})
UNSEEN = {"gateway.streams-through"}
"""What is over at once shows nothing of when its pieces are passed on."""


def backend_handler() -> Handler:
    fake = Fake(models=("tiny",), clock=time.time)
    numbers = count()

    def answer(request: Request) -> Answer:
        found = fake.answer(request)
        named = ("x-request-id", f"req-{next(numbers)}")
        waits = (("retry-after", "1"),) if found.status >= 400 else ()
        kept = tuple(pair for pair in found.headers if pair[0].lower() != "x-request-id")
        return replace(found, headers=(*kept, named, *waits))

    return answer


class Judged:
    """A gateway and its backend in process, and a judge of them."""

    def __init__(self, gateway: Handler, backend: Handler) -> None:
        self.asked: dict[str, int] = {"gateway": 0, "backend": 0}
        opened = open_target(
            Target(url="http://gateway/v1", model="tiny"), transport=self._counted("gateway", gateway)
        )
        target = Target(url="http://backend/v1", model="tiny")
        behind = open_target(target, transport=self._counted("backend", backend))
        self.backend = Backend(opened=behind, target=target)
        opened.endpoint.behind = Behind(opened.endpoint, behind.endpoint)
        self.judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY", backend=self.backend)

    def _counted(self, who: str, handler: Handler) -> HandlerTransport:
        def answer(request: Request) -> Answer:
            self.asked[who] += 1
            return handler(request)

        return HandlerTransport(answer)

    def results(self) -> dict[str, CaseResult]:
        return {id_: self.judge.judge(case) for id_, case in GATEWAY_CASES.items()}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_gateway_changes_is_told(name: str) -> None:
    wrong = WRONG[name]
    results = Judged(wrong.make(backend_handler()), backend_handler()).results()
    assert {id_: one.message for id_, one in results.items() if one.outcome is Outcome.ERROR} == {}
    told = {id_ for id_, one in results.items() if one.outcome in BROKEN}
    assert told == {wrong.breaks, *wrong.along}
    result = results[wrong.breaks]
    assert result.broken == wrong.level
    assert "http://backend/v1" in result.evidence[0].compared
    assert "http://gateway/v1" in result.evidence[0].again


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gateway_is_not_blamed(name: str) -> None:
    judged = Judged(RIGHT[name](backend_handler()), backend_handler())
    before = judged.judge.endpoint.probe.budget.spent
    results = judged.results()
    spent = judged.judge.endpoint.probe.budget.spent - before
    assert spent.requests == COSTS["gateway"].requests
    assert COSTS["gateway"].tokens == pytest.approx(spent.tokens, rel=0.3)
    assert {id_ for id_, one in results.items() if one.outcome is not Outcome.PASSED} == UNSEEN
    assert max(judged.asked.values()) <= 20, judged.asked


def test_every_case_has_a_gateway_that_breaks_it() -> None:
    assert {wrong.breaks for wrong in WRONG.values()} == set(GATEWAY_CASES) - UNSEEN


def drifting(handler: Handler) -> Handler:
    """A model that says another thing each time."""
    numbers = count()
    return completions(lambda value: message_of(value).update(content=f"number {next(numbers)}"))(handler)


def test_a_backend_that_says_another_thing_each_time_is_no_measure() -> None:
    results = Judged(drifting(backend_handler()), drifting(backend_handler())).results()
    assert results["gateway.same-text"].outcome is Outcome.INCONCLUSIVE
    assert not BROKEN & {one.outcome for one in results.values()}


def test_what_the_backend_has_too_is_told() -> None:
    bom, case = MINIATURES["bom"].make, CASES["http.no-junk"]
    both = Judged(bom(backend_handler()), bom(backend_handler())).judge.judge(case)
    alone = Judged(bom(backend_handler()), backend_handler()).judge.judge(case)
    none = Judged(backend_handler(), bom(backend_handler())).judge.judge(case)
    assert (both.behind, alone.behind, none.behind) == ("same", "own", "")
    idless, nameless = completions(without(itself, "id")), completions(without(itself, "object"))
    other = Judged(idless(backend_handler()), nameless(backend_handler())).judge
    assert other.judge(CASES["chat.json.shape"]).behind == "otherwise"


def slowly(handler: Handler) -> Handler:
    """Streams with a pause before each event."""

    def answer(request: Request) -> Answer:
        found = handler(request)
        if not is_stream(found):
            return found
        events = [event + b"\n\n" for event in found.body.split(b"\n\n") if event]
        return replace(found, steps=tuple(step for event in events for step in (Pause(0.05), Send(event))))

    return answer


class Served(Fake):
    def __init__(self, make: Wrapper) -> None:
        super().__init__(models=("tiny",))
        self._make = make(super().answer)

    def answer(self, request: Request) -> Answer:
        return self._make(request)


@pytest.mark.parametrize(
    ("gateway", "outcome"),
    [
        (slowly, "passed"),
        (lambda handler: lambda request: with_body(found := slowly(handler)(request), found.body), "failed"),
    ],
    ids=["through", "held back"],
)
def test_a_stream_that_is_held_back_is_told(gateway: Wrapper, outcome: str, tmp_path: Path) -> None:
    with LiveServer(Served(slowly)) as backend, LiveServer(Served(gateway)) as front:
        options = ["--behind", backend.base_url, "-k", "gateway.streams", "--json", str(tmp_path / "r.json")]
        result = CliRunner().invoke(main, ["check", front.base_url, *options])
    found = {case["id"]: case["outcome"] for case in json.loads((tmp_path / "r.json").read_bytes())["cases"]}
    assert found["gateway.streams-through"] == outcome, result.output
