"""What a policy declares is what a client is set up with, and each declares what it does."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatfake import Handle, LiveServer, Reply, ToolCall
from chatproof.clients import AnswerError, ChatLoop, MessageList, StoredChat, TreeChat
from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import CAUSES, Messages, Policy, SystemPrompt

CLIENTS: list[Any] = [MessageList, ChatLoop, TreeChat, StoredChat]
CALL = Reply(tool_calls=(ToolCall(name="look_up", arguments='{"query": "x"}'),))


def at(handle: Handle, policy: Policy, home: Path) -> Endpoint:
    return Endpoint(
        base_url=handle.base_url,
        api_key=handle.api_key,
        model=policy.models[0],
        system_prompt="" if policy.system is SystemPrompt.NONE else "Be brief.",
        policy=policy,
        home=home,
    )


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_built_from_what_it_declares(client: Any, tmp_path: Path) -> None:
    with LiveServer() as server:
        handle = server.handle()
        faults = [handle.fault("http-500")] * len(client.POLICY.models)
        handle.script("Hello.", *faults, "Well.")
        with closing(client.at(at(handle, client.POLICY, tmp_path))) as talk:
            assert talk.say("hi") == "Hello."
            with pytest.raises(AnswerError):
                talk.say("are you there?")
            assert talk.say("and now?") == "Well."
        handle.assert_sent_history(
            [("system", "Be brief."), ("user", "hi"), ("assistant", "Hello."), ("user", "and now?")]
        )


@pytest.mark.parametrize("client", [MessageList, ChatLoop, StoredChat])
@pytest.mark.parametrize(("n", "sent"), [(0, 1), (2, 3), (3, 3), (4, 5)])
def test_the_declared_window_is_set(client: Any, n: int, sent: int, tmp_path: Path) -> None:
    policy = replace(client.POLICY, window=Messages(n), system="none")
    with LiveServer() as server:
        handle = server.handle()
        talk = client.at(at(handle, policy, tmp_path))
        for text in "abc":
            talk.say(text)
        talk.close()
        assert len(handle.messages) == sent


def test_tools_models_and_stickiness_are_the_declared_ones(tmp_path: Path) -> None:
    outcomes: list[tuple[dict[str, Any], Callable[[Any], bool]]] = [
        ({"tools": 3}, lambda last: "tools" in last),
        ({"tools": None}, lambda last: "tools" not in last),
        ({"sticky": True}, lambda last: last["model"] == "small"),
        ({"sticky": False}, lambda last: last["model"] == "tiny"),
    ]
    with LiveServer() as server:
        for members, holds in outcomes:
            handle = server.handle()
            talk = ChatLoop.at(at(handle, replace(ChatLoop.POLICY, **members), tmp_path))
            handle.script(handle.fault("http-500"), "one", "two")
            talk.say("a")
            talk.say("b")
            talk.close()
            assert holds(handle.last.json), members
        handle = server.handle()
        handle.script(*[CALL] * 4)
        talk = ChatLoop.at(at(handle, replace(ChatLoop.POLICY, tools=3, models=("tiny",)), tmp_path))
        with pytest.raises(AnswerError, match="after 3 requests"):
            talk.say("a")
        talk.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_every_fate_that_is_the_clients_to_say_is_said(client: Any) -> None:
    undecided = [name for name in (*ANSWERS, *CAUSES) if client.POLICY.fate(name) is Fate.UNKNOWN]
    assert undecided == []
