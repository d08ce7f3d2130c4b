"""What all commands have in common: no value is empty by accident, a fault of ours is told in a sentence."""

import signal
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from chatproof.gate import Gate
from chatproof.report.console import cannot, say
from chatproof.report.exit_code import INTERRUPTED

__all__ = ["Command", "crash", "interruptible", "told_in_a_sentence"]

_MAY_BE_EMPTY = frozenset({"system_prompt"})
"""Options for which an empty text is a value like any other."""

_DEBUG = "chatproof.debug"


def _keep_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    ctx.meta[_DEBUG] = value


class Command(click.Command):
    """A command that refuses an empty value: mostly a variable that is not set, and never the default."""

    def __init__(self, *args: object, **attributes: object) -> None:
        super().__init__(*args, **attributes)  # type: ignore[arg-type]  # click's own
        self.params.append(
            click.Option(
                ["--debug"],
                is_flag=True,
                expose_value=False,
                callback=_keep_debug,
                help="Show the traceback of a fault in chatproof itself.",
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, then look for values that are empty."""
        rest = super().parse_args(ctx, args)
        for param in self.params:
            value = ctx.params.get(param.name or "")
            given = ctx.get_parameter_source(param.name or "") not in {
                click.core.ParameterSource.DEFAULT,
                click.core.ParameterSource.DEFAULT_MAP,
            }
            # several values are a tuple, in which an empty one stands as it does alone
            empty = value == "" or (isinstance(value, tuple) and "" in value)
            if given and empty and param.name not in _MAY_BE_EMPTY:
                name = param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name
                cannot(f"{name} is empty (is a variable not set?): leave it out, or give it a value.")
        return rest


@contextmanager
def told_in_a_sentence() -> Generator[None]:
    """End the command with exit code 2 where chatproof itself breaks, and with 130 where it is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        cannot("interrupted.", INTERRUPTED)
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, it is ours
        crash(f"{type(fault).__name__}: {fault}", traceback.format_exc())


def crash(what: str, trace: str) -> NoReturn:
    """End the command: chatproof broke. The traceback is for those who ask for it."""
    context = click.get_current_context(silent=True)
    if context and context.meta.get(_DEBUG):
        say(Gate().text(trace.rstrip()), err=True)
    cannot(f"chatproof itself broke: {Gate().line(what)}. Please report it (--debug shows the traceback).")


@contextmanager
def interruptible(stop: Callable[[], None] = lambda: None) -> Generator[None]:
    """Let SIGTERM end the command as Ctrl-C does, so that its reports are written; `stop` is called by both first."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        stop()
        raise KeyboardInterrupt

    kept = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
