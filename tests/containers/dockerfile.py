"""Enough of a Dockerfile to carry it out in a folder, without an engine: no root, no layers, one file system."""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Built", "Instruction", "build", "instructions"]

#: Absolute paths of the image, which stand below the folder here.
_PLACES = re.compile(r"(?<![\w./])/(opt|src)(?=[/\s\"':]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One line of a Dockerfile: `COPY`, and what comes after it."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The exec form's array, else the words."""
        words: list[str] = json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)
        return words


@dataclass(slots=True, kw_only=True)
class Built:
    """What became of it: the environment, and how it is started."""

    root: Path
    environment: dict[str, str]
    entrypoint: list[str] = field(default_factory=list[str])
    health: list[str] = field(default_factory=list[str])
    user: str = ""


def instructions(text: str) -> tuple[Instruction, ...]:
    """The instructions in order, continued lines joined, comments left out."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    pairs = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return tuple(Instruction(name=name, text=rest.strip()) for name, _, rest in pairs)


def build(steps: tuple[Instruction, ...], context: Path, root: Path, python: Path) -> Built:
    """Carries the steps out below `root`; `python` is the folder of the interpreter that the image would have."""
    system = os.environ.get("PATH", "")
    built = Built(root=root, environment={})
    here = root
    for step in steps:
        text = _PLACES.sub(lambda found: f"{root}/{found[1]}", step.text)
        match step.name:
            case "FROM":
                assert step.text.split()[0] == "python:3.13-slim"
                built.environment = {**_outer(), "PATH": f"{python}:{system}"}
                here = root
            case "WORKDIR":
                here = Path(text)
                here.mkdir(parents=True, exist_ok=True)
            case "COPY":
                _copy(text.split(), context, here)
            case "RUN":
                subprocess.run(
                    ["/bin/sh", "-c", text], cwd=here, env=built.environment, check=True, timeout=300
                )
            case "ENV":
                for name, value in (word.split("=", 1) for word in shlex.split(text)):
                    built.environment[name] = value.replace("$PATH", built.environment["PATH"])
            case "ENTRYPOINT":
                built.entrypoint = step.words
            case "HEALTHCHECK":
                built.health = json.loads(step.text.partition("CMD ")[2])
            case "USER":
                built.user = step.text
            case "EXPOSE" | "STOPSIGNAL":
                pass
            case _:
                raise AssertionError(f"{step.name} is not understood here")
    return built


def _outer() -> dict[str, str]:
    """What pip needs of the machine: its settings and certificates, and a home."""
    kept = ("HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
    machine = {name: value for name, value in os.environ.items() if name in kept or name.startswith("PIP_")}
    return {**machine, "PIP_NO_COMPILE": "1"}  # it would cost a third of the time


def _copy(words: list[str], context: Path, here: Path) -> None:
    if words[0].startswith("--from="):
        assert words[1] == words[2], "an environment knows its path, and stays where it was made"
        assert Path(words[1]).is_dir()
        return
    *sources, target = words
    for source in sources:
        place = here / target
        if (context / source).is_dir():
            shutil.copytree(
                context / source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(context / source, place)
