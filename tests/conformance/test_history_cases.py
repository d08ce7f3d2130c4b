"""The cases about history where an endpoint is neither plainly right nor plainly broken, and what they cost."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chatfake import Answer, Fake, Request
from chatproof.cases import CASES
from chatproof.cases.openai.history.asked import TALKS, said
from chatproof.cases.openai.history.length import obstacle
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.history_variants import HISTORY_VARIANTS
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.miniatures.history.changes import REFUSED, saying
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    completions,
    is_chat,
    message_of,
    messages_in,
    requests,
    where,
    with_body,
)
from tests.conformance.test_forecast import opened_on
from tests.conformance.test_miniatures import fake

HISTORY = [id_ for id_ in CASES if id_.startswith("history.")]


def judged(id_: str, make: Wrapper) -> CaseResult:
    return judge_of(make(fake().answer)).judge(CASES[id_])


def as_it_is(handler: Handler) -> Handler:
    return handler


def repeating(body: Object, own: str) -> str:
    """A model that says all that it reads."""
    return json.dumps(body["messages"]) if "code word" in str(body["messages"][-1]) else own


def sampling(kinds: int) -> Wrapper:
    """A server that ignores the temperature, over a model that knows few texts."""

    def make(handler: Handler) -> Handler:
        chance = random.Random(kinds)  # noqa: S311  no secret
        return saying(lambda _, __: f"answer number {chance.randrange(kinds)}")(handler)

    return make


def with_role(*roles: str) -> Callable[[Request], bool]:
    """Is this a history with so many messages of a role, in a row?"""

    def fits(request: Request) -> bool:
        found = [message.get("role") for message in messages_in(asked(request))]
        return is_chat(request) and any(tuple(found[n : n + len(roles)]) == roles for n in range(len(found)))

    return fits


def told_context(name: str, tokens: int) -> Wrapper:
    """A list of models that tells the context."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if not request.path.endswith("/models"):
                return answer
            value = json.loads(answer.body)
            holder = value["data"][0]
            for part in name.split(".")[:-1]:
                holder = holder.setdefault(part, {})
            holder[name.rsplit(".", maxsplit=1)[-1]] = tokens
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


