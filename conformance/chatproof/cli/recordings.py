"""`chatproof serve --record` and `--replay`: what belongs together, and what does not."""

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from chatproof.report.console import cannot, say

if TYPE_CHECKING:
    from chatfake import Recorder, Replay

__all__ = ["check_together", "recorder_of", "replay_of"]

#: They choose what the fake says, which a recorder and a recording do not ask it.
_FAKE_ONLY = ("models", "scenario", "script", "dialect", "latency", "lenient", "context_length")


def check_together(context: click.Context) -> None:
    """Ends the command where options are given that have no meaning beside one another."""
    given = {name for name in context.params if context.get_parameter_source(name) != ParameterSource.DEFAULT}
    if {"record", "replay"} <= given:
        cannot("--record and --replay are two ways to serve; choose one")
    if ("record" in given) != ("upstream" in given):
        cannot("--record DIR and --upstream URL belong together")
    if "replay_speed" in given and "replay" not in given:
        cannot("--replay-speed is for --replay")
    mode = next((name for name in ("record", "replay") if name in given), None)
    others = [f"--{name.replace('_', '-')}" for name in _FAKE_ONLY if name in given]
    if mode and others:
        cannot(f"--{mode} does not go with {', '.join(others)}, which tells the fake what to say")
    if mode and context.params["workers"] != 1:
        cannot(f"--{mode} counts repeats of a request, which is done in one process; leave out --workers")


def recorder_of(record: str | None, upstream: str | None) -> "Recorder | None":
    """The recorder, or none."""
    if record is None or upstream is None:
        return None
    from chatfake import Recorder, RecordingError, UpstreamError  # noqa: PLC0415

    try:
        return Recorder(record, upstream, tell=lambda line: say(f"chatproof: {line}", err=True))
    except (RecordingError, UpstreamError) as error:
        cannot(str(error))


def replay_of(replay: str | None, speed: float) -> "Replay | None":
    """The recordings, or none."""
    if replay is None:
        return None
    from chatfake import Replay  # noqa: PLC0415

    try:
        return Replay(replay, speed=speed)
    except ValueError as error:  # a recording that is none, or a speed
        cannot(str(error))
