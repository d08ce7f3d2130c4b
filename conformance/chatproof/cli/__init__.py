"""The command line. Each command is a module of its own; what it needs is imported when it is called."""

from importlib import import_module
from typing import Any, ClassVar

import click

from chatproof.cli.command import told_in_a_sentence
from chatproof.findings.version import __version__

__all__ = ["main"]


class _Lazy(click.Group):
    """A group that imports a command when it is used: `--help` and `serve` must not wait for hypothesis."""

    COMMANDS: ClassVar[dict[str, tuple[str, str, str]]] = {
        "chat": ("chatproof.cli.chat", "chat", "Talk to a chat endpoint; the conversation is kept."),
        "chat-history": ("chatproof.cli.chat_history", "chat_history", "Show or forget what was said."),
        "check": ("chatproof.cli.check_options", "check", "Judge a chat endpoint."),
        "client": ("chatproof.cli.client", "client_command", "Judge a client that keeps a history."),
        "explain": ("chatproof.cli.explain", "explain_command", "Explain a rule or a case."),
        "schemas": ("chatproof.cli.schemas", "schemas", "Give out the contract as JSON Schemas."),
        "selftest": ("chatproof.cli.selftest", "selftest", "Try the judge on clients with known mistakes."),
        "serve": ("chatproof.cli.serve", "serve", "Run the fake chat server."),
        "validate": ("chatproof.cli.validate", "validate", "Judge recorded answers."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in order."""
        del ctx
        return list(self.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, imported now."""
        del ctx
        if cmd_name not in self.COMMANDS:
            return None
        module, name, _ = self.COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a fault of chatproof ends it with exit code 2, never with 1."""
        with told_in_a_sentence():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, each in one line, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self.COMMANDS.items()])


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  chatproof check http://localhost:8000/v1      judge a deployment
  chatproof client my_bot.py:make --window 10   judge a client that keeps a history
  chatproof validate tests/cassettes/*.json     judge recorded answers
  chatproof explain record.empty-choices        what a rule asks, why, and what to do
  chatproof chat http://localhost:8000/v1       talk to it
  chatproof serve                               a fake endpoint to test against""",
)
@click.version_option(__version__, prog_name="chatproof")
def main() -> None:
    """Find what is wrong with OpenAI-compatible chat endpoints, and with their clients."""
