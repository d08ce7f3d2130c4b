"""A whole run: a client held to the rules that its policy claims, as one result document."""

import platform
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from chatproof.findings.finding import Level
from chatproof.findings.version import __version__
from chatproof.history.model.client import CannotBuildError, ClientFactory
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES, Rule
from chatproof.history.running.bench import SYSTEM_PROMPT, Bench
from chatproof.history.running.search import Found, Search, find_violation
from chatproof.history.running.story import line, story
from chatproof.history.running.surroundings import contained, told_lines
from chatproof.probe import Spent
from chatproof.report.document import INTERRUPTED, CaseResult, Evidence, Outcome, Result, timed

__all__ = ["DEFAULT_SEARCH", "judge_rule", "run_client"]


DEFAULT_SEARCH = Search()


def run_client(
    factory: ClientFactory,
    policy: Policy,
    *,
    rules: Sequence[Rule] | None = None,
    system_prompt: str = SYSTEM_PROMPT,
    search: Search = DEFAULT_SEARCH,
    seconds: float = 30.0,
    target: str = "",
    again: Callable[[Rule], str] | None = None,
    on_example: Callable[[Rule, int], None] | None = None,
    on_result: Callable[[CaseResult], None] | None = None,
) -> Result:
    """Hold a client to rules (all of them where None is given), against a fake endpoint.

    `seconds` bounds each `say`. `target` names the client in the document; `again` gives the line that
    shows a violation once more. `on_example` hears of each conversation, `on_result` of each rule's end. A run that
    is interrupted (Ctrl-C) gives what it has.

    Raises:
        CannotBuildError: the factory gave no client; nothing was judged.
    """
    begun = time.monotonic()
    results: list[CaseResult] = []
    with (
        contained() as printed,
        Bench(factory, policy, system_prompt=system_prompt, seconds=seconds) as bench,
    ):
        bench.build()
        left = [*(RULES.values() if rules is None else rules)]
        interrupted = False
        try:
            while left:
                rule = left[0]
                told = None if on_example is None else partial(on_example, rule)
                printed.clear()
                line_again = again(rule) if again else ""
                judged = partial(judge_rule, rule, bench, search, again=line_again, told=told)
                result = _with_printed(timed(judged), told_lines(printed))
                results.append(result)
                del left[0]
                if on_result is not None:
                    on_result(result)
        except KeyboardInterrupt:
            interrupted = True
            results += [_result(rule, Outcome.NOT_RUN, INTERRUPTED) for rule in left]
        spent = Spent(requests=bench.requests, seconds=round(time.monotonic() - begun, 3))
    return Result(
        tool=_tool(search),
        target=_target(target, policy),
        spent=spent,
        cases=tuple(results),
        interrupted=interrupted,
    )


def _with_printed(case: CaseResult, printed: str) -> CaseResult:
    """What the client printed last stands beside what it broke."""
    return replace(case, evidence=tuple(replace(one, printed=printed) for one in case.evidence))


def judge_rule(
    rule: Rule,
    bench: Bench,
    search: Search,
    *,
    again: str = "",
    told: Callable[[int], None] | None = None,
) -> CaseResult:
    """Hold the bench's client to one rule. A fault of chatproof is an outcome, never an exception."""
    if reason := rule.unclaimed(bench.policy):
        return _result(rule, Outcome.UNSUPPORTED, reason)
    try:
        found = find_violation(rule, bench, search, told)
    except CannotBuildError as error:
        return _result(rule, Outcome.ERROR, str(error))
    except Exception as error:  # noqa: BLE001  a fault of ours must not hide what the other rules find
        where = traceback.extract_tb(error.__traceback__)[-1]
        return _result(
            rule, Outcome.ERROR, f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
        )
    if found is None:
        return _result(rule, Outcome.PASSED)
    outcome = Outcome.FAILED if rule.level is Level.MUST else Outcome.WARNED
    return _result(rule, outcome, f"{found.breaks}\n{story(found)}", (_evidence(rule, found, again),))


def _result(
    rule: Rule, outcome: Outcome, message: str = "", evidence: tuple[Evidence, ...] = ()
) -> CaseResult:
    return CaseResult(id=rule.id, level=rule.level.value, outcome=outcome, message=message, evidence=evidence)


def _evidence(rule: Rule, found: Found, again: str) -> Evidence:
    violation = found.violation
    sent = () if violation.request is None else found.play.asks[violation.ask].sent[violation.request]
    return Evidence(
        level=rule.level.value,
        rule=rule.id,
        path="" if violation.request is None else "$.messages",
        expected=line(found.play.expected(violation.ask)),
        seen=line(sent) or violation.message,
        again=again,
    )


def _tool(search: Search) -> dict[str, str | int]:
    return {
        "name": "chatproof",
        "version": __version__,
        "python": platform.python_version(),
        "seed": search.seed,
        "examples": search.examples,
    }


def _target(target: str, policy: Policy) -> dict[str, str]:
    return {"client": target, "policy": str(policy)}
