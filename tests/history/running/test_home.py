"""What is seen of a client's folder."""

from pathlib import Path

import pytest

from chatproof.history.model.plan import Spoilage
from chatproof.history.running.home import files_in, spoil_files


@pytest.mark.parametrize(
    ("folder", "file", "seen"),
    [
        (0o700, 0o644, 0o600),
        (0o750, 0o644, 0o640),
        (0o755, 0o644, 0o644),
        (0o711, 0o604, 0o604),
        (0o701, 0o660, 0o600),
    ],
)
def test_a_file_is_as_readable_as_its_folders_let_it_be(
    tmp_path: Path, folder: int, file: int, seen: int
) -> None:
    inside = tmp_path / "store"
    inside.mkdir()
    path = inside / "history.json"
    path.write_text("{}")
    path.chmod(file)
    inside.chmod(folder)
    assert files_in(tmp_path, "key")["store/history.json"].mode == seen


@pytest.mark.parametrize(
    "data", [b'{"a": 1}\n{"b": 2}\n', b"one line\n\n\nand more text", b"abcdef", b"\n\n"]
)
def test_half_of_a_file_ends_in_the_middle_of_a_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.jsonl").write_bytes(data)
    (spoiled,) = spoil_files(tmp_path, Spoilage.TRUNCATED, ()).values()
    assert data.startswith(spoiled)
    assert len(spoiled) <= len(data) // 2
    assert not spoiled.endswith(b"\n")
    assert (tmp_path / "history.jsonl").read_bytes() == spoiled
