"""What a client says and gives back, in a thread and in a process."""

from pathlib import Path

import pytest

from chatproof.drivers import CannotError, Saying
from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.plan import Answer
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Cancelled, Raised, Returned
from chatproof.stage import FakeStage, Script
from tests.drivers.opened import HOSTS, driver_for, endpoint_at, opened
from tests.stage.asking import said

TEXTUAL = ("Sync", "Objects", "Yields", "Async", "AsyncYields", "Cancellable", "Stored", "Full")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", TEXTUAL)
def test_every_manner_of_saying_gives_the_reply(
    stage: FakeStage, tmp_path: Path, host: str, name: str
) -> None:
    with opened(stage, tmp_path, host, name) as (driver, token):
        replies = [driver.say(Saying(text=text)) for text in ("One", "Two")]
        exchanges = stage.exchanges(token)
        assert replies == [Returned(text=one.answer.text) for one in exchanges]
        assert [one.text for one in exchanges[1].messages if one.role != "system"][:2] == [
            "One",
            exchanges[0].answer.text,
        ]


@pytest.mark.parametrize("host", HOSTS)
def test_a_reply_that_is_no_text_is_shown(stage: FakeStage, tmp_path: Path, host: str) -> None:
    with opened(stage, tmp_path, host, "Odd") as (driver, _):
        assert driver.say(Saying(text="One")) == Returned(text=None, shown=f"({said('reply 0')!r}, 7)")


@pytest.mark.parametrize("host", HOSTS)
def test_what_a_client_raises_is_told(stage: FakeStage, tmp_path: Path, host: str) -> None:
    with opened(stage, tmp_path, host, "Sync") as (driver, token):
        stage.arm(token, Script(words=said, answers=(Answer(name="http-400"),)))
        assert driver.say(Saying(text="One")) == Raised(error="RuntimeError: status 400")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("stop", [0, 1, 2, 3])
@pytest.mark.parametrize("name", ["Yields", "Async", "AsyncYields", "Cancellable"])
def test_an_ask_is_cancelled_in_mid_answer(
    stage: FakeStage, tmp_path: Path, host: str, name: str, stop: int
) -> None:
    with opened(stage, tmp_path, host, name) as (driver, token):
        driver.say(Saying(text="One"))
        assert "cancel" in driver.can
        saying = Saying(text="Two", stop=stop)
        counted = driver.counts(saying)
        stage.hold(
            token,
            after=stop,
            seconds=0.0 if counted else 2.0,
            held=(lambda: None) if counted else driver.cancel,
        )
        ending = driver.say(saying)
        stage.release(token)
        assert stage.idle(token, seconds=5)
        exchange = stage.exchanges(token)[-1]
        assert isinstance(ending, Cancelled)
        assert exchange.left
        assert exchange.arrived != exchange.answer.text
        assert exchange.arrived.startswith(ending.text)
        if counted:
            assert ending.pieces == max(stop, 1)
        stage.arm(token, Script(words=said))
        assert isinstance(driver.say(Saying(text="Three")), Returned)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", ["Sync", "Yields", "Async", "AsyncYields"])
def test_two_asks_overlap(stage: FakeStage, tmp_path: Path, host: str, name: str) -> None:
    with opened(stage, tmp_path, host, name) as (driver, token):
        driver.say(Saying(text="One"))
        scripts = [
            Script(words=lambda side, at=at: said(f"{at} {side}"), said=at)  # type: ignore[misc]
            for at in ("first", "second")
        ]
        stage.arm(token, *scripts)
        stage.hold_together(token, seconds=5, held=driver.proceed)
        endings = driver.together(Saying(text="first"), Saying(text="second"))
        assert [one.messages[-1].text for one in stage.exchanges(token)[1:]] == ["first", "second"]
        by_text = {one.messages[-1].text: one for one in stage.exchanges(token)[1:]}
        assert endings == tuple(Returned(text=by_text[text].answer.text) for text in ("first", "second"))
        assert [by_text[text].answer.text for text in ("first", "second")] == [
            said("first reply 0"),
            said("second reply 0"),
        ]


@pytest.mark.parametrize("host", HOSTS)
def test_a_client_does_what_its_methods_allow(stage: FakeStage, tmp_path: Path, host: str) -> None:
    with opened(stage, tmp_path, host, "Full") as (driver, token):
        wanted = {"say", "again", "clear", "fork", "stream", "load", "window", "conversation", "restart"}
        assert driver.can >= wanted

        def sent() -> list[str]:
            return [one.text for one in stage.exchanges(token)[-1].messages if one.role == "user"]

        for text in ("One", "Two"):
            driver.say(Saying(text=text))
        assert isinstance(driver.again("a"), Returned)
        assert sent() == ["One", "Two"]
        driver.fork("a", 1, "b")
        driver.say(Saying(text="Three", to="b"))
        assert sent() == ["One", "Three"]
        driver.say(Saying(text="Four", to="c", streamed=True))
        assert sent() == ["Four"]
        driver.window(2)
        driver.say(Saying(text="Five"))
        assert sent() == ["Two", "Five"]
        driver.clear("a")
        driver.restart()
        driver.say(Saying(text="Six"))
        assert sent() == ["Six"]
        driver.load(("Seven", "So it is."), "d")
        assert not driver.altered()
        driver.say(Saying(text="Eight", to="d"))
        assert sent() == ["Seven", "Eight"]
        assert "had 2 messages" in driver.altered()


@pytest.mark.parametrize("host", HOSTS)
def test_what_a_client_has_no_method_for_cannot_be_done(stage: FakeStage, tmp_path: Path, host: str) -> None:
    with opened(stage, tmp_path, host, "Sync") as (driver, _):
        with pytest.raises(CannotError, match="again"):
            driver.again("a")
        with pytest.raises(CannotError, match="restart"):
            driver.restart()
        with pytest.raises(CannotError, match="conversation"):
            driver.say(Saying(text="One", to="b"))
        assert isinstance(driver.say(Saying(text="One")), Returned)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("killed", [False, True])
def test_a_restarted_client_carries_on(stage: FakeStage, tmp_path: Path, host: str, killed: bool) -> None:
    with opened(stage, tmp_path, host, "Stored", Policy(persistent=True)) as (driver, token):
        driver.say(Saying(text="One"))
        if killed and "kill" not in driver.can:
            with pytest.raises(CannotError, match="kill"):
                driver.restart(killed=True)
            return
        driver.restart(killed=killed)
        driver.say(Saying(text="Two"))
        assert "One" in [one.text for one in stage.exchanges(token)[-1].messages]


@pytest.mark.parametrize("host", HOSTS)
def test_a_factory_that_gives_no_client_is_told(stage: FakeStage, tmp_path: Path, host: str) -> None:
    token = stage.begin(said)
    with driver_for(host, "NoSay") as driver, pytest.raises(CannotBuildError, match="no method say"):
        driver.open(endpoint_at(stage, token, tmp_path))
