"""What `chatproof client` is told that a client declares: a policy's file, and options over it."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from chatproof.gate.escaping import line
from chatproof.history.model.policy import Messages, Policy, PolicyError
from chatproof.history.model.policy_file import policy_from_toml
from chatproof.history.model.policy_toml import declared_in
from chatproof.report.console import cannot

__all__ = ["Declared", "declared"]

_MOST_POLICY = 64 * 1024
"""Bytes of a policy's file."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The policy, and what of it was said, by the names of members and answers; `system-prompt`: there is one."""

    policy: Policy
    names: frozenset[str] = frozenset()

    def over(self, driven: Callable[[Policy], Policy]) -> "Declared":
        """The same with what is declared by the way in which a client is driven."""
        policy = driven(self.policy)
        names = {
            one.name for one in fields(Policy) if getattr(policy, one.name) != getattr(self.policy, one.name)
        }
        return Declared(policy, self.names | names)


def declared(file: str | None, window: int | None, system: str | None, system_prompt: str | None) -> Declared:
    """What is declared: the file, and over it the options; else the run cannot be made."""
    said = Declared(Policy()) if file is None else _of_file(file)
    if window is not None:
        said = Declared(replace(said.policy, window=Messages(window)), said.names | {"window"})
    if system is not None:
        said = Declared(replace(said.policy, system=system), said.names | {"system"})
    return said if system_prompt is None else replace(said, names=said.names | {"system-prompt"})


def _of_file(file: str) -> Declared:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(_MOST_POLICY + 1)
        if len(data) > _MOST_POLICY:
            cannot(f"{line(file)} has more than {_MOST_POLICY // 1024} kB: it is no policy.")
        text = data.decode()
        return Declared(policy_from_toml(text), declared_in(text))
    except OSError as error:
        cannot(f"{line(file)} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        cannot(f"{line(file)} is no text in UTF-8.")
    except PolicyError as error:
        cannot(f"{line(file)}: {line(str(error))}.")
