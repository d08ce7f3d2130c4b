"""OpenAI's SDK as a client: in a thread and in a process, whole answers and streams, retries and cancellation."""

from pathlib import Path

import pytest

from chatproof.drivers import Saying
from chatproof.history.model.plan import Answer
from chatproof.history.model.seen import Cancelled, Raised, Returned
from chatproof.stage import FakeStage, Script
from tests.drivers.opened import HOSTS, opened
from tests.stage.asking import said

NAMES = ("SdkSync", "SdkStream", "SdkResponses", "SdkAsync", "SdkAsyncStream")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_sdk_is_driven(stage: FakeStage, tmp_path: Path, host: str, name: str) -> None:
    with opened(stage, tmp_path, host, name) as (driver, token):
        replies = [driver.say(Saying(text=text)) for text in ("One", "Two")]
        assert replies == [Returned(text=one.answer.text) for one in stage.exchanges(token)]
        answers = (Answer(name="http-500"), Answer(name="http-429"), Answer())
        stage.arm(token, Script(words=said, answers=answers))
        retried = driver.say(Saying(text="Three"))
        assert [one.status for one in stage.exchanges(token)[2:]] == [500, 429, 200]
        assert retried == Returned(text=stage.exchanges(token)[-1].answer.text)
        assert len(stage.exchanges(token)[-1].messages) == 6
        stage.arm(token, Script(words=said, answers=(Answer(name="http-400"),)))
        refused = driver.say(Saying(text="Four"))
        assert isinstance(refused, Raised)
        assert refused.error.startswith("BadRequestError")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", ["SdkStream", "SdkAsync", "SdkAsyncStream"])
@pytest.mark.parametrize("stop", [0, 2])
def test_the_sdk_is_cancelled(stage: FakeStage, tmp_path: Path, host: str, name: str, stop: int) -> None:
    with opened(stage, tmp_path, host, name) as (driver, token):
        driver.say(Saying(text="One"))
        saying = Saying(text="Two", stop=stop)
        counted = driver.counts(saying)
        held = (lambda: None) if counted else driver.cancel
        stage.hold(token, after=stop, seconds=0.0 if counted else 5.0, held=held)
        ending = driver.say(saying)
        stage.release(token)
        assert stage.idle(token, seconds=5)
        if name == "SdkAsync" and stop:  # a whole answer has no middle
            assert isinstance(ending, Returned)
            return
        assert isinstance(ending, Cancelled)
        seen = stage.exchanges(token)[-1]
        assert seen.left
        assert seen.arrived.startswith(ending.text)
