"""`chatproof selftest`: does the judge see the mistakes that it is there to see, and none that are not there?"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import click

from chatproof.cli.command import Command, interruptible, scratch
from chatproof.gate.escaping import line
from chatproof.report.console import cannot, say
from chatproof.selftest.endpoint import matrix as endpoints
from chatproof.selftest.matrix import Over, Row, names, rows, told

__all__ = ["selftest"]


@click.group(
    epilog="""\b
Examples:
  chatproof selftest client
  chatproof selftest endpoint

\b
Exit code: 0 every row is right, 1 one is wrong, 2 the run could not be made, 130 interrupted."""
)
def selftest() -> None:
    """Try the judge on what is known to be wrong, and on what is known to be right."""


class _OwnCommand(Command):
    @property
    def is_configurable(self) -> bool:
        """Never: `client` is another command's name there."""
        return False


@selftest.command(
    "client",
    cls=_OwnCommand,
    epilog="""\b
Examples:
  chatproof selftest client                                     all rows, the fixed conversations
  chatproof selftest client --examples 60 --seed 4              and random ones after them
  chatproof selftest client --examples 30 --seeds 20 --jobs 4   those of seeds 0 to 19, four clients at once
  chatproof selftest client --only trims --only right/plain     two rows
  chatproof selftest client --shortest                          and how short each conversation gets
  chatproof selftest client --as jsonl                          each behind the protocol for other languages

\b
Exit code: 0 every row is right, 1 one is wrong, 2 the run could not be made, 130 interrupted.""",
)
@click.option(
    "--only", "only", multiple=True, metavar="NAME", help="Try this client; can be given several times."
)
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Number of random conversations with each client, after the fixed ones.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="(First) seed of those."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Try the random conversations of so many seeds, from --seed on.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    help="Number of clients that are tried at once, each in a process.",
)
@click.option(
    "--as",
    "over",
    type=click.Choice([one.value for one in Over]),
    default=Over.PYTHON.value,
    show_default=True,
    help="How the clients are driven: by their methods, or by JSON lines, as those in other languages are.",
)
@click.option("--shortest", is_flag=True, help="Find the shortest conversation for each broken rule, too.")
@click.pass_context
def client(
    ctx: click.Context,
    only: tuple[str, ...],
    examples: int,
    seed: int,
    seeds: int,
    jobs: int,
    over: str,
    shortest: bool,  # noqa: FBT001  click hands flags over so
) -> None:
    """Hold clients with one known mistake each to the rules, and clients that are right and unusual.

    A row is right when the mistake is caught by a rule that is about it and by no other, and when a
    right client is named by none.
    """
    _refuse_unknown("client", only, names())
    if seeds > 1 and not examples:
        cannot("--seeds is about random conversations, and there are none: give --examples, too.")
    found: list[Row] = []
    tried = rows(
        only,
        seeds=range(seed, seed + seeds),
        examples=examples,
        shortest=shortest,
        jobs=jobs,
        over=Over(over),
    )
    with scratch(), interruptible():
        for text in told(_kept(tried, found)):
            say(text)
    ctx.exit(int(any(not row.is_right for row in found)))


def _kept(all_rows: Iterable[Row], found: list[Row]) -> Iterator[Row]:
    for row in all_rows:
        found.append(row)
        yield row


@selftest.command(
    "endpoint",
    cls=_OwnCommand,
    epilog="""\b
Examples:
  chatproof selftest endpoint                                     all rows
  chatproof selftest endpoint --only no-done --only right/crlf    two rows

\b
Exit code: 0 every row is right, 1 one is wrong, 2 the run could not be made, 130 interrupted.""",
)
@click.option(
    "--only", "only", multiple=True, metavar="NAME", help="Try this endpoint; can be given several times."
)
@click.pass_context
def endpoint(ctx: click.Context, only: tuple[str, ...]) -> None:
    """Hold endpoints that are broken in one way each to the cases, and endpoints that are right and unusual.

    A row is right when the case that the endpoint was made for finds fault with it, and no other but those that
    see the same defect from their side, and when a right endpoint is blamed by none.
    """
    _refuse_unknown("endpoint", only, tuple(endpoints.ENDPOINTS))
    found: list[endpoints.Row] = []

    def kept() -> Iterator[endpoints.Row]:
        for name in only or endpoints.ENDPOINTS:
            found.append(endpoints.row(name))
            yield found[-1]

    with scratch(), interruptible():
        for text in endpoints.told(kept()):
            say(text)
    ctx.exit(int(any(not row.is_right for row in found)))


def _refuse_unknown(what: str, names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3) or known[:3]
            cannot(f"no {what} is called {line(name)!r}; near are {', '.join(near)}.")
