"""Clients of the self-test whose policy the suite does not get to see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy, SystemPrompt

__all__ = ["hidden"]


def hidden(make: Callable[[Endpoint], Any], policy: Policy) -> Callable[[Endpoint], Any]:
    """A factory of clients that are set up by a policy, whatever the endpoint says of it."""

    def build(endpoint: Endpoint) -> Any:
        prompt = "" if policy.system is SystemPrompt.NONE else endpoint.system_prompt
        return make(replace(endpoint, policy=policy, system_prompt=prompt, model=policy.models[0]))

    return build
