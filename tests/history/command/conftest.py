"""Each test is in a folder of its own."""

from pathlib import Path

import pytest

from tests.history.command.commanding import HARMFUL


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for this test alone, with clients in it; sys.path is put back as well."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "harm.py").write_text(HARMFUL)
    return tmp_path
