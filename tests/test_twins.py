"""The modules for `httpx2` are those for `httpx`, and a change of either alone is seen."""

import ast
import shutil
from pathlib import Path

import pytest

from tools import twins


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A tree with one module and its twin."""
    (source, *_) = twins.sources(twins.ROOT)
    there = tmp_path / source.relative_to(twins.ROOT)
    there.parent.mkdir(parents=True)
    for path in (source, twins.twin(source)):
        shutil.copy(path, there.with_name(path.name))
    return there


def test_every_module_for_httpx2_is_written_from_its_twin() -> None:
    found = {path for package in twins.PACKAGES for path in (twins.ROOT / package).rglob("*httpx2.py")}
    assert found == {twins.twin(source) for source in twins.sources(twins.ROOT)}
    assert len(found) == 2
    for path in found:
        head, text = path.read_text(encoding="utf-8").split("\n", 1)
        source = path.with_name(path.name.replace("httpx2", "httpx"))
        assert f"Written from {source.name} " in head
        replaced = source.read_text(encoding="utf-8").replace("httpx", "httpx2")
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(replaced))
    assert twins.main(["--check"]) == 0


@pytest.mark.parametrize("changed", ["httpx.py", "httpx2.py"])
def test_change_of_one_alone_is_seen_and_mended(
    changed: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy.with_name(changed)
    path.write_text(path.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
    root = next(parent.parent for parent in copy.parents if parent.name in twins.PACKAGES)
    before = twins.twin(copy).read_text(encoding="utf-8")
    assert twins.main(["--check"], root) == 1
    assert str(twins.twin(copy)) in capsys.readouterr().err
    assert twins.twin(copy).read_text(encoding="utf-8") == before
    assert twins.main([], root) == 0
    assert ("MORE" in twins.twin(copy).read_text(encoding="utf-8")) == (changed == "httpx.py")
    assert twins.main(["--check"], root) == 0


def test_line_that_grows_too_long_is_wrapped(copy: Path) -> None:
    line = f"LONG = httpx.get({'httpx.b'.ljust(92, 'b')})"
    assert len(line) == 110
    copy.write_text(f"import httpx\n\n{line}\n", encoding="utf-8")
    assert twins.written(copy).count("\n") == 6
    assert max(map(len, twins.written(copy).splitlines())) <= 110


@pytest.mark.parametrize("text", ["import httpx, httpx2\n", "import urllib\n"])
def test_source_that_cannot_be_substituted_is_refused(text: str, copy: Path) -> None:
    copy.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="httpx"):
        twins.written(copy)
