"""Clients of the self-test whose policy the suite does not get to see."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy, SystemPrompt
from chatproof.history.running.opening import process_session, thread_session
from chatproof.history.running.session import Session
from chatproof.selftest.legal import LEGAL, Legal
from chatproof.selftest.mutants import MUTANTS, Mutant

__all__ = ["hidden", "session_with"]


def hidden(one: Legal | Mutant) -> Callable[[Endpoint], Any]:
    """A factory of clients that are set up by their own policy, whatever the endpoint says of it."""
    policy = one.policy

    def build(endpoint: Endpoint) -> Any:
        prompt = "" if policy.system is SystemPrompt.NONE else endpoint.system_prompt
        return one.make(replace(endpoint, policy=policy, system_prompt=prompt, model=policy.models[0]))

    return build


def session_with(one: Legal | Mutant, policy: Policy) -> AbstractContextManager[Session]:
    """A session of such a client; one that stores is killed and finds its disk full, and needs a process for that."""
    if one.policy.persistent:
        return process_session(f"{__name__}:{one.name.replace('-', '_')}", policy)
    return thread_session(hidden(one), policy)


def __getattr__(name: str) -> Any:
    """The factories by the names of their clients, for other processes."""
    wanted = name.replace("_", "-")
    one = LEGAL.get(wanted) or MUTANTS.get(wanted)
    if one is None:
        raise AttributeError(name)
    return hidden(one)
