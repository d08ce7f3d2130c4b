"""What tests of options have in common."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for this test alone."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
