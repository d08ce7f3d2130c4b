"""What is behind a gateway: opened as it is, asked what the gateway is asked, and what it has of a finding."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from os import environ
from typing import Any

import pytest

from chatproof.cases import Endpoint
from chatproof.cases.gateway.behind import Behind
from chatproof.cases.openai.models import listed
from chatproof.gate.escaping import name
from chatproof.judging.obstacles import CannotJudgeError
from chatproof.judging.opening import Opened, Target
from chatproof.judging.target import open_target
from chatproof.probe import NoExchangeError, RunEndedError

__all__ = ["Backend", "backend_target", "misplaced", "open_backend"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """The backend of a gateway, opened, and how it is asked."""

    opened: Opened
    target: Target

    @property
    def secrets(self) -> dict[str, str]:
        """Its key, with what is shown for it."""
        return {self.target.api_key: f"${self.target.key_variable}"} if self.target.api_key else {}


def misplaced(
    url: str | None, profiles: Collection[str], behind: str | None, variable: str | None, from_: str | None
) -> str:
    """Why options about a backend cannot be meant, in a sentence; empty where they can."""
    if behind is None:
        return "--behind-api-key-env is about a backend, and none is named (--behind)" if variable else ""
    if from_ is not None:
        return "--from judges a run that was saved: what was behind it is known (leave --behind out)"
    if profiles and "openai" not in profiles:
        return "--behind compares chat completions, which are in the profile openai"
    return "" if url is not None else "--behind names what is behind a gateway: give the gateway's URL, too"


def backend_target(config: pytest.Config) -> Target | None:
    """The backend that the options name; None where they name none."""
    option: Mapping[str, Any] = vars(config.option)
    if not option["chatproof_behind"]:
        return None
    variable = option["chatproof_behind_api_key_env"]
    return Target(
        url=option["chatproof_behind"],
        model=option["chatproof_behind_model"],
        api_key=(environ.get(variable) or None) if variable else None,
        key_variable=variable or "OPENAI_API_KEY",
        seconds=option["chatproof_timeout"],
        max_requests=option["chatproof_max_requests"],
        max_tokens=option["chatproof_max_tokens"],
        max_seconds=option["chatproof_max_seconds"],
        wait=option["chatproof_wait"],
        delay=option["chatproof_delay"],
        workers=getattr(config, "workerinput", {}).get("workercount", 1),
    )


def open_backend(target: Target, gateway: Opened) -> Backend:
    """The backend, with the model that the gateway asks it for; the gateway's endpoint knows it from here on.

    Raises:
        CannotJudgeError: it cannot be asked, or which of its models it is is not known.
    """
    try:
        opened = open_target(target)
    except (CannotJudgeError, NoExchangeError, RunEndedError) as obstacle:
        raise CannotJudgeError(f"behind the gateway (--behind): {obstacle}") from None
    if target.model is None:
        opened = _with_model(opened, gateway.model)
    gateway.endpoint.behind = Behind(gateway.endpoint, opened.endpoint)
    return Backend(opened=opened, target=target)


def _with_model(opened: Opened, model: str) -> Opened:
    names = listed(opened.endpoint.models())
    if model == opened.model:
        return opened
    if model in names:
        endpoint = opened.endpoint
        named = Endpoint(endpoint.probe, replace(endpoint.profile, model=model))
        named.remember_models(endpoint.models())
        return replace(opened, endpoint=named, model=model)
    if len(names) > 1:
        raise CannotJudgeError(
            f"behind the gateway (--behind) {len(names)} models are listed, and none is called '{name(model)}':"
            " say which it is with --behind-model."
        )
    return opened
