"""`chatproof chat`: talk to an endpoint. What does it is in `chatproof.chat`: `--help` waits for none of it."""

from typing import Any

import click

from chatproof.cli.access_options import access_options
from chatproof.cli.command import Command, Seconds
from chatproof.cli.history_options import history_file_option

__all__ = ["chat"]


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof chat http://localhost:8000/v1 "What is 2+2?"     one message; the next one goes on from there
  chatproof chat http://localhost:8000/v1                    a conversation; /help shows its commands
  git diff | chatproof chat http://localhost:8000/v1         standard input is the message
  chatproof chat http://localhost:8000/v1 --no-history "…"   nothing is remembered, nothing is kept
  chatproof chat http://localhost:8000/v1 --conversation tests --system "Be brief." "…"
  chatproof chat http://localhost:8000/v1 --model big --model small "…"
  MY_KEY=sk-… chatproof chat https://host/v1 --api-key-env MY_KEY "…"
  chatproof chat-history show http://localhost:8000/v1       what was said

\b
Exit code: 0 there was a reply, 1 there was none (nothing is kept of the round then), 2 it could not be asked
for, 130 interrupted.""",
)
@click.argument("url")
@click.argument("text", required=False)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="The model to ask; given several times, the next one where one fails. [default: the first one listed]",
)
@click.option("--system", "system_prompt", metavar="TEXT", default="", help="The system prompt.")
@click.option(
    "--conversation",
    metavar="NAME",
    default="default",
    show_default=True,
    help="Which conversation with this endpoint to go on with.",
)
@click.option(
    "--history-limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Send at most N messages of history, in whole rounds; with 0 none. The last 1000 are kept."
    " [default: send all]",
)
@click.option("--no-history", is_flag=True, help="Begin anew, and write nothing down.")
@history_file_option
@click.option("--no-stream", is_flag=True, help="Ask for the reply in one piece.")
@click.option(
    "--repl",
    is_flag=True,
    help="Take each line of standard input as a message or a command, with the prompt '> ' on standard output.",
)
@access_options
@click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="So long the endpoint may say nothing; a whole reply may take ten times as long.",
)
def chat(**given: Any) -> None:
    """Talk to the chat endpoint at URL.

    With TEXT, the reply is printed as it comes, and nothing else on standard output. TEXT is standard input where it
    is -, or left out and standard input is no terminal. At a terminal without TEXT, a conversation begins.

    What was said before in the same conversation with the same URL goes with each message.
    """
    from chatproof.cli.chat_session import ChatOptions, run  # noqa: PLC0415  it imports the clients

    run(ChatOptions(**given))
