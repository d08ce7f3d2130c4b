"""One case, held against one endpoint: a `CaseResult`, whatever happens."""

import re
import traceback
from collections.abc import Iterable
from dataclasses import replace

from chatproof.cases import (
    GATEWAY,
    Case,
    Endpoint,
    Finding,
    InconclusiveError,
    Level,
    UnsupportedError,
    case_of,
)
from chatproof.findings.finding import folded
from chatproof.gate import Gate
from chatproof.judging.backend import Backend
from chatproof.judging.everywhere import Ledger, settled
from chatproof.probe import (
    Access,
    Exchange,
    NoEvidenceError,
    NoExchangeError,
    NoRouteError,
    RunEndedError,
    Sent,
)
from chatproof.report.curl import curl
from chatproof.report.document import CaseResult, Evidence, Outcome, timed
from chatproof.report.expectation import Expectation
from chatproof.report.python import python

__all__ = ["Judge"]

_MOST_EVIDENCE = 20
_MOST_REFUSALS = 3
"""Cases whose requests a gateway may refuse (401, 403) in a run that is whole."""

_RESPONSE = 2000

_BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})


class Judge:
    """Judges cases, and writes down what was seen as the gate lets it through.

    `key_variable` is the name of the environment variable that the key came from; `access` is how else it is asked;
    `expectation` what makes the run fail. `profile` says how its answers are read where no case asks, and `ledger`
    keeps what is wrong with them.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        api_key: str | None,
        key_variable: str,
        access: Access | None = None,
        expectation: Expectation | None = None,
        profile: str = "openai",
        ledger: Ledger | None = None,
        backend: Backend | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._backend = backend
        self._behind = _judge_of(backend) if backend else None
        self.ledger = ledger or Ledger()
        self._profile = profile
        self._expectation = expectation or Expectation()
        self._access = access or Access()
        others = self._access.secrets | (backend.secrets if backend else {})
        self._gate = Gate.of_key(api_key, key_variable, others)
        self._variable = key_variable if api_key else None
        self._refusals = 0

    def judge(self, case: Case) -> CaseResult:
        """The result of one case as this run takes it, before the answers of later ones are known."""
        return self.taken(self.raw(case))

    def raw(self, case: Case) -> CaseResult:
        """The result of one case. A fault of the case itself is an `error`, never a verdict.

        What was found before a case came upon something that it cannot judge was found. All answers that came are
        judged, too: what they break is in the ledger.
        """
        self._take_answers()  # of the run's start
        self.ledger.at_work(case.id)
        result = timed(lambda: self._beside(case, self._judged(case)))
        self._take_answers()
        return replace(result, message=self._gate.text(result.message))

    def taken(self, result: CaseResult) -> CaseResult:
        """A result as this run takes it: what is known to be broken does not fail it."""
        taken = self._expectation.applied(result)
        return replace(taken, message=self._gate.text(taken.message), known=self._gate.line(taken.known))

    def judge_all(self, cases: Iterable[Case]) -> list[CaseResult]:
        """The results of cases, once all of their answers are judged."""
        results = {case.id: self.raw(case) for case in cases}
        return [self.taken(result) for result in settled(results, self.ledger).values()]

    def _take_answers(self) -> None:
        def tell(id_: str, finding: Finding) -> Evidence:
            return self._evidence(case_of(id_), finding) if id_ else self._told(finding, Level.INFO)

        self.ledger.take(self.endpoint.probe.taken(), tell, self._profile)

    def _beside(self, case: Case, result: CaseResult) -> CaseResult:
        """Of a gateway: what is broken, with what its backend has of it."""
        if not self._behind or case.group == GATEWAY or result.outcome not in _BROKEN:
            return result
        other = self._behind.raw(case)
        if other.outcome is Outcome.PASSED:
            return replace(result, behind="own")
        if other.outcome not in _BROKEN:
            return replace(result, behind="unknown")
        ours, theirs = ({_place(one) for one in found.evidence} for found in (result, other))
        return replace(result, behind="same" if ours <= theirs else "otherwise")

    def _judged(self, case: Case) -> CaseResult:
        found: list[Finding] = []
        try:
            found.extend(case.check(self.endpoint))
        except (UnsupportedError, NoRouteError) as told:
            if not found:
                return self._unjudged(case, Outcome.UNSUPPORTED, told.reason, told.exchange)
        except NoEvidenceError as told:
            if not found:
                return self._refused(case, told)
        except InconclusiveError as told:
            if not found:
                return self._unjudged(case, Outcome.INCONCLUSIVE, told.reason, told.exchange)
        except (RunEndedError, NoExchangeError) as told:
            if not found:
                return self._unjudged(case, Outcome.NOT_RUN, str(told), None)
        except Exception as fault:  # noqa: BLE001  whatever a case trips over is chatproof's fault, and is reported as that
            return self._fault(case, fault)
        if not found:
            return CaseResult(id=case.id, level=case.level.value, outcome=Outcome.PASSED)
        findings = folded(found)
        return CaseResult(
            id=case.id,
            level=case.level.value,
            outcome=Outcome.FAILED if _is_failure(case, findings) else Outcome.WARNED,
            message="\n".join(dict.fromkeys(finding.breaks or case.breaks for finding in findings)),
            evidence=tuple(self._evidence(case, finding) for finding in _told(case, findings)),
        )

    def _refused(self, case: Case, told: NoEvidenceError) -> CaseResult:
        """A gateway may forbid a route or an option. Where it forbids more, what was not looked at is no green run."""
        self._refusals += 1
        outcome = Outcome.INCONCLUSIVE if self._refusals <= _MOST_REFUSALS else Outcome.NOT_RUN
        return self._unjudged(case, outcome, told.reason, told.exchange)

    def _fault(self, case: Case, fault: Exception) -> CaseResult:
        message = f"a fault in chatproof, not in the endpoint: {type(fault).__name__}: {fault}"
        trace = self._gate.text("".join(traceback.format_exception(fault)))[-_RESPONSE:]
        return CaseResult(
            id=case.id,
            level=case.level.value,
            outcome=Outcome.ERROR,
            message=self._gate.line(message),
            evidence=(Evidence(level=case.level.value, expected="a verdict", seen=trace),),
        )

    def _unjudged(self, case: Case, outcome: Outcome, reason: str, exchange: Exchange | None) -> CaseResult:
        evidence: tuple[Evidence, ...] = ()
        if exchange is not None:
            finding = Finding(expected=case.sentence, seen=exchange.describe(), exchange=exchange)
            evidence = (self._evidence(case, finding),)
        return CaseResult(
            id=case.id,
            level=case.level.value,
            outcome=outcome,
            message=self._gate.line(reason),
            evidence=evidence,
        )

    def _evidence(self, case: Case, finding: Finding) -> Evidence:
        return self._told(finding, _level(case, finding))

    def _told(self, finding: Finding, level: Level) -> Evidence:
        exchange, line = finding.exchange, self._gate.line
        received = exchange.received if exchange else None
        return Evidence(
            level=level.value,
            expected=line(finding.expected),
            seen=line(finding.seen),
            path=line(finding.path),
            rule=finding.rule,
            again=self._again(exchange),
            compared=self._again(finding.compared),
            python=self._python(finding.compared, exchange),
            response=self._gate.text(received.text)[:_RESPONSE] if received else "",
        )

    def _again(self, exchange: Exchange | None) -> str:
        if exchange is None:
            return ""
        sent = exchange.sent
        return self._gate.line(curl(sent, key_variable=self._variable_of(sent), access=self._access_of(sent)))

    def _python(self, *exchanges: Exchange | None) -> str:
        requests = [exchange.sent for exchange in exchanges if exchange]
        program = python(*requests, variable_of=self._variable_of, access_of=self._access_of)
        return self._gate.text(program)

    def _variable_of(self, sent: Sent) -> str | None:
        if self._backend and self._is_behind(sent):
            return self._backend.target.key_variable if self._backend.target.api_key else None
        return self._variable

    def _access_of(self, sent: Sent) -> Access:
        return Access() if self._is_behind(sent) else self._access

    def _is_behind(self, sent: Sent) -> bool:
        return bool(self._backend) and not sent.url.startswith(f"{self.endpoint.probe.base_url}/")


def _judge_of(backend: Backend) -> "Judge":
    target = backend.target
    return Judge(backend.opened.endpoint, api_key=target.api_key, key_variable=target.key_variable)


def _place(evidence: Evidence) -> tuple[str, str, str]:
    """What a finding is about, wherever in a list."""
    return evidence.rule, evidence.level, re.sub(r"\d+", "*", evidence.path)


def _level(case: Case, finding: Finding) -> Level:
    """A capability that is there is held to its musts."""
    if finding.level is not None:
        return finding.level
    return Level.MUST if case.level is Level.MAY else case.level


def _told(case: Case, findings: list[Finding]) -> list[Finding]:
    """So many as are told, in their order: musts are not left out for shoulds that come before them."""
    places = sorted(range(len(findings)), key=lambda place: _level(case, findings[place]) is not Level.MUST)
    return [findings[place] for place in sorted(places[:_MOST_EVIDENCE])]


def _is_failure(case: Case, findings: Iterable[Finding]) -> bool:
    return any(_level(case, finding) is Level.MUST for finding in findings)
