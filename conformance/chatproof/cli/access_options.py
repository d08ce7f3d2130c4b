"""The options that say what lets a command in at an endpoint."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from chatproof.probe import Access, HeaderError, headers_of
from chatproof.report.console import cannot

__all__ = ["access_of", "access_options"]

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--api-key-env",
        metavar="NAME",
        default="OPENAI_API_KEY",
        show_default=True,
        help="The environment variable that holds the key.",
    ),
    click.option(
        "-H",
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="A header for every request; may be given several times. VALUE may be '$VARIABLE', and is not shown"
        " where it could be a secret.",
    ),
    click.option(
        "--cacert", metavar="FILE", help="The certificates to trust, in PEM, in place of the system's."
    ),
    click.option("--insecure", is_flag=True, help="Check no certificates."),
)


def access_options(function: Function) -> Function:
    """Adds the options; what they were given comes as keyword arguments, which `access_of` takes but the variable."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def access_of(headers: tuple[str, ...], cacert: str | None, *, insecure: bool) -> Access:
    """What was given. Ends the command where a header cannot be sent."""
    try:
        return Access(headers=headers_of(headers, os.environ), cacert=cacert, insecure=insecure)
    except HeaderError as error:
        cannot(str(error))
