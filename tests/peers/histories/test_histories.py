"""The histories of unchanged clients, as they are on record: the page says the same, and each breach is explained.

`.ci/peers --histories` plays them.
"""

from pathlib import Path

import pytest

from chatproof.history.model.policy_file import policy_from_toml
from chatproof.history.rules import RULES
from tests.peers.histories.history_client import POLICIES, PROGRAMS, HistoryClient
from tests.peers.histories.history_clients import HISTORY_CLIENTS
from tests.peers.histories.history_page import PAGE, page
from tests.peers.histories.history_results import on_record, remark_on, remarks


def test_the_page_of_the_docs_says_what_is_on_record() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.peers.histories.history_page`"


def test_every_breach_is_explained_and_nothing_else_is() -> None:
    said, broken = remarks(), {(one.client.name, rule) for one in on_record() for rule in one.broken}
    assert {(client, rule) for client, rule in broken if remark_on(client, rule, said) is None} == set()
    of = [(client, rule) for one in said for client in one.clients for rule in one.rules]
    assert sorted(pair for pair in of if pair not in broken) == []
    assert sorted(pair for pair in set(of) if of.count(pair) > 1) == []


def test_what_is_on_record_is_of_the_versions_that_are_pinned_and_of_known_rules() -> None:
    for one in on_record():
        assert one.version == one.client.version, one.client.name
        assert set(one.rules) <= set(RULES), one.client.name


@pytest.mark.parametrize("client", HISTORY_CLIENTS, ids=lambda client: client.name)
def test_a_client_has_a_policy_and_a_program(client: HistoryClient) -> None:
    policy_from_toml((POLICIES / f"{client.policy}.toml").read_text(encoding="utf-8"))
    assert bool(client.program) != bool(client.command)
    options = client.options(Path("/environments"))
    assert f"/environments/{client.environment}" in " ".join(options)
    if client.program:
        assert (PROGRAMS / client.program.split()[0]).is_file()
