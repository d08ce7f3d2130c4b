"""`chatproof client --infer`: what a client declares is found out, told as the file to keep, and then it is judged."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from chatproof.gate import Gate
from chatproof.gate.escaping import line
from chatproof.history.model.policy import Policy
from chatproof.history.model.policy_toml import policy_to_toml
from chatproof.history.running.crew import Crew
from chatproof.history.running.inference import Inferred, infer
from chatproof.history.running.session import Session
from chatproof.report.console import cannot, check_writable, flash, write_file

__all__ = ["Inferring", "infer_options"]

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--infer",
        is_flag=True,
        help="Find out first what the client declares (its window, what becomes of failed rounds, and so on), by some"
        " hundred messages; print that as TOML, and judge the client by it. What --policy, --window and --system say"
        " stays as it is.",
    ),
    click.option("--write-policy", metavar="FILE", help="With --infer, write that TOML, for --policy."),
)


def infer_options(function: Function) -> Function:
    """Adds the options; what they were given comes as keyword arguments, which `Inferring.taken_from` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferring:
    """Whether anything is to be found out, and where it is kept."""

    infer: bool
    write_policy: str | None

    @classmethod
    def taken_from(cls, others: dict[str, Any]) -> "Inferring":
        """By what the options were given, which are taken out; else the run cannot be made."""
        made = cls(infer=others.pop("infer"), write_policy=others.pop("write_policy"))
        if made.write_policy is not None and not made.infer:
            cannot("--write-policy is about what --infer finds out: give both.")
        check_writable(made.write_policy)
        return made

    def policy(
        self,
        declared: Policy,
        names: frozenset[str],
        opened: AbstractContextManager[Session | Crew],
        told: Callable[[str], None],
        gate: Gate,
    ) -> Policy:
        """What the client of a session declares. `names` are what is said of it, and stays.

        Raises:
            CannotBuildError, EndpointLostError: nothing can be found out; nothing is written.
        """
        if not self.infer:
            return declared
        try:
            with opened as session:
                if not isinstance(session, Session):
                    raise TypeError("one client is played with at a time")
                found = infer(session, names, _progress)
        finally:
            flash("", sys.stderr)
        toml = "".join(
            f"{gate.line(text)}\n" for text in policy_to_toml(found.policy, found.comments).splitlines()
        )
        if self.write_policy is not None:
            write_file(self.write_policy, toml)
        told(_story(found, toml, self.write_policy))
        return found.policy


def _progress(name: str, played: int) -> None:
    flash(f"inferring: {name}  {played} conversations …", sys.stderr)


def _story(found: Inferred, toml: str, file: str | None) -> str:
    kept = (
        f"kept in {line(file)}"
        if file is not None
        else "to keep: --write-policy FILE, and later --policy FILE"
    )
    lines = [
        f"inferred from {found.requests} requests   {kept}",
        *(f"  {text}" for text in toml.splitlines()),
    ]
    lines += [f"  not known: {text}" for text in found.unknown]
    if found.broken:
        lines.append(f"  broken in these requests already: {', '.join(found.broken)}")
    return "\n".join([*lines, ""])
