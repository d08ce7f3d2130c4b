"""What is on record of the clients: `results/`, which `.ci/peers` writes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.peers.peer_clients import CLIENTS, Client

RESULTS = Path(__file__).with_name("results")


class Result(NamedTuple):
    """What is on record of a client."""

    client: Client
    version: str
    outcomes: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How tables name it."""
        language = " (Node)" if self.client.language == "Node" else ""
        return f"{self.client.package}{language} {self.version}"


def on_record() -> list[Result]:
    """All that is on record, by name."""
    found: list[Result] = []
    for client in CLIENTS:
        path = RESULTS / f"{client.environment}.json"
        if path.exists():
            told = json.loads(path.read_text(encoding="utf-8"))
            found.append(Result(client, told["version"], told["outcomes"]))
    return sorted(found, key=lambda result: result.name)
