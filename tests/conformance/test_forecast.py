"""The price is known after the first answer, and said where the limits do not pay for it."""

import json

import pytest

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import CASES
from chatproof.judging.forecast import COSTS, PLAIN_PROMPT, forecast, price_note
from chatproof.judging.judge import Judge
from chatproof.judging.target import Opened, Target, open_target
from chatproof.probe import Budget, Spent
from tests.conformance.test_miniatures import fake
from tests.conformance.wrapping import Handler, with_body


def opened_on(handler: Handler) -> Opened:
    target = Target(url="http://fake/v1", model="tiny", max_requests=400, max_tokens=1_000_000)
    return open_target(target, transport=HandlerTransport(handler))


def costs_of(opened: Opened) -> dict[str, Spent]:
    """What the groups cost, in the order of a run."""
    judge, budget = Judge(opened.endpoint, api_key=None, key_variable="KEY"), opened.endpoint.probe.budget
    found = dict.fromkeys(COSTS, Spent())
    for case in CASES.values():
        before = budget.spent
        judge.judge(case)
        found[case.group] += budget.spent - before
    return found


def with_template(handler: Handler, more: int) -> Handler:
    """An endpoint whose template adds so many tokens to each prompt."""

    def grown(data: str) -> str:
        value = json.loads(data) if data.startswith("{") else {}
        if value.get("usage"):
            value["usage"]["prompt_tokens"] += more
            value["usage"]["total_tokens"] += more
        return json.dumps(value) if value else data

    def answer(request: Request) -> Answer:
        found = handler(request)
        if b'"prompt_tokens"' not in found.body:
            return found
        if found.body.startswith(b"data:"):
            events = [event.removeprefix("data: ") for event in found.body.decode().split("\n\n") if event]
            return with_body(found, "".join(f"data: {grown(data)}\n\n" for data in events).encode())
        return with_body(found, grown(found.body.decode()).encode())

    return answer


def test_the_declared_costs_are_those_of_the_catalogue() -> None:
    opened = opened_on(fake().answer)
    assert opened.plain_prompt_tokens == PLAIN_PROMPT
    assert set(COSTS) == {case.group for case in CASES.values()}
    for group, spent in costs_of(opened).items():
        assert COSTS[group].requests == pytest.approx(spent.requests, abs=2), group
        assert COSTS[group].tokens == pytest.approx(spent.tokens, rel=0.15), group


@pytest.mark.parametrize("more", [0, 1426])
def test_a_forecast_is_near_what_is_spent(more: int) -> None:
    opened = opened_on(with_template(fake().answer, more))
    assert opened.plain_prompt_tokens == PLAIN_PROMPT + more
    requests, tokens = forecast(CASES, PLAIN_PROMPT + more)
    costs_of(opened)
    spent = opened.endpoint.probe.budget.spent
    assert requests == pytest.approx(spent.requests, abs=4)
    assert tokens == pytest.approx(spent.tokens, rel=0.1)


def test_the_note_names_the_option_that_pays() -> None:
    note = price_note(CASES, 1440, Budget())
    assert note is not None
    assert "about 101 requests and 104,337 tokens" in note
    assert note.endswith("--max-tokens 130000 pays for it")
    assert price_note(CASES, PLAIN_PROMPT, Budget()) is None
    assert price_note(CASES, None, Budget(max_tokens=1)) is None
    few = price_note(CASES, PLAIN_PROMPT, Budget(max_requests=50))
    assert few is not None
    assert few.endswith("--max-requests 130 pays for it")
    assert price_note(["chat.json.id"], 1440, Budget()) is None


def test_a_part_of_a_group_costs_its_share() -> None:
    one, all_of_it = forecast(["history.grows"], 100), forecast([c for c in CASES if "history" in c], 100)
    assert one[1] == pytest.approx(all_of_it[1] / 9, abs=1)
