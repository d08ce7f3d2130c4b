"""The price is known after the first answer, and said where the limits do not pay for it."""

import json
import re

import pytest

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import CASES, EVERY, LORAX_CASES, cases_of
from chatproof.judging.forecast import COSTS, PLAIN_PROMPT, forecast, price_note
from chatproof.judging.judge import Judge
from chatproof.judging.target import Opened, Target, open_target
from chatproof.probe import Budget, Spent
from chatproof.selftest.endpoint.wrapping import Handler, with_body
from tests.conformance.test_lorax import TARGET as LORAX
from tests.conformance.test_lorax import lorax
from tests.conformance.test_miniatures import fake


def opened_on(handler: Handler) -> Opened:
    target = Target(
        url="http://fake/v1",
        profiles=("openai", "responses"),
        model="tiny",
        max_requests=400,
        max_tokens=1_000_000,
    )
    return open_target(target, transport=HandlerTransport(handler))


def costs_of(opened: Opened) -> dict[str, Spent]:
    """What the groups cost, in the order of a run."""
    judge, budget = Judge(opened.endpoint, api_key=None, key_variable="KEY"), opened.endpoint.probe.budget
    found: dict[str, Spent] = {}
    for case in cases_of(opened.profiles).values():
        before = budget.spent
        judge.judge(case)
        found[case.group] = found.get(case.group, Spent()) + (budget.spent - before)
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


def test_the_declared_costs_are_enough_and_not_much_more() -> None:
    opened = opened_on(fake().answer)
    assert opened.plain_prompt_tokens == PLAIN_PROMPT
    for group, spent in costs_of(opened).items():
        assert COSTS[group].requests == pytest.approx(spent.requests, abs=2), group
        assert spent.tokens * 0.9 <= COSTS[group].tokens <= spent.tokens * 2 + 300, group


def test_the_declared_costs_of_lorax_are_those_of_the_catalogue() -> None:
    opened = open_target(LORAX, transport=HandlerTransport(lorax()))
    assert opened.plain_prompt_tokens == COSTS["lorax"].plain
    found = costs_of(opened)
    for group, spent in found.items():
        assert (COSTS[group].requests, COSTS[group].tokens) == (spent.requests, spent.tokens), group
    assert {*COSTS} == {case.group for case in cases_of(EVERY).values()}


def test_a_run_on_lorax_is_priced_too() -> None:
    opened = open_target(LORAX, transport=HandlerTransport(lorax()))
    assert price_note(LORAX_CASES, opened.plain_prompt_tokens, Budget()) is None
    note = price_note(LORAX_CASES, opened.plain_prompt_tokens, Budget(max_requests=20, max_tokens=100))
    assert note == (
        "all of this takes about 35 requests and 375 tokens, for a plain prompt is 2 tokens here; the limits end"
        " it before that. --max-tokens 450 --max-requests 50 pays for it"
    )


@pytest.mark.parametrize("more", [0, 1426])
def test_a_forecast_is_enough_for_what_is_spent(more: int) -> None:
    opened = opened_on(with_template(fake().answer, more))
    assert opened.plain_prompt_tokens == PLAIN_PROMPT + more
    requests, tokens = forecast(cases_of(opened.profiles), PLAIN_PROMPT + more)
    costs_of(opened)
    spent = opened.endpoint.probe.budget.spent
    assert requests == pytest.approx(spent.requests, abs=4)
    assert spent.tokens <= tokens <= spent.tokens * 1.6


def advised(note: str | None, option: str) -> int:
    """What the note advises for an option."""
    found = re.search(rf"{option} (\d+)", note or "")
    assert found, note
    return int(found[1])


def test_the_note_names_the_options_that_pay() -> None:
    requests, tokens = forecast(CASES, 1440)
    note = price_note(CASES, 1440, Budget())
    assert note is not None
    assert f"about {requests} requests and {tokens:,} tokens" in note
    assert note.endswith(" pays for it")
    assert tokens < advised(note, "--max-tokens") < tokens * 1.3
    assert price_note(CASES, PLAIN_PROMPT, Budget()) is None
    assert price_note(CASES, None, Budget(max_tokens=1)) is None
    few = price_note(CASES, PLAIN_PROMPT, Budget(max_requests=50))
    assert few is not None
    assert requests < advised(few, "--max-requests") < requests * 1.3
    assert price_note(["chat.json.id"], 1440, Budget()) is None


def test_a_delay_that_takes_too_long_is_told_before() -> None:
    requests, _ = forecast(CASES, PLAIN_PROMPT)
    assert price_note(CASES, PLAIN_PROMPT, Budget(), delay=1700 / requests) is None
    late = price_note(CASES, PLAIN_PROMPT, Budget(), delay=20)
    assert late is not None
    assert f", and {requests * 20:,} s with a delay of 20 s; the limits end it before that." in late
    assert requests * 20 < advised(late, "--max-seconds") < requests * 20 * 1.3


def test_a_part_of_a_group_costs_its_share() -> None:
    plain = forecast([], 100)[1]
    history = [id_ for id_ in CASES if "history" in id_]
    one, all_of_it = forecast(["history.grows"], 100), forecast(history, 100)
    assert one[1] - plain == pytest.approx((all_of_it[1] - plain) / len(history), abs=1)
