"""Options that the command line leaves open: from variables, then from the nearest pyproject.toml that has some.

`CHATPROOF_CHECK_TIMEOUT` and `timeout` in `[tool.chatproof.check]` stand for `chatproof check --timeout`.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import click

from chatproof.gate.masking import look_alikes_masked
from chatproof.probe import carries_key
from chatproof.report.toml import read_toml

__all__ = ["CONFIGURABLE", "FILE", "ConfigurationError", "Setting", "misspelt", "settings", "variables"]

CONFIGURABLE = ("check", "client", "serve", "validate")
"""The commands whose options can stand elsewhere."""

FILE = "pyproject.toml"

_ONLY_TYPED = frozenset({"debug", "from", "list", "write-baseline"})
"""For one run: elsewhere they would let every run pass, or make none."""

_PATHS = frozenset({"FILE", "DIR"})
_TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_NEAR_ENOUGH = 0.85


class ConfigurationError(ValueError):
    """A file or a variable says what cannot be meant; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value for an option, as it stands in a variable, or in a table of a file."""

    value: Any
    name: str
    file: str = ""
    table: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.name} in [{self.table}]" if self.file else self.name


def settings(command: click.Command, environ: Mapping[str, str], folder: Path) -> dict[click.Option, Setting]:
    """What is set for a command's options: by variables, or by the file that is found from a folder upwards.

    The value of a flag is a bool, that of an option which may come several times a list.

    Raises:
        ConfigurationError: there is no such option, the value is of another type, or it is a key.
    """
    return {**_from_file(command, folder), **_from_variables(command, environ)}


def variables(command: click.Command) -> dict[str, click.Option]:
    """The options that can be set elsewhere, by their variables."""
    prefix = _prefix(command)
    return {prefix + name.upper().replace("-", "_"): option for name, option in _options(command).items()}


def misspelt(command: click.Command, environ: Collection[str]) -> Iterator[tuple[str, str]]:
    """Variables that are nearly those of an option, each with the right one."""
    known = variables(command)
    for name in environ:
        if name.startswith(_prefix(command)) and name not in known:
            for near in get_close_matches(name, known, n=1, cutoff=_NEAR_ENOUGH):
                yield name, near


def _prefix(command: click.Command) -> str:
    return f"CHATPROOF_{command.name}_".upper()


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options that can be set elsewhere, by their long names."""
    options = [param for param in command.params if isinstance(param, click.Option)]
    long = {name[2:]: option for option in options for name in option.opts if name.startswith("--")}
    return {name: option for name, option in long.items() if name not in _ONLY_TYPED}


def _from_variables(command: click.Command, environ: Mapping[str, str]) -> dict[click.Option, Setting]:
    return {
        option: Setting(value=_parsed(option, name, environ[name]), name=name)
        for name, option in variables(command).items()
        if name in environ
    }


def _parsed(option: click.Option, name: str, text: str) -> bool | str | list[str]:
    if not option.is_flag:
        return text.splitlines() or [""] if option.multiple else text
    if text.lower() not in _TRUTH:
        raise ConfigurationError(f"{name} is to be true or false.")
    return _TRUTH[text.lower()]


def _from_file(command: click.Command, folder: Path) -> dict[click.Option, Setting]:
    file, tables = _nearest(folder)
    options = _options(command)
    found: dict[click.Option, Setting] = {}
    for name, value in _table(file, tables, command.name or "").items():
        setting = Setting(value=value, name=name, file=file, table=f"tool.chatproof.{command.name}")
        if name == "api-key" and "api-key-env" in options:
            option, setting = options["api-key-env"], _key_by_name(setting)
        elif name in options:
            option = options[name]
        else:
            raise ConfigurationError(f"{setting} is no option that can stand there{_near(name, options)}.")
        if option in found:
            raise ConfigurationError(f"{setting} says what {found[option].name} says: leave one of them out.")
        _check_type(option, setting)
        found[option] = _beside(option, setting)
    return found


def _nearest(folder: Path) -> tuple[str, dict[str, Any]]:
    """The file, named from that folder on, and its tables for commands; nothing where there is none."""
    for parent in (folder, *folder.parents):
        if not os.path.isfile(parent / FILE):  # noqa: PTH113  Path's own raises where a folder cannot be entered
            continue
        shown = os.path.relpath(parent / FILE, folder)
        try:
            tool = read_toml(parent / FILE, holding=b"chatproof").get("tool")
        except ValueError as error:
            raise ConfigurationError(f"{shown} {error}") from None
        if isinstance(tool, dict) and "chatproof" in tool:
            return shown, _mapping(cast("dict[str, Any]", tool)["chatproof"], f"{shown}: [tool.chatproof]")
    return "", {}


def _table(file: str, tables: dict[str, Any], command: str) -> dict[str, Any]:
    for name in tables:
        if name not in CONFIGURABLE:
            raise ConfigurationError(
                f"{file}: {name} in [tool.chatproof] is no command{_near(name, CONFIGURABLE)}."
                " An option stands in the table of its command, such as [tool.chatproof.check]."
            )
    return _mapping(tables.get(command, {}), f"{file}: [tool.chatproof.{command}]")


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where} is to be a table.")
    return cast("dict[str, Any]", value)


def _near(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name.replace("_", "-"), names, n=3)
    return f"; near are {', '.join(near)}" if near else f"; there are {', '.join(names)}"


def _key_by_name(setting: Setting) -> Setting:
    match = re.fullmatch(r"\$([A-Za-z_]\w*)", str(setting.value), re.ASCII)
    if not match:
        raise ConfigurationError(f"{setting} is to name a variable, '$NAME': a key must not stand in a file.")
    return replace(setting, value=match[1])


def _check_type(option: click.Option, setting: Setting) -> None:
    """Refuse what click would make a value of (`true` is no number, `1.5` no whole one), and keys."""
    kinds: tuple[tuple[bool, tuple[type, ...], str], ...] = (
        (option.is_flag, (bool,), "true or false"),
        (isinstance(option.type, click.types.IntParamType), (int,), "a whole number"),
        (isinstance(option.type, click.types.FloatParamType), (int, float), "a number"),
        (True, (str,), "a string"),
    )
    types, words = next((types, words) for holds, types, words in kinds if holds)
    given = setting.value
    values = cast("list[object]", given) if isinstance(given, list) else [given]
    right = all(type(value) in types for value in values)
    if not right or option.multiple != isinstance(given, list):
        raise ConfigurationError(f"{setting} is to be {'a list, each ' if option.multiple else ''}{words}.")
    texts = map(str, values)
    if any(
        look_alikes_masked(text) != text or (option.name == "headers" and carries_key(text)) for text in texts
    ):
        raise ConfigurationError(f"{setting} holds a key: name a variable there, '$NAME'.")


def _beside(option: click.Option, setting: Setting) -> Setting:
    """A path in a file starts where the file is."""
    if option.metavar not in _PATHS or setting.value in {"", "-"}:
        return setting
    return replace(setting, value=str(Path(setting.file).parent / setting.value))
