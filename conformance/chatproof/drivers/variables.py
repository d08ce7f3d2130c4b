"""The variables of a process in which a client lives: its home is a folder of its own, its endpoint near."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["lived_in", "put", "variables_at"]

_NEAR = "127.0.0.1,localhost"

_ELSEWHERE = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Where a client would store instead of at home: what its user has there is not for a judge."""


def variables_at(home: Path, now: Mapping[str, str]) -> dict[str, str | None]:
    """What has to be set, or with None unset, for a client that lives in that folder. No proxy stands between."""
    proxies = {name: ",".join(filter(None, (_NEAR, now.get(name, "")))) for name in ("NO_PROXY", "no_proxy")}
    return {"HOME": str(home), "USERPROFILE": str(home), **dict.fromkeys(_ELSEWHERE), **proxies}


@contextmanager
def lived_in(home: Path) -> Generator[None]:
    """Lets a client live in this process, which has its variables and folder back at the end."""
    wanted = variables_at(home, os.environ)
    before, folder = {name: os.environ.get(name) for name in wanted}, Path.cwd()
    put(wanted)
    try:
        yield
    finally:
        put(before)
        os.chdir(folder)


def put(variables: Mapping[str, str | None]) -> None:
    """Sets variables of this process, and unsets those that are None."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
