"""What a client does to its process changes nothing for its judge, and nothing for the next client."""

import os
import select
from pathlib import Path

import pytest

from chatproof.drivers import ProcessDriver, Saying
from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Hung, Raised, Returned
from chatproof.stage import FakeStage
from tests.drivers.opened import HOSTS, driver_for, endpoint_at, opened
from tests.stage.asking import said


@pytest.mark.parametrize(
    ("act", "ending"),
    [
        ("exits", Raised(error="the client ended the process with status 3")),
        ("crashes", Raised(error="the client ended the process with status -11 (SIGSEGV)")),
        ("hangs", Hung(seconds=2.0)),
    ],
)
def test_after_a_client_that_is_gone_there_is_another(
    stage: FakeStage, tmp_path: Path, act: str, ending: Raised | Hung
) -> None:
    with opened(stage, tmp_path, "process", "Does", seconds=2.0) as (driver, token):
        assert driver.say(Saying(text=act)) == ending
        assert not driver.is_open
        driver.open(endpoint_at(stage, token, tmp_path))
        assert isinstance(driver.say(Saying(text="One")), Returned)


@pytest.mark.parametrize(
    ("act", "ending"),
    [
        ("leaves", Raised(error="SystemExit: enough")),
        ("shuts", Returned(text="shut")),
        ("moves", Returned(text="moved")),
        ("floods", Returned(text="flooded")),
        ("raises", Raised(error="_UnreadableError: (its text cannot be had: __str__ raised RuntimeError)")),
        ("doubles", Returned(text="doubled")),
        ("nests", Returned(text=None, shown="<Shy whose __repr__ raised ValueError>")),
    ],
)
def test_a_client_that_is_still_there_goes_on(
    stage: FakeStage, tmp_path: Path, act: str, ending: Raised | Returned
) -> None:
    with opened(stage, tmp_path, "process", "Does") as (driver, token):
        assert driver.say(Saying(text=act)) == ending
        assert driver.printed() == ("the last line" if act == "floods" else "") or act == "floods"
        assert isinstance(driver.say(Saying(text="One")), Returned)
        driver.open(endpoint_at(stage, token, tmp_path))
        where = driver.say(Saying(text="where"))
        assert where == Returned(text=f"{Path.cwd()} None {tmp_path}")


def test_a_client_that_closes_all_files_is_one_that_has_ended(stage: FakeStage, tmp_path: Path) -> None:
    with opened(stage, tmp_path, "process", "Does") as (driver, token):
        assert isinstance(driver.say(Saying(text="closes")), Raised)
        driver.open(endpoint_at(stage, token, tmp_path))
        assert isinstance(driver.say(Saying(text="One")), Returned)


def test_a_client_in_a_thread_does_not_end_its_judge(stage: FakeStage, tmp_path: Path) -> None:
    with opened(stage, tmp_path, "thread", "Does") as (driver, _):
        assert driver.say(Saying(text="exits")) == Raised(error="ClientExitError: os._exit(3)")
        assert driver.say(Saying(text="leaves")) == Raised(error="SystemExit: enough")
        assert driver.say(Saying(text="moves")) == Returned(text="moved")
        driver.close()
        assert Path.cwd() != Path("/")


@pytest.mark.parametrize("host", HOSTS)
def test_a_client_lives_in_its_own_folder(
    stage: FakeStage, tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somebody/else")
    monkeypatch.setenv("NO_PROXY", "near.example")
    with driver_for(host, "Does") as driver:
        driver.open(endpoint_at(stage, stage.begin(said), tmp_path))
        told = driver.say(Saying(text="looks"))
        assert told == Returned(text=f"None 127.0.0.1,localhost,near.example {tmp_path}")
        driver.close()
    assert os.environ["XDG_DATA_HOME"] == "/somebody/else"


def test_the_last_lines_are_kept(stage: FakeStage, tmp_path: Path) -> None:
    with opened(stage, tmp_path, "process", "Does") as (driver, _):
        driver.say(Saying(text="floods"))
        assert driver.printed().splitlines()[-1] == "the last line"
        assert driver.printed() == ""


def test_a_factory_that_ends_the_process_is_told(stage: FakeStage, tmp_path: Path) -> None:
    token = stage.begin(said)
    with driver_for("process", "exits_at_once") as driver, pytest.raises(CannotBuildError, match="status 5"):
        driver.open(endpoint_at(stage, token, tmp_path))


def test_a_target_that_is_none_is_told(stage: FakeStage, tmp_path: Path) -> None:
    token = stage.begin(said)
    with (
        ProcessDriver("no_such_module:Client") as driver,
        pytest.raises(CannotBuildError, match="no_such_module"),
    ):
        driver.open(endpoint_at(stage, token, tmp_path))


def test_no_file_can_be_written_until_the_next_client(stage: FakeStage, tmp_path: Path) -> None:
    policy = Policy(persistent=True)
    with opened(stage, tmp_path, "process", "Stored", policy) as (driver, token):
        driver.spoil()
        ending = driver.say(Saying(text="One"))
        assert isinstance(ending, Raised)
        assert "OSError" in ending.error
        (tmp_path / "history.json").unlink(missing_ok=True)
        driver.open(endpoint_at(stage, token, tmp_path, policy))
        assert isinstance(driver.say(Saying(text="Two")), Returned)


def test_a_client_is_killed_in_the_write_that_is_too_large(stage: FakeStage, tmp_path: Path) -> None:
    policy = Policy(persistent=True)
    with opened(stage, tmp_path, "process", "Stored", policy) as (driver, token):
        assert "tear" in driver.can
        driver.tear(1)
        ending = driver.say(Saying(text="One"))
        assert isinstance(ending, Raised)
        assert "SIGXFSZ" in ending.error
        assert (tmp_path / "history.json").stat().st_size == 1
        (tmp_path / "history.json").unlink()
        driver.open(endpoint_at(stage, token, tmp_path, policy))
        assert isinstance(driver.say(Saying(text="Two")), Returned)


def test_what_a_client_has_started_ends_with_it(stage: FakeStage, tmp_path: Path) -> None:
    with driver_for("process", "Does") as driver:
        driver.open(endpoint_at(stage, stage.begin(said), tmp_path))
        ending = driver.say(Saying(text="stays"))
        assert isinstance(ending, Returned)
        assert isinstance(driver.say(Saying(text="One")), Returned)
    assert _has_ended(int(ending.text or ""), 30.0)


def _has_ended(pid: int, seconds: float) -> bool:
    """Whether a process that was killed ends: the kernel ends it a moment after the signal was sent."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


def test_a_client_that_hangs_in_a_thread_is_left_behind(stage: FakeStage, tmp_path: Path) -> None:
    with opened(stage, tmp_path, "thread", "Slow", seconds=0.3) as (driver, token):
        assert driver.say(Saying(text="One")) == Hung(seconds=0.3)
        assert not driver.is_open
        driver.open(endpoint_at(stage, token, tmp_path))
        assert driver.is_open
