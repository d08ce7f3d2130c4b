"""What is on record of the clients, and what is said of what they break."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.peers.histories.history_client import HERE, HistoryClient
from tests.peers.histories.history_clients import HISTORY_CLIENTS

BROKEN = ("failed", "warned")


@dataclass(frozen=True, slots=True)
class Tried:
    """What is on record of a client: outcomes by rule, and for those that are broken how."""

    client: HistoryClient
    version: str
    policy: str
    rules: Mapping[str, str]
    broken: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Remark:
    """Why clients break rules."""

    clients: tuple[str, ...]
    rules: tuple[str, ...]
    says: str
    report: str = ""


def on_record() -> list[Tried]:
    """All that is on record, in the order of the clients."""
    found: list[Tried] = []
    for client in HISTORY_CLIENTS:
        if client.result.exists():
            told: dict[str, Any] = json.loads(client.result.read_text(encoding="utf-8"))
            found.append(Tried(client, told["version"], told["policy"], told["rules"], told["broken"]))
    return found


def remarks() -> list[Remark]:
    """All remarks, of remarks.toml."""
    table = tomllib.loads((HERE / "remarks.toml").read_text(encoding="utf-8"))
    return [
        Remark(tuple(one["clients"]), tuple(one["rules"]), one["says"], one.get("report", ""))
        for one in table.get("remark", ())
    ]


def remark_on(client: str, rule: str, among: list[Remark]) -> Remark | None:
    """What is said of a client's breach of a rule."""
    return next((one for one in among if client in one.clients and rule in one.rules), None)
