"""The reference clients are held to the rules that they are there to keep: what is claimed is kept."""

from dataclasses import replace
from typing import Any

import pytest

from chatproof.clients import ChatLoop, MessageList, StoredChat, TreeChat
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.running.opening import thread_session
from chatproof.history.running.run import run_client
from chatproof.history.running.trial import Search
from chatproof.report import Outcome


def windowed(client: Any, n: int) -> Policy:
    policy: Policy = client.POLICY
    return replace(policy, window=Messages(n))


@pytest.mark.parametrize(
    ("client", "policy"),
    [
        (MessageList, MessageList.POLICY),
        (TreeChat, TreeChat.POLICY),
        (ChatLoop, windowed(ChatLoop, 5)),
        (StoredChat, StoredChat.POLICY),
        *(
            pytest.param(client, policy, marks=pytest.mark.exhaustive)
            for client, policy in [
                (MessageList, windowed(MessageList, 3)),
                (MessageList, replace(windowed(MessageList, 0), system="none")),
                (ChatLoop, ChatLoop.POLICY),
                (ChatLoop, replace(ChatLoop.POLICY, tools=None, models=("tiny",), sticky=False)),
                (StoredChat, replace(StoredChat.POLICY, window=None, cap=Messages(6))),
            ]
        ),
    ],
)
def test_every_rule_that_is_claimed_is_kept(client: Any, policy: Policy) -> None:
    with thread_session(client.at, policy) as session:
        result = run_client(session, search=Search(examples=0))
    told = {
        case.id: case.message for case in result.cases if case.outcome in (Outcome.FAILED, Outcome.WARNED)
    }
    assert told == {}
    assert sum(case.outcome is Outcome.PASSED for case in result.cases) > 40
