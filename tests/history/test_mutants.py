"""Every rule is seen failing, by itself, on a client that is wrong in just that way."""

from collections.abc import Container

import pytest

from chatproof.clients import MessageList
from chatproof.history import RULES, Messages, Policy, Search
from chatproof.history.running.bench import Bench
from chatproof.history.running.search import Found, find_violation
from tests.history.mutants import MUTANTS, CountsRounds

WINDOW = Policy(window=Messages(4))


def broken(client: type[MessageList], meant: Container[str]) -> dict[str, Found]:
    """What a client breaks; rules that it should keep are tried more briefly."""
    found: dict[str, Found] = {}
    with Bench(client.at, WINDOW) as bench:
        for rule in RULES.values():
            breakage = find_violation(rule, bench, Search(examples=30 if rule.id in meant else 3))
            if breakage is not None:
                found[rule.id] = breakage
    return found


def said(breakage: Found) -> tuple[str, ...]:
    """What the user said up to the violation."""
    return tuple(ask.round.said for ask in breakage.play.asks[: breakage.violation.ask + 1])


def test_every_rule_has_a_mutant_that_breaks_it() -> None:
    assert {rule for meant in MUTANTS.values() for rule in meant} == set(RULES)


@pytest.mark.parametrize("client", MUTANTS, ids=lambda client: client.__name__)
def test_mutant_breaks_its_rules_and_no_others_in_the_shortest_conversation(
    client: type[MessageList],
) -> None:
    found = broken(client, MUTANTS[client])
    assert {rule: said(breakage) for rule, breakage in found.items()} == MUTANTS[client]


def test_same_seed_finds_the_same_conversation() -> None:
    with Bench(CountsRounds.at, WINDOW) as bench:
        first, second = (find_violation(RULES["truncate.bound"], bench, Search(seed=7)) for _ in range(2))
    assert first is not None
    assert first == second
