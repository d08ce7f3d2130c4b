"""What all commands have in common: no value is empty by accident, a fault of ours is told in a sentence."""

import math
import os
import signal
import tempfile
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from chatproof.cli.configuration import (
    CONFIGURABLE,
    FILE,
    ConfigurationError,
    Setting,
    misspelt,
    settings,
    variables,
)
from chatproof.gate import Gate
from chatproof.gate.escaping import line
from chatproof.report.console import cannot, say
from chatproof.report.exit_code import INTERRUPTED

__all__ = ["Command", "Seconds", "crash", "interruptible", "scratch", "told_in_a_sentence"]

_MAY_BE_EMPTY = frozenset({"system_prompt"})
"""Options for which an empty text is a value like any other."""

_EMPTY = "{} is empty (is a variable not set?): leave it out, or give it a value."

_DEBUG = "chatproof.debug"


def _keep_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  as click calls it
    ctx.meta[_DEBUG] = value


class Seconds(click.FloatRange):
    """A time within a range. `nan` lies in every range for click, and `inf` is no time that anyone can wait."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises `click.BadParameter` where it is none, or out of range."""
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{seconds} is no number of seconds.", param, ctx)
        return seconds


class Command(click.Command):
    """A command that refuses an empty value: mostly a variable that is not set, and never the default.

    What the command line leaves open is taken from variables and from pyproject.toml (`cli/configuration.py`).
    """

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
        if self.is_configurable:
            for variable, option in variables(self).items():
                option.help = f"{option.help} [env var: {variable}]"
            self.epilog = (
                f"{self.epilog}\n\n\b\nOptions can stand in {FILE}, too: [tool.chatproof.{self.name}]."
            )

    @property
    def is_configurable(self) -> bool:
        """Whether variables and pyproject.toml speak of it by its name."""
        return self.name in CONFIGURABLE

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, look for values that are empty, then take from elsewhere what was left open."""
        rest = super().parse_args(ctx, args)
        for param in self.params:
            value = ctx.params.get(param.name or "")
            given = ctx.get_parameter_source(param.name or "") != ParameterSource.DEFAULT
            # several values are a tuple, in which an empty one stands as it does alone
            empty = value == "" or (isinstance(value, tuple) and "" in value)
            if given and empty and param.name not in _MAY_BE_EMPTY:
                cannot(
                    _EMPTY.format(
                        param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name
                    )
                )
        if self.is_configurable:
            self._configure(ctx)
        return rest

    def _configure(self, ctx: click.Context) -> None:
        try:
            found = settings(self, os.environ, Path.cwd())
        except ConfigurationError as error:
            cannot(Gate().line(str(error)))
        taken = [
            setting
            for option, setting in found.items()
            if ctx.get_parameter_source(option.name or "") == ParameterSource.DEFAULT
            and _take(ctx, option, setting)
        ]
        for told in _origins(taken, misspelt(self, os.environ)):
            say(f"chatproof: {told}", err=True)


def _take(ctx: click.Context, option: click.Option, setting: Setting) -> bool:
    """Set an option; whether that says anything: a flag that is false says nothing."""
    name, value = option.name or "", setting.value
    if (value == "" or (isinstance(value, list) and "" in value)) and name not in _MAY_BE_EMPTY:
        cannot(_EMPTY.format(setting))
    if option.is_flag and not value:
        return False
    try:
        ctx.params[name] = option.process_value(ctx, value)
    except click.BadParameter as error:
        cannot(Gate().line(f"{setting}: {error.message}"))
    ctx.set_parameter_source(name, ParameterSource.DEFAULT_MAP)
    return True


def _origins(taken: list[Setting], near: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a run has of elsewhere, in sentences."""
    for file in dict.fromkeys(setting.file for setting in taken):
        names = ", ".join(setting.name for setting in taken if setting.file == file)
        yield f"options from {line(file) or 'the environment'}: {names}"
    for wrong, right in near:
        yield f"the variable {wrong} is that of no option; is {right} meant?"


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


@contextmanager
def scratch() -> Generator[None]:
    """A folder for what hypothesis writes, so that it leaves nothing in the current one."""
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    with tempfile.TemporaryDirectory(prefix="chatproof-") as folder:
        kept = os.environ.get(name)
        os.environ[name] = folder
        try:
            yield
        finally:
            del os.environ[name]
            if kept is not None:
                os.environ[name] = kept
