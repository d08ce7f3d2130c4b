"""One case, held against one endpoint: a `CaseResult`, whatever happens."""

import re
import traceback
from collections.abc import Iterable

from chatproof.cases import Case, Endpoint, Finding, InconclusiveError, Level, UnsupportedError
from chatproof.findings.finding import folded
from chatproof.probe import Exchange, NoEvidenceError, NoExchangeError, RunEndedError
from chatproof.report.curl import curl
from chatproof.report.document import CaseResult, Evidence, Outcome
from chatproof.report.plain import encodable

__all__ = ["Judge"]

_MOST_EVIDENCE = 20
_RESPONSE = 2000


class Judge:
    """Judges cases, and writes down what was seen without the key.

    `key_variable` is the name of the environment variable that the key came from: reports show that name
    wherever the key itself would stand.
    """

    def __init__(self, endpoint: Endpoint, *, api_key: str | None, key_variable: str) -> None:
        self.endpoint = endpoint
        self._key = api_key
        self._secret = _secret(api_key)
        self._variable = key_variable

    def judge(self, case: Case) -> CaseResult:
        """The result of one case. A fault of the case itself is an `error`, never a verdict.

        What was found before a case came upon something that it cannot judge was found.
        """
        found: list[Finding] = []
        try:
            found.extend(case.check(self.endpoint))
        except UnsupportedError as told:
            if not found:
                return self._unjudged(case, Outcome.UNSUPPORTED, told.reason, told.exchange)
        except (InconclusiveError, NoEvidenceError) as told:
            if not found:
                return self._unjudged(case, Outcome.INCONCLUSIVE, told.reason, told.exchange)
        except (RunEndedError, NoExchangeError) as told:
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
            evidence=tuple(self._evidence(case, finding) for finding in findings[:_MOST_EVIDENCE]),
        )

    def _fault(self, case: Case, fault: Exception) -> CaseResult:
        message = f"a fault in chatproof, not in the endpoint: {type(fault).__name__}: {fault}"
        trace = self._clean("".join(traceback.format_exception(fault))[-_RESPONSE:])
        return CaseResult(
            id=case.id,
            level=case.level.value,
            outcome=Outcome.ERROR,
            message=self._clean(message),
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
            message=self._clean(reason),
            evidence=evidence,
        )

    def _evidence(self, case: Case, finding: Finding) -> Evidence:
        exchange = finding.exchange
        received = exchange.received if exchange else None
        return Evidence(
            level=_level(case, finding).value,
            expected=self._clean(finding.expected),
            seen=self._clean(finding.seen),
            path=self._clean(finding.path),
            rule=finding.rule,
            again=self._again(exchange),
            compared=self._again(finding.compared),
            response=self._clean(received.text[:_RESPONSE]) if received else "",
        )

    def _again(self, exchange: Exchange | None) -> str:
        variable = self._variable if self._key else None
        return self._clean(curl(exchange.sent, key_variable=variable)) if exchange else ""

    def _clean(self, text: str) -> str:
        """A text that can be written, and in which the key's name stands for the key: some endpoints echo it."""
        return self._secret.sub(f"${self._variable}", encodable(text)) if self._secret else encodable(text)


def _secret(api_key: str | None) -> re.Pattern[str] | None:
    """What to look for. Keys of a few letters, such as `x`, are no secrets, and stand in half of all words."""
    if not api_key or len(api_key) < 4:
        return None
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(api_key)}(?![A-Za-z0-9])")


def _level(case: Case, finding: Finding) -> Level:
    """A capability that is there is held to its musts."""
    if finding.level is not None:
        return finding.level
    return Level.MUST if case.level is Level.MAY else case.level


def _is_failure(case: Case, findings: Iterable[Finding]) -> bool:
    return any(_level(case, finding) is Level.MUST for finding in findings)
