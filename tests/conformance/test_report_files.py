"""Reports that are written beside what stands there."""

import os
from pathlib import Path

from chatproof.report.files import refuse_unwritable, write_text


def test_what_a_killed_run_left_is_written_over(tmp_path: Path) -> None:
    report, left = tmp_path / "r.json", tmp_path / f".r.json.{os.getpid()}.part"
    left.write_text("half a rep")
    write_text(str(report), "whole")
    assert (report.read_text(), left.exists()) == ("whole", False)


def test_a_link_in_the_place_of_the_part_is_not_followed(tmp_path: Path) -> None:
    other, left = tmp_path / "other", tmp_path / f".r.json.{os.getpid()}.part"
    other.write_text("mine")
    left.symlink_to(other)
    write_text(str(tmp_path / "r.json"), "whole")
    assert (other.read_text(), (tmp_path / "r.json").read_text()) == ("mine", "whole")


def test_a_report_keeps_the_mode_of_the_one_before(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    report.write_text("before")
    report.chmod(0o600)
    write_text(str(report), "after")
    assert (report.read_text(), report.stat().st_mode & 0o777) == ("after", 0o600)


def test_to_look_whether_a_file_can_be_written_leaves_none(tmp_path: Path) -> None:
    refuse_unwritable(str(tmp_path / "r.json"))
    assert [*tmp_path.iterdir()] == []
