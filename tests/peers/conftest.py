"""Real peers: SDK versions in environments of their own, real servers from wheels."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatfake import LiveServer

OPENAI_2 = "openai==2.54.0"


@pytest.fixture(scope="session")
def openai_2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with version 2 of the openai SDK, which goes on PYTHONPATH; the environment has version 3.

    `CHATPROOF_OPENAI_2` names one that is there already.
    """
    if given := os.environ.get("CHATPROOF_OPENAI_2"):
        return Path(given)
    folder = tmp_path_factory.mktemp("openai2")
    install = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), OPENAI_2],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if install.returncode and not os.environ.get("CI"):
        pytest.skip(f"cannot install {OPENAI_2} ({install.stderr.strip()[-200:]}); set CHATPROOF_OPENAI_2")
    assert install.returncode == 0, install.stderr
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    """The fake on a socket."""
    with LiveServer() as live:
        yield live
