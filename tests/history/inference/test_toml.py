"""A policy that is written as TOML is read as the same one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history.model.policy import UNKNOWN, Messages, Policy, PolicyError
from chatproof.history.model.policy_file import policy_from_toml
from chatproof.history.model.policy_toml import declared_in, policy_to_toml
from tests.history.policies import policies

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
comments = st.dictionaries(st.sampled_from(["window", "many", "tools", "stream-cut", "http-500"]), names)


@given(policies, st.lists(names, min_size=1, max_size=3), st.booleans(), comments)
def test_what_is_written_is_read_again(
    policy: Policy, models: list[str], breaks: bool, told: dict[str, str]
) -> None:
    written = replace(policy, models=tuple(models), breaks_control_tokens=breaks)
    assert policy_from_toml(policy_to_toml(written, told)) == written


def test_it_is_short_and_says_from_what() -> None:
    policy = Policy(window=Messages(10), tools=UNKNOWN, fates={"stream-cut": "keep-arrived"})
    told = {
        "window": "requests 7 to 45 carry the last 10 messages",
        "many": "no such\nmethod",
        "stream-cut": "seen",
    }
    assert policy_to_toml(policy, told) == (
        "# requests 7 to 45 carry the last 10 messages\n"
        "window = {messages = 10}\n\n"
        'tools = "unknown"\n\n'
        "# no such method\n\n"
        "[fates]\n"
        'stream-cut = "keep-arrived"  # seen\n'
    )
    assert policy_to_toml(Policy()) == ""


def test_what_a_file_declares_is_known_by_name() -> None:
    text = 'window = {messages = 10}\nfates = {stream-cut = "keep"}\n'
    assert declared_in(text) == {"window", "stream-cut"}
    with pytest.raises(PolicyError, match="it is no TOML"):
        declared_in("window = ")