def on_fake_of(context: int, make: Wrapper = as_it_is) -> Wrapper:
    """A fake with another context in the place of the plain one."""
    return lambda _: make(Fake(models=("tiny",), context_length=context).answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    make: Wrapper
    outcome: Outcome
    says: str = ""


REFUSAL = as_json(400, REFUSED)
USERS, SYSTEMS = ("user", "user"), ("system", "system")

ROWS = {
    "a-word-that-is-repeated": Row(case="history.recall", make=saying(repeating), outcome=Outcome.PASSED),
    "a-model-that-repeats-what-it-reads-leaks-nothing": Row(
        case="history.text-is-own", make=saying(repeating), outcome=Outcome.PASSED
    ),
    "order-does-not-count": Row(case="history.order-free-count", make=as_it_is, outcome=Outcome.PASSED),
    "one-text-for-all": Row(
        case="history.text-is-own",
        make=saying(lambda _, __: "the same for all"),
        outcome=Outcome.INCONCLUSIVE,
        says="all conversations have the same text",
    ),
    "no-text": Row(
        case="history.text-is-own",
        make=completions(lambda v: message_of(v).update(content="")),
        outcome=Outcome.INCONCLUSIVE,
        says="no text",
    ),
    "two-texts-by-chance": Row(
        case="history.text-is-own", make=sampling(2), outcome=Outcome.INCONCLUSIVE, says="sampling"
    ),
    "many-texts-by-chance": Row(
        case="history.text-is-own", make=sampling(50), outcome=Outcome.INCONCLUSIVE, says="sampling"
    ),
    "texts-by-chance-are-no-session": Row(
        case="history.session-by-user", make=sampling(50), outcome=Outcome.PASSED
    ),
    "rounding": Row(
        case="history.text-is-own",
        make=HISTORY_VARIANTS["rounding"],
        outcome=Outcome.INCONCLUSIVE,
        says="rounding",
    ),
    "swayed-from-the-first-letter": Row(
        case="history.text-is-own",
        make=MINIATURES["swayed-by-others"].make,
        outcome=Outcome.WARNED,
        says="from its first letter on",
    ),
    "another-ones-reply": Row(
        case="history.text-is-own", make=MINIATURES["late-replies"].make, outcome=Outcome.FAILED
    ),
    "what-another-one-was-told": Row(
        case="history.text-is-own",
        make=MINIATURES["tells-what-it-was-told"].make,
        outcome=Outcome.FAILED,
        says="What one user told",
    ),
    "users-in-a-row-are-refused": Row(
        case="history.user-runs-count", make=where(with_role(*USERS), REFUSAL), outcome=Outcome.PASSED
    ),
    "users-in-a-row-crash": Row(
        case="history.user-runs-count", make=where(with_role(*USERS), CRASH), outcome=Outcome.INCONCLUSIVE
    ),
    "systems-in-a-row-are-refused": Row(
        case="history.system-runs-count", make=where(with_role(*SYSTEMS), REFUSAL), outcome=Outcome.PASSED
    ),
    "a-system-that-is-lost-is-a-should": Row(
        case="history.system-runs-count",
        make=MINIATURES["first-system-only"].make,
        outcome=Outcome.WARNED,
    ),
    "no-system-at-all": Row(
        case="history.parts-count", make=where(with_role("system"), REFUSAL), outcome=Outcome.PASSED
    ),
    "parts-that-are-refused": Row(
        case="history.parts-count",
        make=MINIATURES["assistant-parts-refused"].make,
        outcome=Outcome.FAILED,
        says="are refused",
    ),
    "parts-that-are-read-as-markup": Row(
        case="history.parts-count", make=MINIATURES["parts-as-json"].make, outcome=Outcome.FAILED, says="JSON"
    ),
    "a-template-without-tools": Row(
        case="history.tool-results-count",
        make=lambda handler: MINIATURES["tool-rounds-dropped"].make(
            requests(lambda b: b.update(tool_choice="none") if "tools" in b else None)(handler)
        ),
        outcome=Outcome.UNSUPPORTED,
        says="no tool call",
    ),
    "calls-that-nobody-takes-back": Row(
        case="history.reply-replay",
        make=where(with_role("tool"), REFUSAL),
        outcome=Outcome.INCONCLUSIVE,
        says="chat.tools.round-trip",
    ),
    "calls-that-are-not-taken-back-as-they-came": Row(
        case="history.reply-replay", make=MINIATURES["own-calls-refused"].make, outcome=Outcome.FAILED
    ),
    "the-context-ends-soon": Row(
        case="history.no-silent-truncation", make=on_fake_of(500), outcome=Outcome.PASSED
    ),
    "the-context-has-no-end": Row(
        case="history.no-silent-truncation",
        make=on_fake_of(100_000),
        outcome=Outcome.INCONCLUSIVE,
        says="all of 22.. tokens are counted.* does not tell its context",
    ),
    "the-context-is-told-and-long": Row(
        case="history.no-silent-truncation",
        make=on_fake_of(100_000, told_context("max_model_len", 100_000)),
        outcome=Outcome.INCONCLUSIVE,
        says="told as 100000",
    ),
    "the-context-is-told-and-passed": Row(
        case="history.no-silent-truncation",
        make=on_fake_of(8192, told_context("meta.n_ctx", 8192)),
        outcome=Outcome.PASSED,
    ),
    "a-long-history-crashes": Row(
        case="history.no-silent-truncation",
        make=where(lambda r: is_chat(r) and len(r.body) > 2000, CRASH),
        outcome=Outcome.INCONCLUSIVE,
        says="HTTP 500",
    ),
    "a-window-that-was-passed-at-once": Row(
        case="history.no-silent-truncation",
        make=requests(lambda b: b.update(messages=b["messages"][-5:])),
        outcome=Outcome.FAILED,
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_verdict_on_history(name: str) -> None:
    row = ROWS[name]
    result = judged(row.case, row.make)
    assert result.outcome is row.outcome, result.message
    assert re.search(row.says, result.message), result.message


def test_what_a_slow_endpoint_or_a_small_limit_does_not_allow_is_not_asked() -> None:
    judge = judge_of(on_fake_of(100_000)(fake().answer))
    budget = judge.endpoint.probe.budget
    budget.add(prompt_tokens=budget.max_tokens - 2000)
    result = judge.judge(CASES["history.no-silent-truncation"])
    assert result.outcome is Outcome.INCONCLUSIVE
    assert "--max-tokens" in result.message
    judge = judge_of(on_fake_of(100_000)(fake().answer))
    slow = replace(said(judge.endpoint, TALKS[0]), seconds=30.0)
    assert "--timeout" in obstacle(judge.endpoint, slow, 300, 2250)
    assert not obstacle(judge.endpoint, replace(slow, seconds=0.1), 300, 2250)


def test_the_group_costs_no_more_than_was_said() -> None:
    opened = opened_on(Fake(models=("tiny",), context_length=100_000).answer)
    judge = judge_of(fake().answer)
    judge.endpoint = opened.endpoint
    before = opened.endpoint.probe.budget.spent
    for id_ in HISTORY:
        judge.judge(CASES[id_])
    spent = opened.endpoint.probe.budget.spent - before
    assert spent.requests <= 48  # with what http.concurrent and a whole run ask for as well
    assert spent.tokens <= 7000
