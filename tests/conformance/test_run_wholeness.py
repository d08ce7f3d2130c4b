"""A run that is not whole is never green, and says what ended it and after which request."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from click import unstyle

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import CASES
from chatproof.judging.collector import new_result
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.probe import Budget, BudgetSpentError, EndKind, Probe, RunEndedError
from chatproof.report import Outcome, Result
from chatproof.report.exit_code import exit_code
from chatproof.report.terminal import summary
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.variants import UNSHOWN
from chatproof.selftest.endpoint.wrapping import CRASH, as_json, asked, is_chat
from tests.conformance.test_miniatures import fake

AT_ONCE = (("retry-after", "0"), ("content-length", "0"))
TOO_MANY = Answer(status=429, headers=AT_ONCE, steps=())
REFUSED_KEY = as_json(401, {"error": {"message": "expired", "type": "x", "param": None, "code": None}})


class Transport(httpx.BaseTransport):
    """The fake in process; `break_in` is asked before each request, which it may answer or fail, and counts them."""

    def __init__(
        self, break_in: Callable[[int, Request], Answer | Exception | None], miniature: str | None = None
    ) -> None:
        self.break_in = break_in
        self.count = 0
        self.lock = threading.Lock()
        plain = fake().answer
        self.handler = MINIATURES[miniature].make(plain) if miniature else plain

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """An answer, or what the break-in raises."""
        with self.lock:
            self.count += 1
            number = self.count

        def answer(asked_for: Request) -> Answer:
            found = self.break_in(number, asked_for)
            if isinstance(found, Exception):
                raise found
            return found or self.handler(asked_for)

        return HandlerTransport(answer).handle_request(request)


def run_on(transport: httpx.BaseTransport, target: Target | None = None) -> Result:
    """What a session makes of an endpoint."""
    opened = open_target(target or Target(url="http://fake/v1", model="tiny"), transport=transport)
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")
    results = tuple(judge.judge(case) for case in CASES.values())
    probe = opened.endpoint.probe
    return new_result(opened.describe(), probe.budget.spent, results, ended=probe.ended)


def last_line(result: Result) -> str:
    return unstyle(summary(result)).splitlines()[-1]


def left(result: Result) -> Counter[Outcome]:
    """How those came out that did not pass, though they would have if nothing had happened."""
    lacking = (case for case in result.cases if case.id not in UNSHOWN)
    return Counter(case.outcome for case in lacking if case.outcome is not Outcome.PASSED)


def after(number: int, what: Answer | Exception) -> Callable[[int, Request], Answer | Exception | None]:
    return lambda n, _: what if n > number else None


def test_a_run_to_the_end_is_whole() -> None:
    result = run_on(Transport(lambda _n, _r: None))
    assert (result.whole, result.ended, exit_code(result)) == (True, None, 0)
    assert "not whole" not in last_line(result)


def test_an_endpoint_that_dies_fails_no_case() -> None:
    # not at one of the first requests: some of those are asked side by side, in any order
    transport = Transport(after(20, httpx.ConnectError("[Errno 111] Connection refused")))
    result = run_on(transport)
    assert result.ended is not None
    assert (result.ended.kind, result.ended.after_request) == (EndKind.GONE, 20)
    assert result.ended.request == "POST /chat/completions"
    assert set(left(result)) == {Outcome.NOT_RUN}
    assert (exit_code(result), transport.count) == (2, 22)
    assert "the endpoint went away after request 20, which was POST /chat/completions" in last_line(result)


@pytest.mark.parametrize("head", [False, True], ids=["nothing", "a head"])
def test_an_endpoint_that_falls_silent_is_gone_after_two_time_limits(head: bool) -> None:
    class Hanging(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
            raise httpx.ReadTimeout("slow")

    class Silent(Transport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if self.count < 20:
                return super().handle_request(request)
            self.count += 1
            if head:
                return httpx.Response(200, stream=Hanging())
            raise httpx.ReadTimeout("slow")

    transport = Silent(lambda _n, _r: None)
    result = run_on(transport)
    assert result.ended is not None
    assert (result.ended.kind, result.ended.after_request, transport.count) == (EndKind.GONE, 20, 22)
    assert "stopped answering in time after request 20" in last_line(result)
    assert "(--timeout)" in last_line(result)
    assert set(left(result)) == {Outcome.NOT_RUN}


@pytest.mark.parametrize("status", [500, 502])
def test_a_gateway_whose_server_dies_fails_no_case(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.probe.probe._WAITS", (0.0, 0.0))
    fetch_failed = as_json(status, {"html-message": "fetch failed: connect ECONNREFUSED"})
    result = run_on(Transport(after(20, fetch_failed)))
    assert result.ended is not None
    assert (result.ended.kind, result.ended.after_request) == (EndKind.GONE, 20)
    assert set(left(result)) == {Outcome.NOT_RUN}
    assert exit_code(result) == 2
    assert f"broke down after request 20, which was POST /chat/completions: HTTP {status}, appl" in last_line(
        result
    )


def test_an_answer_that_breaks_off_because_the_endpoint_dies_fails_no_case() -> None:
    def killed(number: int, _: Request) -> Exception | None:
        torn = httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return torn if number == 21 else httpx.ConnectError("Connection refused") if number > 21 else None

    result = run_on(Transport(killed))
    assert result.ended is not None
    assert (result.ended.kind, result.ended.after_request) == (EndKind.GONE, 20)
    assert set(left(result)) == {Outcome.NOT_RUN}


def test_a_plain_request_that_fails_once_is_chance() -> None:
    result = run_on(Transport(lambda number, _: CRASH if number in (20, 21) else None))
    assert result.ended is None
    # the case that met the first of them, and the one that shares its answer
    assert left(result) == {Outcome.FAILED: 1, Outcome.INCONCLUSIVE: 1}


def test_an_endpoint_that_throttles_ends_the_run_with_that_sentence() -> None:
    transport = Transport(after(22, TOO_MANY))
    result = run_on(transport)
    assert result.ended is not None
    assert (result.ended.kind, result.ended.after_request) == (EndKind.THROTTLED, 22)
    assert (exit_code(result), transport.count) == (2, 25)
    assert "limits the rate: HTTP 429 three times in a row after request 22; 3 of 25 requests" in last_line(
        result
    )


def test_requests_that_met_one_another_are_asked_again_one_by_one() -> None:
    begun, free = threading.Barrier(8, timeout=5), threading.Semaphore(1)
    idle = threading.Event()

    def answer(number: int, _: Request) -> Answer | None:
        if number <= 8:
            begun.wait()  # all eight are there at once
        if not free.acquire(blocking=False):
            return TOO_MANY
        idle.wait(0.05 if number <= 8 else 0)
        free.release()
        return None

    transport = Transport(answer)
    budget = Budget(max_requests=24)
    probe = Probe(
        "http://fake/v1", api_key=None, budget=budget, transport=transport, wait=lambda _: idle.wait(0.1)
    )
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(probe.get, ["/models"] * 8)]
    assert {exchange.status for exchange in answers} == {200}


def test_a_key_that_expires_is_evidence_of_nothing() -> None:
    result = run_on(Transport(after(22, REFUSED_KEY)), Target(url="http://fake/v1", api_key="sk-secret"))
    assert result.ended is not None
    assert result.ended.kind is EndKind.KEY
    assert "the key was refused from request 23 on (HTTP 401)" in last_line(result)
    assert set(left(result)) == {Outcome.NOT_RUN}
    assert exit_code(result) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_that_is_for_one_request_alone_is_inconclusive(status: int) -> None:
    refused = as_json(status, {"error": {"message": "not you", "type": "x", "param": None, "code": None}})
    result = run_on(Transport(lambda _, r: refused if r.path.endswith("/no-such-route") else None))
    unsure = {case.id for case in result.cases if case.outcome is Outcome.INCONCLUSIVE} - {*UNSHOWN}
    assert (unsure, result.whole, exit_code(result)) == ({"http.unknown-route"}, True, 0)


@pytest.mark.parametrize("member", ["stream", "tools"])
def test_an_endpoint_that_refuses_much_is_no_whole_run(member: str) -> None:
    refused = as_json(403, {"error": {"message": "not for you", "type": "x", "param": None, "code": None}})
    transport = Transport(lambda _, r: refused if is_chat(r) and asked(r).get(member) else None)
    result = run_on(transport, Target(url="http://fake/v1", model="tiny", max_requests=400))
    assert (result.whole, exit_code(result)) == (False, 2)
    assert "refused as if the key were wrong" in last_line(result)
    assert not any(case.outcome is Outcome.FAILED for case in result.cases)


def test_a_request_that_is_refused_once_is_asked_again() -> None:
    refused = as_json(403, {"error": {"message": "no", "type": "x", "param": None, "code": None}})
    result = run_on(Transport(lambda n, _: refused if n in (9, 30, 61) else None))
    assert (result.whole, exit_code(result)) == (True, 0)
    assert {case.id: case.outcome for case in result.cases if case.outcome is not Outcome.PASSED} == UNSHOWN


def test_an_endpoint_that_closes_on_bad_requests_and_lives_is_judged_to_the_end() -> None:
    closed = httpx.RemoteProtocolError("Server disconnected without sending a response.")
    kinds = {"model": str, "messages": list, "temperature": int | float, "tools": list, "n": int}

    def break_in(_: int, request: Request) -> Exception | None:
        body = asked(request)
        wrong = any(not isinstance(body.get(name), kind | None) for name, kind in kinds.items())
        return closed if is_chat(request) and (wrong or not body.get("messages")) else None

    result = run_on(Transport(break_in))
    assert (result.whole, exit_code(result)) == (True, 1)
    failed = {case.id for case in result.cases if case.outcome is Outcome.FAILED}
    assert {"chat.errors.missing-messages", "chat.errors.empty-messages"} < failed
    assert {id_.rpartition(".")[0] for id_ in failed} <= {"chat.errors", "http", "chat.sse"}


def test_a_connection_that_is_refused_once_is_asked_for_again() -> None:
    result = run_on(Transport(lambda n, _: httpx.ConnectError("Connection refused") if n == 12 else None))
    assert result.whole
    assert {case.id: case.outcome for case in result.cases if case.outcome is not Outcome.PASSED} == UNSHOWN


def test_a_request_that_cannot_be_made_leaves_its_case_and_the_run_is_not_whole() -> None:
    refused = httpx.ConnectError("Connection refused")
    result = run_on(Transport(lambda _, r: refused if r.path.endswith("/no-such-route") else None))
    (case,) = [c for c in result.cases if c.outcome is not Outcome.PASSED and c.id not in UNSHOWN]
    assert (case.id, case.outcome) == ("http.unknown-route", Outcome.NOT_RUN)
    assert (result.ended, result.whole, exit_code(result)) == (None, False, 2)
    assert last_line(result).startswith("not whole: the request could not be made twice")


def test_a_limit_of_the_users_own_leaves_by_choice_and_a_default_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = run_on(
        Transport(lambda _n, _r: None), Target(url="http://fake/v1", model="tiny", max_tokens=1000)
    )
    assert chosen.ended is not None
    assert (chosen.ended.kind, chosen.ended.chosen, exit_code(chosen)) == (EndKind.TOKENS, True, 0)
    assert last_line(chosen).startswith("not whole: the limit of 1000 tokens is reached (--max-tokens);")
    monkeypatch.setattr(Budget, "MAX_TOKENS", 1000)
    default = run_on(Transport(lambda _n, _r: None))
    assert (default.ended and default.ended.chosen, exit_code(default)) == (False, 2)
    assert last_line(default) == last_line(chosen)


def test_a_failed_must_wins_and_the_last_line_says_both() -> None:
    target = Target(url="http://fake/v1", model="tiny", max_requests=30)
    result = run_on(Transport(lambda _n, _r: None, "no-done"), target)
    assert exit_code(result) == 1
    assert last_line(result).startswith(
        "1 must failed, and the run is not whole: the limit of 30 requests is reached (--max-requests);"
    )


def test_the_time_of_a_run_is_bounded() -> None:
    with pytest.raises(BudgetSpentError, match=r"1e-09 s is reached \(--max-seconds\)"):
        Budget(max_seconds=1e-9).take()
    spent = Budget(max_seconds=1e-9)
    probe = Probe("http://fake/v1", api_key=None, budget=spent, transport=Transport(lambda _n, _r: None))
    with pytest.raises(RunEndedError) as told:
        probe.get("/models")
    assert (told.value.end.kind, told.value.end.chosen) == (EndKind.SECONDS, True)


def test_waiting_for_a_busy_endpoint_is_bounded_over_the_run() -> None:
    waited: list[float] = []
    later = Answer(status=503, headers=(("retry-after", "15"),), steps=())
    transport = Transport(lambda n, _: later if n % 2 else None)
    probe = Probe(
        "http://fake/v1",
        api_key=None,
        budget=Budget(max_seconds=1000),
        transport=transport,
        wait=waited.append,
    )
    for _ in range(20):
        assert probe.get("/models").status == 200
    assert sum(waited) == 120


def test_no_wait_passes_the_end_of_the_run() -> None:
    waited: list[float] = []
    probe = Probe(
        "http://fake/v1",
        api_key=None,
        budget=Budget(max_seconds=5),
        transport=Transport(lambda _n, _r: Answer(status=503, headers=(("retry-after", "15"),), steps=())),
        wait=waited.append,
    )
    probe.get("/models")
    assert max(waited) <= 5


def test_an_endpoint_that_stays_busy_is_gone() -> None:
    busy = Answer(status=503, headers=AT_ONCE, steps=())
    result = run_on(Transport(after(20, busy)))
    assert result.ended is not None
    assert (result.ended.kind, exit_code(result)) == (EndKind.GONE, 2)
    assert "HTTP 503, no content type, an empty body, for the plain request that had worked" in last_line(
        result
    )


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_of_the_requests_own_that_is_refused_casts_no_doubt(status: int) -> None:
    transport = Transport(lambda _, r: as_json(status, {}) if r.header("authorization") == "x" else None)
    probe = open_target(Target(url="http://fake/v1", model="tiny"), transport=transport).endpoint.probe
    before = transport.count
    assert probe.send("GET", "/models", headers={"authorization": "x"}).status == status
    assert transport.count == before + 1
