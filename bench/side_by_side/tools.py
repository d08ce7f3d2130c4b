"""The tools that are compared: how each is installed, called as its users call it, and read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.side_by_side.served import MODEL

from chatproof.selftest.endpoint.wrapping import KEY

__all__ = ["TOOLS", "Said", "Tool"]

_ROOT = Path(__file__).parents[2]
_SDK = _ROOT / "tests" / "peers" / "requirements" / "openai-3.txt"
_SECONDS = 900
_LEFT_OUT = ("OPENAI_", "OPENRESPONSES_", "COMPATCANARY_", "CHATPROOF_", "PYTHON", "CI")
"""What would change how a tool runs, and is the machine's own."""

RUN = "the run"
"""The check that fails where a tool gives no report at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a tool said of an endpoint: `failed` or `warned` by check, and the worst exit code of its commands."""

    found: Mapping[str, str]
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One that is compared: `commands` makes the command lines, `read` a verdict of what one of them wrote."""

    name: str
    about: str
    install: Callable[[Path], None]
    version: Callable[[Path], str]
    commands: Callable[[Path, str], tuple[list[str], ...]]
    read: Callable[[Any], dict[str, str]]

    def ask(self, folder: Path, url: str) -> Said:
        """Run it on an endpoint."""
        found: dict[str, str] = {}
        codes = [0]
        for number, command in enumerate(self.commands(folder, url)):
            done = subprocess.run(
                command,
                env=_environment(self),
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=_SECONDS,
            )
            codes.append(done.returncode)
            try:
                read = self.read(json.loads(done.stdout))
            except (ValueError, KeyError, TypeError):
                read = {f"{RUN} {number + 1}": "failed"}
            found |= read
        return Said(found=found, code=max(codes, key=abs))


def _environment(tool: Tool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    own = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")} if tool.name == "chatproof" else {}
    return {**kept, **own, "OPENAI_API_KEY": KEY, "OPENRESPONSES_API_KEY": KEY}


def _out(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _pip(*wanted: str) -> Callable[[Path], None]:
    def install(folder: Path) -> None:
        _out(sys.executable, "-m", "venv", folder)
        _out(folder / "bin" / "pip", "install", "-qq", *wanted)

    return install


def _npm(*wanted: str) -> Callable[[Path], None]:
    return lambda folder: print(
        _out(
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            folder,
            *wanted,
        ),
        end="",
    )


def _installed(package: str) -> Callable[[Path], str]:
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return lambda folder: _out(folder / "bin" / "python", "-c", code)


def _compatcanary(folder: Path) -> str:
    return str(folder / "node_modules" / ".bin" / "compatcanary")


_OUTCOMES = {"failed": "failed", "error": "failed", "fail": "failed", "warned": "warned", "warn": "warned"}


def _chatproof_read(report: Any) -> dict[str, str]:
    found = {
        case["id"]: _OUTCOMES[case["outcome"]] for case in report["cases"] if case["outcome"] in _OUTCOMES
    }
    return found if report["whole"] else {**found, RUN: "failed"}


def _llm_comply_read(report: Any) -> dict[str, str]:
    found = {one["id"]: "warned" for one in report["results"] if one.get("warnings")}
    return found | {one["id"]: "failed" for one in report["results"] if one["status"] == "failed"}


def _compatcanary_read(report: Any) -> dict[str, str]:
    return {one["id"]: _OUTCOMES[one["status"]] for one in report["results"] if one["status"] in _OUTCOMES}


def _llm_comply(folder: Path, url: str) -> tuple[list[str], ...]:
    common = [str(folder / "bin" / "llm-comply"), "-u", url, "-k", KEY, "-m", MODEL, "--json"]
    return ([*common, "--format", "openai-chat"], [*common, "--format", "open-responses"])


_TABLE = (
    Tool(
        name="chatproof",
        about="`chatproof check URL`",
        install=lambda _: None,
        version=lambda _: _out(sys.executable, "-c", "import chatproof; print(chatproof.__version__)"),
        commands=lambda _, url: ([sys.executable, "-m", "chatproof", "check", url, "--json", "-"],),
        read=_chatproof_read,
    ),
    Tool(
        name="llm-comply",
        about="`llm-comply -u URL -k KEY -m MODEL`, once with `--format openai-chat` and once with `open-responses`",
        install=_pip("llm-comply==0.5.0"),
        version=_installed("llm-comply"),
        commands=_llm_comply,
        read=_llm_comply_read,
    ),
    Tool(
        name="compatcanary",
        about="`compatcanary scan --base-url URL --model MODEL`, whose default is the profile `modern`",
        install=_npm("compatcanary@0.2.2"),
        version=lambda folder: _out(_compatcanary(folder), "--version"),
        commands=lambda folder, url: (
            [_compatcanary(folder), "scan", "--base-url", url, "--model", MODEL, "--format", "json"],
        ),
        read=_compatcanary_read,
    ),
    Tool(
        name="openai",
        about="`bench/side_by_side/strict_sdk.py`: the ordinary calls, with `_strict_response_validation=True`",
        install=_pip("-r", str(_SDK)),
        version=_installed("openai"),
        commands=lambda folder, url: (
            [str(folder / "bin" / "python"), str(Path(__file__).with_name("strict_sdk.py")), url, MODEL],
        ),
        read=lambda report: dict.fromkeys(report, "failed"),
    ),
)

TOOLS = {tool.name: tool for tool in _TABLE}
"""By name, chatproof first."""
