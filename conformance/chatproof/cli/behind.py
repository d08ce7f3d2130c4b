"""The options of `chatproof client` for a real endpoint behind the fake, and what they open."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatproof.cli.command import Seconds
from chatproof.gate import Gate
from chatproof.history.model.policy import Policy
from chatproof.probe import Access, HeaderError, headers_of
from chatproof.report.console import cannot, say

if TYPE_CHECKING:
    from chatproof.stage import Upstream

__all__ = ["Behind", "Opened", "behind_options"]

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--url",
        metavar="URL",
        help="A real endpoint, which gives the plain answers: the base of its API, like http://localhost:8000/v1. It is"
        " asked some hundred times, for as long replies as the client asks for.",
    ),
    click.option(
        "--model", metavar="NAME", help="With --url, the model to ask. [default: the first one listed]"
    ),
    click.option(
        "--api-key-env",
        metavar="NAME",
        default="OPENAI_API_KEY",
        show_default=True,
        help="With --url, the environment variable that holds the key. The client does not get to see it.",
    ),
    click.option(
        "-H",
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="With --url, a header for every request; VALUE may be '$VARIABLE', and is not shown where"
        " it could be a secret.",
    ),
    click.option(
        "--cacert",
        metavar="FILE",
        help="With --url, the certificates to trust, in PEM, in place of the system's.",
    ),
    click.option("--insecure", is_flag=True, help="With --url, check no certificates."),
    click.option(
        "--wait",
        type=Seconds(min=0),
        default=0.0,
        metavar="SECONDS",
        help="With --url, wait so long for a server that is still loading.",
    ),
)


def behind_options(function: Function) -> Function:
    """Adds the options; what they were given comes as keyword arguments, which `Behind` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The endpoint, None where the fake is all that there is; the policy with its model; what is kept from a client."""

    policy: Policy
    upstream: "Upstream | None" = None
    hidden: tuple[str, ...] = ()
    told: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What was asked for; the help texts say what each is."""

    url: str | None
    model: str | None
    api_key_env: str
    headers: tuple[str, ...]
    cacert: str | None
    insecure: bool
    wait: float

    @property
    def key(self) -> str | None:
        """The key of the endpoint."""
        return os.environ.get(self.api_key_env) if self.url is not None else None

    def gate(self) -> Gate:
        """What all that is said goes through: the key by its name, and whatever variables are named as secrets."""
        secrets = {self.key: f"${self.api_key_env}"} if self.key else {}
        headers = self._access().secrets if self.url is not None else {}
        return Gate.of_environment(os.environ, {**headers, **secrets})

    def _access(self) -> Access:
        try:
            headers = headers_of(self.headers, os.environ)
        except HeaderError as error:
            cannot(str(error))
        return Access(headers=headers, cacert=self.cacert, insecure=self.insecure)

    def open(self, policy: Policy, seconds: float) -> Opened:
        """Find out whether there is an endpoint that chats; else the run cannot be made."""
        if self.url is None:
            if self.model or self.headers or self.cacert or self.insecure or self.wait:
                cannot(
                    "--model, --header, --cacert, --insecure and --wait are about an endpoint: name it with --url."
                )
            return Opened(policy=policy)
        from chatproof.judging.target import CannotJudgeError, Target, open_target  # noqa: PLC0415  it costs a second
        from chatproof.stage import Upstream  # noqa: PLC0415  nothing is served before

        declared = policy.models != Policy().models
        if declared and self.model:
            cannot("the policy names models, and --model another one: leave one of them out.")
        access = self._access()
        target = Target(
            url=self.url,
            model=policy.models[0] if declared else self.model,
            api_key=self.key,
            key_variable=self.api_key_env,
            seconds=seconds,
            access=access,
            wait=self.wait,
        )
        try:
            opened = open_target(target, told=lambda text: say(text, err=True))
        except CannotJudgeError as error:
            cannot(str(error))
        opened.endpoint.probe.close()
        upstream = Upstream(base_url=opened.url, api_key=target.sent_key, access=access, seconds=seconds)
        gate = target.gate
        return Opened(
            policy=policy if declared else replace(policy, models=(opened.model,)),
            upstream=upstream,
            hidden=(self.api_key_env,) if self.key else (),
            told=gate.line(f"{opened.url}, {opened.model}"),
            notes=tuple(map(gate.line, opened.notes)),
        )
