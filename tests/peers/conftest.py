"""Real peers: SDK versions in environments of their own, real servers from wheels."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatfake import LiveServer


@pytest.fixture(scope="session")
def environments() -> Path:
    """The folder of clients' environments, which `.ci/peers` makes; `CHATPROOF_PEERS` names it."""
    given = os.environ.get("CHATPROOF_PEERS")
    if not given:
        pytest.skip("CHATPROOF_PEERS names no folder of environments; `.ci/peers` makes one, and runs this")
    return Path(given)


@pytest.fixture(scope="session")
def openai_2(environments: Path) -> Path:
    """The packages of version 2 of the openai SDK, which go on PYTHONPATH; our own environment has version 3."""
    mine = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = environments / "openai-2" / "lib" / mine / "site-packages"
    if not packages.is_dir():
        pytest.skip(f"{environments} has no openai-2 for {mine}; `.ci/peers` makes it")
    return packages


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """The fake on a socket."""
    with LiveServer() as live:
        yield live
