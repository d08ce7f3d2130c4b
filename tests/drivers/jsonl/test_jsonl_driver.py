"""A driver in another language, in whatever way it speaks: what is right is taken, what is wrong has a sentence."""

import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from chatproof.drivers import CannotError, ClientFailedError, Saying
from chatproof.drivers.commands.command import CommandError
from chatproof.drivers.driver import ProtocolError
from chatproof.drivers.jsonl.driver import JsonlDriver
from chatproof.drivers.jsonl.program import jsonl_command
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.model.seen import Cancelled, Ending, Hung, Raised, Returned

ODD = str(Path(__file__).with_name("odd_driver.py"))


def odd(how: str = "", seconds: float = 30.0) -> JsonlDriver:
    return JsonlDriver((sys.executable, "-S", "-E", ODD, how), seconds=seconds, start_seconds=30.0)


def endpoint_in(home: Path, policy: Policy | None = None) -> Endpoint:
    return Endpoint(
        base_url="http://127.0.0.1:1/v1",
        api_key="sk-play-x",
        model="tiny",
        system_prompt="Be brief.",
        policy=policy or Policy(),
        home=home,
    )


@pytest.fixture(scope="module")
def kept() -> Generator[JsonlDriver]:
    """One process for all that it lives through."""
    with odd() as driver:
        yield driver


@pytest.fixture
def driver(kept: JsonlDriver, tmp_path: Path) -> JsonlDriver:
    kept.open(endpoint_in(tmp_path))
    kept.printed()
    return kept


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("plain", Returned(text="hello")),
        ("nothing", Returned(text=None)),
        ("fails", Raised(error="status 500 [key]\\x1b[31m")),
        ("fails silently", Raised(error="an error without a text")),
        ("pieces", Returned(text="one two")),
        ("number", Returned(text=None, shown="7")),
        ("parts", Returned(text=None, shown='[{"text": "a"}]')),
        ("whole", Returned(text="one two")),
        ("nulls", Returned(text="hello")),
        ("float", Returned(text="hello")),
        ("in a line", Returned(text="a")),
    ],
)
def test_an_answer_is_how_the_ask_ended(driver: JsonlDriver, text: str, ending: Ending) -> None:
    assert driver.say(Saying(text=text)) == ending
    assert driver.is_open


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("prints", 'thinking\n{"level": 30, "msg": "x"}\nno end'),
        ("no_text", "\ufffd\ufffd{"),
        ("errs", "what went wrong"),
    ],
)
def test_what_is_no_answer_is_printed(driver: JsonlDriver, text: str, printed: str) -> None:
    assert driver.say(Saying(text=text)) == Returned(text="hello")
    driver.say(Saying(text="plain"))  # by then standard error has come, too
    assert driver.printed() == printed


@pytest.mark.parametrize("text", ["prints_json", "floods"])
def test_whatever_is_printed_breaks_nothing(driver: JsonlDriver, text: str) -> None:
    assert driver.say(Saying(text=text)) == Returned(text="hello")
    assert len(driver.printed()) <= 2_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("twice", "comes after request 2 was answered: each is answered once"),
        ("late", "comes after request 2 was answered"),
        ("ok", "is ok to say, without a piece of a reply before: an ask is answered with reply or error"),
        ("both", 'has ok and reply at once: it is one of "ok", "reply", "error", "piece" and "cannot"'),
        ("says nothing", "says nothing: it is one of"),
        (
            "undefined",
            'says nothing: it is one of "ok", "reply", "error", "piece" and "cannot", and a reply that',
        ),
        ("not ok", "has ok False: it is true"),
        ("another id", "has id 999, and the last request had 2"),
        ("text id", "has id '2': it is the number of a request"),
        ("latin", "is no UTF-8"),
        ("long", "has more than 32 MiB"),
    ],
)
def test_a_wrong_answer_is_no_finding_and_has_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    with odd() as driver:
        driver.open(endpoint_in(tmp_path))
        with pytest.raises(
            ProtocolError
        ) as raised:  # at once, or where it came after a right one, with the next ask
            [driver.say(Saying(text=one)) for one in (text, "plain")]
        assert str(raised.value).startswith(f"the driver's answer {told}")
        assert len(str(raised.value)) < 600
        assert not driver.is_open
        driver.open(endpoint_in(tmp_path))
        assert driver.say(Saying(text="plain")) == Returned(text="hello")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("exits", Raised(error="the client ended the process with status 3")),
        ("dies", Raised(error="the client ended the process with status -9 (SIGKILL)")),
        ("hangs", Hung(seconds=1.0)),
        ("never", Hung(seconds=1.0)),
    ],
)
def test_after_a_process_that_is_gone_there_is_another(tmp_path: Path, text: str, ending: Ending) -> None:
    with odd(seconds=1.0) as driver:
        driver.open(endpoint_in(tmp_path))
        assert driver.say(Saying(text=text)) == ending
        assert not driver.is_open
        assert driver.say(Saying(text="plain")) == Raised(error="there is no client")
        driver.open(endpoint_in(tmp_path))
        assert driver.is_open


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("refuses", "the driver opened no client: no licence. It printed nothing"),
        ("mistypes", "the driver's answer names 'agian' in can, which nothing is called; near are again"),
    ],
)
def test_a_client_that_is_not_opened_is_told(tmp_path: Path, how: str, told: str) -> None:
    with odd(how) as driver, pytest.raises(CannotBuildError) as raised:
        driver.open(endpoint_in(tmp_path))
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    ("code", "seconds", "told"),
    [
        ("print('hello'); raise SystemExit(4)", 30.0, "ended with status 4 before it had answered"),
        (
            "import time; print('> ', flush=True); time.sleep(99)",
            1.0,
            "has not answered within 1 s, and a driver answers",
        ),
        (
            "import sys; sys.stdout.write(sys.stdin.readline())",
            30.0,
            "the driver's answer is what it was asked",
        ),
    ],
)
def test_a_program_that_is_no_driver_is_told(tmp_path: Path, code: str, seconds: float, told: str) -> None:
    words = (sys.executable, "-S", "-E", "-c", code)
    with (
        JsonlDriver(words, seconds=seconds, start_seconds=seconds) as driver,
        pytest.raises(CannotBuildError) as raised,
    ):
        driver.open(endpoint_in(tmp_path))
    assert told in str(raised.value)
    assert "sk-play" not in str(raised.value)


