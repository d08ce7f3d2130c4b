"""`chatproof explain`: what there is to know about one rule of clients, or one case of endpoints."""

from collections.abc import Iterable
from difflib import get_close_matches

import click

from chatproof.cases import EVERY, GATEWAY, Case, case_of, cases_of, profile_of
from chatproof.cases.advice import advice
from chatproof.cli.command import Command
from chatproof.gate.escaping import line
from chatproof.history.rules import RULES
from chatproof.history.running.explain import explain, paragraphs
from chatproof.report.console import cannot, say

__all__ = ["explain_command"]

_NEAR = 5
"""So many other ids are named."""


@click.command(
    "explain",
    cls=Command,
    epilog="""\b
Examples:
  chatproof explain record.empty-choices   a rule for clients
  chatproof explain chat.sse.done          a case for endpoints
  chatproof client --list                  all rules
  chatproof check --list                   all cases

\b
Exit code: 0 it was explained, 2 nothing has that id.""",
)
@click.argument("id_", metavar="ID", required=False)
def explain_command(id_: str | None) -> None:
    """Explain a rule of `chatproof client` or a case of `chatproof check`.

    What is asked for, what breaks without it, where it was seen, what to do about it; of a case also how servers
    usually fail it, of a rule how it is tried.
    """
    if id_ is None:
        cannot("no ID was given. `chatproof client --list` shows rules, `chatproof check --list` cases.")
    if id_ in RULES:
        say(explain(id_).rstrip())
    elif id_ in cases_of(EVERY):
        say(_case(case_of(id_)))
    else:
        near = _near(id_, [*RULES, *cases_of(EVERY)])
        hint = f"near are {', '.join(near)}" if near else "`chatproof client --list` shows all rules"
        cannot(f"nothing is called {line(id_)!r}; {hint}.")


def _case(case: Case) -> str:
    profile = "" if (name := profile_of(case.id)) == "openai" else f" --profile {name}"
    profile = " --behind BACKEND" if name == GATEWAY else profile
    known = advice(case.id)
    told = (
        ("asked", f"{case.sentence} ({case.level})"),
        ("without it", case.breaks),
        ("relied on", f"{case.reference}."),
        ("usually", known.usually),
        ("what to do", known.do),
        ("see it", f"chatproof check URL{profile} -k {case.id}"),
    )
    return paragraphs(case.id, told)


def _near(id_: str, known: Iterable[str]) -> list[str]:
    """Ids that are written alike, or that have this as a part."""
    names = list(known)
    alike = get_close_matches(id_.lower(), names, n=_NEAR)
    parts = [name for name in names if id_.lower() in name]
    return list(dict.fromkeys([*parts, *alike]))[:_NEAR]
