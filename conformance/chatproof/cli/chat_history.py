"""`chatproof chat-history`: show and forget what `chatproof chat` keeps."""

import sys
from typing import TYPE_CHECKING

import click

from chatproof.cli.command import Command
from chatproof.cli.history_options import history_file_option, history_path
from chatproof.gate.escaping import name
from chatproof.report.console import cannot, say

if TYPE_CHECKING:
    from chatproof.chat.names import Name
    from chatproof.clients.history_store import HistoryStore, Round

__all__ = ["chat_history"]


@click.group(
    "chat-history",
    epilog="""\b
Examples:
  chatproof chat-history list
  chatproof chat-history show http://localhost:8000/v1 --limit 3
  chatproof chat-history clear tests""",
)
def chat_history() -> None:
    """Show and forget what `chatproof chat` keeps.

    A conversation is meant by its name, by its endpoint's URL (all conversations there), or by both with a blank
    between: "http://localhost:8000/v1 tests".
    """


@chat_history.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@history_file_option
def list_command(history_file: str | None, as_json: bool) -> None:  # noqa: FBT001  as click calls it
    """List the endpoints and their conversations: how many rounds, when the last one was."""
    from chatproof.chat.pages import listed  # noqa: PLC0415  `--help` waits for none of it
    from chatproof.gate.escaping import json_text  # noqa: PLC0415

    found = sorted(_all(_store(history_file)).items())
    if as_json:
        told = [
            {"url": one.url, "conversation": one.conversation, "rounds": len(rounds), "last": rounds[-1].at}
            for one, rounds in found
        ]
        say(json_text(told, indent=1))
    elif found:
        say(listed(found))
    else:
        say("nothing is kept", err=True)


@chat_history.command("show", cls=Command)
@click.argument("which", metavar="[URL|NAME]", required=False)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the last N rounds of each.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@history_file_option
def show_command(which: str | None, limit: int | None, history_file: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Show what was said: in the conversation that was used last, or in those that are named."""
    from chatproof.chat import pages  # noqa: PLC0415
    from chatproof.gate.escaping import json_text  # noqa: PLC0415

    found = _all(_store(history_file))
    if which is None:
        last = sorted(found, key=lambda one: found[one][-1].at)[-1:]
        chosen = {one: found[one] for one in last}
    else:
        chosen = _named(found, which)
    if as_json:
        told = [
            pages.as_json(one, rounds[-limit:] if limit else rounds) for one, rounds in sorted(chosen.items())
        ]
        say(json_text(told, indent=1))
        return
    if not chosen:
        say("nothing is kept", err=True)
    for one, rounds in sorted(chosen.items()):
        say(f"{name(one.url)} {name(one.conversation)}".strip())
        say(pages.conversation(rounds, limit))


@chat_history.command("clear", cls=Command)
@click.argument("which", metavar="[URL|NAME]", required=False)
@click.option("--all", "everything", is_flag=True, help="All conversations with all endpoints.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@history_file_option
def clear_command(which: str | None, history_file: str | None, everything: bool, yes: bool) -> None:  # noqa: FBT001
    """Forget conversations. At a terminal it is asked before."""
    from chatproof.chat.pages import counted  # noqa: PLC0415

    if (which is None) != everything:
        cannot("Name a conversation or an endpoint, or --all.")
    store = _store(history_file)
    found = _all(store)
    chosen = found if which is None else _named(found, which)
    rounds = sum(map(len, chosen.values()))
    what = ", ".join(f"{one.url} {one.conversation}".strip() for one in sorted(chosen))
    question = f"Forget {name(what)} ({counted(rounds)})?"
    if chosen and not yes and sys.stdin.isatty() and not click.confirm(question, err=True):
        say("nothing was forgotten", err=True)
        return
    try:
        for one in chosen:
            store.clear(one.key)
    except OSError as error:
        cannot(f"the history {store.path} cannot be changed: {error.strerror or error}")
    say(f"forgotten: {counted(rounds)} of {counted(len(chosen), 'conversation')}", err=True)


def _store(given: str | None) -> "HistoryStore":
    from chatproof.clients.history_store import HistoryStore  # noqa: PLC0415

    return HistoryStore(
        history_path(given), cap=None, warn=lambda text: say(f"chatproof: {name(text)}", err=True)
    )


def _all(store: "HistoryStore") -> "dict[Name, list[Round]]":
    from chatproof.chat.names import Name  # noqa: PLC0415

    return {Name.of(key): rounds for key, rounds in store.transcripts().items() if rounds}


def _named(found: "dict[Name, list[Round]]", which: str) -> "dict[Name, list[Round]]":
    """Those that are meant; ends the command where there are none."""
    wanted = which.rstrip("/")
    chosen = {one: rounds for one, rounds in found.items() if wanted in {one.url, one.conversation, one.key}}
    if not chosen:
        kept = ", ".join(f"{one.url} {one.conversation}".strip() for one in sorted(found)) or "nothing"
        cannot(f"Nothing is kept of {name(which)}; there is {name(kept)}.")
    return chosen
