"""Runs a client's program in the client's own environment, against the fake on a socket."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatfake import Handle, LiveServer, Recorded
from chatfake.core.json_text import JsonObject
from chatfake.generation.reply import report
from chatfake.request.chat_request import read_chat
from chatfake.responses.request import read_response_request
from tests.peers.peer_cases import CASES, Case
from tests.peers.peer_clients import Client

ROOT = Path(__file__).parents[2]
MODEL = "gpt-4o-mini"
#: For all cases of a client.
SECONDS = 600
CONTEXT = 128_000
#: What decides how a client behaves, and is the machine's own.
_LEFT_OUT = ("OPENAI_", "PYTHON", "CHATPROOF_", "CI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a client did: what its program said of each case, and the handle that it asked."""

    client: Client
    version: str
    outcomes: Mapping[str, Any]
    handles: Mapping[str, Handle]

    def requests(self, case: str) -> tuple[Recorded, ...]:
        """What reached the fake."""
        return self.handles[case].requests

    def expected(self, case: str) -> str:
        """The text that the fake says by default to the last request."""
        request = self.requests(case)[-1]
        assert isinstance(request.json, dict)
        body: JsonObject = {key: value for key, value in request.json.items() if value is not None}
        if "inputs" in body:  # LoRAX
            body = {"messages": [{"role": "user", "content": body["inputs"]}]}
        read = read_response_request if request.path == "/responses" else read_chat
        return report(read(body, CONTEXT))

    @property
    def results(self) -> dict[str, Any]:
        """All of it as JSON: what is written to tests/peers/results."""
        return {
            "package": self.client.package,
            "version": self.version,
            "language": self.client.language,
            "outcomes": {case: self._result(case) for case in self.outcomes},
        }

    def _result(self, case: str) -> dict[str, Any]:
        outcome = dict(self.outcomes[case])
        requests = self.requests(case)
        if outcome.get("text") and requests:
            outcome["came"] = _came(outcome["text"], self.expected(case))
        if outcome.get("came") == "whole":
            del outcome["text"]  # it is the fake's
        verdict = self.handles[case].verdict()
        if verdict.retries:
            outcome["waited as asked"] = not verdict.impatient
        return {**outcome, "requests": len(requests)}


def _came(text: str, expected: str) -> str:
    """How a text stands to the one that was to come."""
    if text == expected:
        return "whole"
    if expected.startswith(text):
        return "cut short"
    rest = iter(expected)
    return "with a hole" if all(character in rest for character in text) else "another"


def _base_url(server: LiveServer, case: Case) -> str:
    if case.dialect == "openai":
        return server.base_url
    return server.base_url.removesuffix("/v1") + f"/dialect/{case.dialect}/v1"


def _cases(client: Client) -> Mapping[str, Case]:
    """All of them; where a client's streams do not work at all, one of them says so."""
    if "SSE" not in client.unlike:
        return CASES
    return {name: case for name, case in CASES.items() if case.verb != "stream" or name == "SSE"}


def run(client: Client, environments: Path, server: LiveServer) -> Run:
    """Asks a client everything that it knows how to do, one case after the other."""
    cases = _cases(client)
    handles = {name: server.handle() for name in cases}
    for name, case in cases.items():
        case.lay(handles[name])
    asked = [
        {
            "case": name,
            "verb": case.verb,
            "base_url": _base_url(server, case),
            "api_key": handles[name].key,
            "model": MODEL,
        }
        for name, case in cases.items()
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    done = subprocess.run(
        client.command(environments),
        input="".join(json.dumps(one) + "\n" for one in asked),
        env=environment | {"PYTHONPATH": str(ROOT), "CHATPROOF_NODE": str(environments / client.environment)},
        cwd=environments,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    head, *lines = map(json.loads, done.stdout.splitlines())
    outcomes = {line["case"]: line["outcome"] for line in lines}
    return Run(client=client, version=head["version"], outcomes=outcomes, handles=handles)
