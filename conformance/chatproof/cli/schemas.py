"""`chatproof schemas`: the contract as JSON Schema, for every language."""

from difflib import get_close_matches
from pathlib import Path

import click

from chatproof.cli.command import Command
from chatproof.report.console import cannot, say
from chatschema import Kind
from chatschema.judging.catalogue import CONTRACTS, STREAMS
from chatschema.judging.contract import Contract
from chatschema.schema_export import file_name, text

__all__ = ["schemas"]


@click.group(
    epilog="""\b
Examples:
  chatproof schemas list
  chatproof schemas show chat.completion
  chatproof schemas export schemas/

\b
Exit code: 0 done, 2 it could not be done."""
)
def schemas() -> None:
    """Give out the JSON Schemas of the contract (draft 2020-12).

    They hold what the strict models hold, so any validator in any language can be used. What goes beyond
    the shape of one body is for `chatproof validate`.
    """


@schemas.command(
    "list",
    cls=Command,
    epilog="""\b
Examples:
  chatproof schemas list
  chatproof schemas list | cut -d ' ' -f 1     just the names""",
)
def list_command() -> None:
    """List the schemas: name and what it is of, one a line."""
    width = max(len(kind) for kind in CONTRACTS)
    for kind, contract in CONTRACTS.items():
        say(f"{kind:{width}}  {contract.summary}")


@schemas.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof schemas show chat.completion
  chatproof schemas show error > error.schema.json""",
)
@click.argument("name")
def show(name: str) -> None:
    """Print one schema; `chatproof schemas list` has the names."""
    # UTF-8, whatever the terminal speaks: it is JSON
    click.echo(text(_contract(name)).encode(), nl=False)


@schemas.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof schemas export schemas/
  check-jsonschema --schemafile schemas/chat.completion.schema.json answer.json""",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write all schemas to DIR, each as NAME.schema.json.

    DIR is made where it does not exist. A file that holds the same already is left alone.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cannot(f"cannot make the folder {folder}: {error.strerror}")
    written = sum(_write(folder / file_name(kind), text(contract)) for kind, contract in CONTRACTS.items())
    say(f"{len(CONTRACTS)} schemas in {folder}: {written} written, {len(CONTRACTS) - written} unchanged")


def _write(path: Path, content: str) -> bool:
    """Whether the file was written, because it held something else or was not there."""
    data = content.encode()
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.write_bytes(data)
    except OSError as error:
        cannot(f"cannot write {path}: {error.strerror}")
    return True


def _contract(name: str) -> Contract:
    if name not in CONTRACTS:
        cannot(_no_such(name))
    return CONTRACTS[Kind(name)]


def _no_such(name: str) -> str:
    if name in STREAMS:
        return f"{name} is a stream and has no schema of its own; one of its events is {_event_of(name)}"
    near = get_close_matches(name, CONTRACTS, n=1)
    hint = f"did you mean {near[0]}?" if near else "`chatproof schemas list` has the names"
    return f"there is no schema {name!r}; {hint}"


def _event_of(stream: str) -> str:
    """The kind of one event, by the rule that names kinds."""
    names = [stream.removesuffix(".sse") + ending for ending in (".chunk", ".event")]
    return next(name for name in names if name in CONTRACTS)
