"""Where chatproof itself breaks: exit code 2 and a sentence, and the report that stood there stays."""

import contextlib
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatproof.cli import main
from chatproof.report.files import refuse_unwritable, replacing, write_text


def broken(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    def fault(*_: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr("chatproof.cli.check._pytest", fault)
    return CliRunner().invoke(main, ["check", *arguments])


def test_a_fault_of_ours_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("the former one")
    run = broken(monkeypatch, "--json", str(report))
    assert run.exit_code == 2
    assert run.stderr == (
        "chatproof: chatproof itself broke: KeyError: 'a fault of ours'."
        " Please report it (--debug shows the traceback).\n"
    )
    assert report.read_text() == "the former one"


def test_debug_shows_where(monkeypatch: pytest.MonkeyPatch) -> None:
    run = broken(monkeypatch, "--debug")
    assert run.exit_code == 2
    assert "Traceback" in run.stderr


def test_a_fault_inside_the_session_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("the former one")
    monkeypatch.setattr("chatproof.cli.check.row", lambda *_: 1 / 0)
    run = CliRunner().invoke(main, ["check", "-k", "http.utf8", "--json", str(report)])
    assert run.exit_code == 2
    assert "chatproof itself broke: ZeroDivisionError: division by zero." in run.stderr
    assert "Traceback" not in run.stderr
    assert report.read_text() == "the former one"


def test_a_report_takes_the_place_of_the_former_one_when_it_is_whole(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("the former one")
    report.chmod(0o640)
    with contextlib.suppress(RuntimeError), replacing(str(report)) as file:
        file.write(b"half of")
        raise RuntimeError
    assert report.read_text() == "the former one"
    refuse_unwritable(str(report))
    assert report.read_text() == "the former one"
    write_text(str(report), "a lone \ud800")
    assert report.read_text() == "a lone \\ud800"
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [report]


def test_what_is_no_file_is_written_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(str(pipe), "through a pipe")
    assert os.read(reader, 99) == b"through a pipe"
    os.close(reader)
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    write_text(str(link), "behind a link")
    assert link.is_symlink()
    assert target.read_text() == "behind a link"


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    refuse_unwritable(str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []
    for path in (tmp_path, tmp_path / "no" / "such"):
        with pytest.raises(OSError, match="directory"):
            refuse_unwritable(str(path))


def test_a_pipe_is_written_though_no_name_leads_to_it() -> None:
    read, write = os.pipe()
    try:
        refuse_unwritable(f"/dev/fd/{write}")
        write_text(f"/dev/fd/{write}", "the report")
        assert os.read(read, 100) == b"the report"
    finally:
        os.close(read)
        os.close(write)


def test_a_named_pipe_is_not_opened_before_its_report(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refuse_unwritable(str(pipe))  # it would wait for a reader for ever
    assert pipe.is_fifo()
