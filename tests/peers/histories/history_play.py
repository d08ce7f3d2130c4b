"""Has `chatproof client` judge a client in its own environment, and keeps what came of it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.peers.histories.history_client import POLICIES, ROOT, HistoryClient

#: For all rules of a client.
SECONDS = 3600
#: For one message: a machine that does other things is slow.
PATIENCE = 120
#: Another one in each play.
_ENDPOINT = re.compile(r"http://127\.0\.0\.1:\d+/[\w./-]*?/v1")
#: What decides how a client behaves, and is the machine's own.
_LEFT_OUT = ("OPENAI_", "CHATPROOF_", "CI")


class PlayError(RuntimeError):
    """Nothing was judged; the text says why."""


def played(client: HistoryClient, environments: Path) -> dict[str, Any]:
    """Plays all fixed conversations with a client: what its result file holds. No random ones: the same comes each time.

    Raises:
        PlayError: the run could not be made.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "result.json")
        told = subprocess.run(
            [
                *(sys.executable, "-m", "chatproof", "client", *client.options(environments)),
                *("--policy", str(POLICIES / f"{client.policy}.toml"), "--examples", "0"),
                *("--timeout", str(PATIENCE), "--json", str(file)),
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if told.returncode not in (0, 1):
            raise PlayError(f"{client.name}: {told.stdout[-2000:]}{told.stderr[-2000:]}")
        document = json.loads(file.read_text(encoding="utf-8"))
    return _kept(client, document)


def _kept(client: HistoryClient, document: dict[str, Any]) -> dict[str, Any]:
    """Of the result document what does not differ from run to run, but for the words that were said."""
    cases = document["cases"]
    policy = document["target"]["policy"]
    return {
        "package": client.package,
        "version": client.version,
        "policy": policy,
        "rules": {case["id"]: case["outcome"] for case in cases},
        "broken": {
            case["id"]: {"level": case["level"], **_story(case["message"], policy)}
            for case in cases
            if case["outcome"] in ("failed", "warned")
        },
    }


def _story(message: str, policy: str) -> dict[str, str]:
    """What is wrong, and the shortest conversation that shows it: a rule's message without what the page has elsewhere."""
    _, wrong, caption, *lines = _ENDPOINT.sub("http://endpoint/v1", message).splitlines()
    return {"wrong": wrong, "played": caption.removesuffix(f", {policy}"), "conversation": "\n".join(lines)}
