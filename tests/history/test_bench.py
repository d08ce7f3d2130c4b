"""A client may do anything: raise, hang, leave, send nonsense. The bench says what it was and stands."""

import sys
import threading
from collections.abc import Callable

import pytest

from chatproof.clients import MessageList
from chatproof.history import RULES, CannotBuildError, Endpoint, Policy, Search, run_client
from chatproof.history.model.log import Answer, Round
from chatproof.history.model.play import Raised, Returned
from chatproof.history.running.bench import Bench
from chatproof.history.running.run import judge_rule
from chatproof.history.running.worker import HungError, Worker
from chatproof.report import CaseResult, Outcome, Result

RULE = RULES["accumulate.complete"]


def judged(factory: Callable[[Endpoint], MessageList], seconds: float = 30) -> CaseResult:
    with Bench(factory, Policy(), seconds=seconds) as bench:
        return judge_rule(RULE, bench, Search(examples=3))


class Hangs(MessageList):
    """Never comes back from the second round."""

    forever = threading.Event()

    def say(self, text: str) -> str:
        if self._messages:
            self.forever.wait()
            self.close()
        return super().say(text)


class Raises(MessageList):
    """Fails in the second round, by itself."""

    error: BaseException = KeyError("session")

    def say(self, text: str) -> str:
        if self._messages:
            raise self.error
        return super().say(text)


class Leaves(Raises):
    """Ends the whole program instead."""

    error = SystemExit(3)


class SaysNothing(MessageList):
    """Gives None back where there is a reply."""

    def say(self, text: str) -> str:
        super().say(text)
        return None  # type: ignore[return-value]  # that is what it is for


class SendsNothing(MessageList):
    """Makes its replies up."""

    def say(self, text: str) -> str:
        return "answer 1"


class SendsNonsense(MessageList):
    """Sends no JSON, and takes no notice of the refusal."""

    def say(self, text: str) -> str:
        headers = {"authorization": f"Bearer {self._post.api_key}"}
        answer = self._post.http.post(self._post.url, content=b"nonsense", headers=headers)
        assert answer.status_code == 400
        return "fine"


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        (Raises, "say() raised in a round that the endpoint answered well: KeyError: 'session'"),
        (Leaves, "say() raised in a round that the endpoint answered well: SystemExit: 3"),
        (SaysNothing, "say() returned None in a round that the endpoint answered well."),
        (SendsNothing, "The client sent no chat request."),
        (SendsNonsense, "One message that should be in the request is not there."),
    ],
)
def test_client_that_fails_by_itself_breaks_the_rule(client: type[MessageList], sentence: str) -> None:
    result = judged(client.at)
    assert result.outcome is Outcome.FAILED
    assert sentence in result.message.splitlines()
    assert RULE.breaks not in result.message or sentence.startswith("One message")


def test_client_that_hangs_is_left_behind_and_told_so() -> None:
    result = judged(Hangs.at, seconds=1)
    Hangs.forever.set()
    assert result.outcome is Outcome.FAILED
    assert "say() did not come back within 1 s." in result.message
    assert "not shortened" in result.message


def test_client_that_breaks_at_times_is_told_so() -> None:
    calls = iter([True, False, False])

    class Flickers(MessageList):
        def _recent(self) -> list[dict[str, str]]:
            forgets = bool(self._messages) and next(calls, False)
            return [] if forgets else super()._recent()

    assert "at times" in judged(Flickers.at).message


@pytest.mark.parametrize(
    ("factory", "sentence"),
    [
        (lambda endpoint: sys.exit("no"), "the factory raised SystemExit: no"),
        (lambda endpoint: dict[str, int]()["key"], "the factory raised KeyError: 'key'"),
        (lambda endpoint: 7, "the factory gave a int, which has no method say(text)"),
        (lambda: None, "the factory raised TypeError"),
    ],
)
def test_factory_that_gives_no_client_ends_the_run(
    factory: Callable[..., MessageList], sentence: str
) -> None:
    with pytest.raises(CannotBuildError) as told:
        run_client(factory, Policy())
    assert str(told.value).startswith(sentence)


def test_factory_that_fails_later_is_an_error_and_no_verdict() -> None:
    built = iter(range(2))

    def factory(endpoint: Endpoint) -> MessageList:
        next(built)
        return MessageList.at(endpoint)

    assert judged(factory).outcome is Outcome.ERROR


def test_fault_of_ours_is_an_error_and_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.history.running.bench._chat_requests", lambda handle: 1 // 0)
    result = judged(MessageList.at)
    assert result.outcome is Outcome.ERROR
    assert "ZeroDivisionError" in result.message


def test_client_that_resends_gets_the_same_answer_each_time() -> None:
    class Resends(MessageList):
        def say(self, text: str) -> str:
            for _ in range(4):
                self._ask(self._post, {"model": self.model, "messages": [{"role": "user", "content": text}]})
            return super().say(text)

    with Bench(Resends.at, Policy()) as bench:
        log = next(iter(_logs()))
        play = bench.play(log)
    assert [ask.ending for ask in play.asks] == [Returned(text=part.answer.text) for part in log]
    assert [len(ask.sent) for ask in play.asks] == [5] * len(log)


def _logs() -> list[tuple[Round, ...]]:
    return [tuple(Round(said=str(n), answer=Answer(text=f"answer {n}")) for n in range(2))]


def test_result_is_the_document_of_every_report() -> None:
    result = run_client(Raises.at, Policy(), rules=[RULE], search=Search(examples=2), target="bot.py:make")
    assert Result.from_json(result.to_json()) == result
    assert [case.id for case in result.cases] == ["accumulate.complete"]


def test_client_lives_in_one_thread_and_is_closed() -> None:
    threads: set[int] = set()

    class Bound(MessageList):
        def say(self, text: str) -> str:
            threads.add(threading.get_ident())
            return super().say(text)

        def close(self) -> None:
            threads.add(threading.get_ident())
            super().close()
            raise OSError

    def factory(endpoint: Endpoint) -> Bound:
        threads.add(threading.get_ident())
        return Bound.at(endpoint)

    with Bench(factory, Policy()) as bench:
        play = bench.play(_logs()[0])
    assert not any(isinstance(ask.ending, Raised) for ask in play.asks)
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_worker_tells_its_own_timeout_from_the_works() -> None:
    def raises() -> None:
        raise TimeoutError("the work's")

    worker = Worker()
    with pytest.raises(TimeoutError, match="the work's"):
        worker.call(raises, 30)
    held = threading.Event()
    with pytest.raises(HungError):
        worker.call(held.wait, 0.01)
    held.set()
    worker.close()