def test_the_second_of_two_may_be_answered_first(driver: JsonlDriver) -> None:
    driver.proceed()
    both = driver.together(Saying(text="beside"), Saying(text="beside", to="b"))
    assert both == (Returned(text="first"), Returned(text="second"))


def test_an_ask_is_cancelled_with_what_had_arrived(driver: JsonlDriver) -> None:
    done = threading.Event()

    def cancel() -> None:
        while not done.wait(0.01):
            driver.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    ending = driver.say(Saying(text="holds", stop=1))
    done.set()
    thread.join()
    assert ending == Cancelled(pieces=1, text="so far")
    driver.cancel()  # nothing is under way
    assert driver.say(Saying(text="plain")) == Returned(text="hello")


def test_a_driver_that_cannot_cancel_reads_on_and_that_is_what_came_of_it(tmp_path: Path) -> None:
    with odd("reads on") as driver:
        driver.open(endpoint_in(tmp_path))

        def cancel() -> None:
            while not (tmp_path / "begun").exists():
                threading.Event().wait(0.001)
            driver.cancel()
            (tmp_path / "go").touch()

        thread = threading.Thread(target=cancel)
        thread.start()
        ending = driver.say(Saying(text="anything", stop=1, streamed=True))
        thread.join()
    assert ending == Returned(text="so far, and all the rest")


def test_what_a_client_cannot_is_no_failure(driver: JsonlDriver) -> None:
    assert driver.can >= {"say", "cancel", "clear", "stream", "window"}
    assert not driver.can & {"again", "handed", "restart", "kill"}
    with pytest.raises(CannotError, match="there is nobody to talk to"):
        driver.say(Saying(text="cannot"))
    with pytest.raises(CannotError, match="there is no clear"):
        driver.clear("a")


def test_a_reply_to_what_is_no_ask_is_wrong(tmp_path: Path) -> None:
    with odd() as driver:
        driver.open(endpoint_in(tmp_path))
        with pytest.raises(ProtocolError, match="is a reply to window, which is answered with ok"):
            driver.window(3)


@pytest.mark.parametrize("how", ["", "ends", "banner"])
def test_one_client_follows_another_in_one_process_or_in_several(tmp_path: Path, how: str) -> None:
    homes = []
    with odd(how) as driver:
        for name in ("one", "two", "three"):
            (tmp_path / name).mkdir()
            driver.open(endpoint_in(tmp_path / name))
            homes.append(driver.say(Saying(text="home")))
            driver.close()
    seen = ["one", "two", "three"] if how == "ends" else ["one"] * 3
    assert homes == [Returned(text=str(tmp_path / name)) for name in seen]


def test_no_file_grows_while_the_disk_is_full(tmp_path: Path) -> None:
    with odd() as driver:
        driver.open(endpoint_in(tmp_path))
        driver.spoil()
        assert driver.say(Saying(text="writes")) == Raised(error="OSError")
        driver.open(endpoint_in(tmp_path))
        assert driver.say(Saying(text="writes")) == Returned(text="written")


def test_a_restart_is_another_client_or_another_process(tmp_path: Path) -> None:
    with odd() as driver:
        driver.open(endpoint_in(tmp_path))
        with pytest.raises(CannotError, match="not declared as persistent"):
            driver.restart()
        driver.open(endpoint_in(tmp_path, Policy(persistent=True)))
        assert {"restart", "kill"} <= driver.can
        driver.restart()
        driver.restart(killed=True)
        assert driver.say(Saying(text="plain")) == Returned(text="hello")


def test_nobodys_keys_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    with odd() as driver:
        driver.open(endpoint_in(tmp_path, Policy(window=Messages(3))))
        assert driver.say(Saying(text="variables")) == Returned(text="http://127.0.0.1:1/v1 sk-play")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "at least the name of a program"),
        ("''", "at least the name of a program"),
        ("node 'x", "is no command line: no closing quotation"),
        ("node x.mjs {home}", r"\{home\} is no placeholder here"),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_refused(text: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        jsonl_command(text)


def test_braces_of_a_command_line_are_its_own() -> None:
    assert jsonl_command("node -e 'main({})'") == ("node", "-e", "main({})")


def test_without_a_client_nothing_is_done() -> None:
    with odd() as driver, pytest.raises(ClientFailedError, match="there is no client"):
        driver.clear("a")
