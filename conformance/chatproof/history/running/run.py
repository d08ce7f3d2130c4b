"""A whole run: a client held to the rules that its policy claims, as one result document."""

import platform
import time
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from chatproof.findings.finding import Level
from chatproof.findings.version import __version__
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.rules.registry import Can, Rule
from chatproof.history.running.crew import Crew
from chatproof.history.running.session import Session
from chatproof.history.running.shrink import Shrunk
from chatproof.history.running.story import line, story
from chatproof.history.running.telling import told
from chatproof.history.running.tour import Leg, tour
from chatproof.history.running.trial import Search, Trial, unclaimed, untold
from chatproof.probe import RunEnd, Spent
from chatproof.probe.run_end import EndKind
from chatproof.report.document import INTERRUPTED, CaseResult, Evidence, Outcome, Result

__all__ = ["DEFAULT_SEARCH", "judged", "run_client"]

DEFAULT_SEARCH = Search()


def run_client(
    session: Session | Crew,
    *,
    rules: Sequence[Rule] | None = None,
    search: Search = DEFAULT_SEARCH,
    legs: Callable[[Policy, Can], tuple[Leg, ...]] = tour,
    target: str = "",
    again: Callable[[Rule], str] | None = None,
    on_play: Callable[[str, int], None] | None = None,
    on_result: Callable[[CaseResult], None] | None = None,
) -> Result:
    """Hold the client of a session to rules (all of them where None is given).

    `legs` are the fixed plans: `brief_tour` has less of them, for clients that are slow. `target` names the client in
    the document; `again` gives the line that shows a breach once more. `on_play` hears of each play, with the number of
    plays until then, `on_result` of each rule's end. A run that is interrupted (Ctrl-C) gives what it has.

    Raises:
        CannotBuildError: there is no client that can be judged; nothing was.
    """
    begun = time.monotonic()
    chosen = tuple(RULES.values() if rules is None else rules)
    results: list[CaseResult] = []
    session.gate()
    reasons = unclaimed([rule.id for rule in chosen], session.policy, session.can)
    trial = Trial(
        player=session,
        rules=[rule.id for rule in chosen if rule.id not in reasons],
        search=search,
        legs=legs,
        told=on_play or untold,
    )
    with _interruptible(trial):
        trial.tour()
        trial.look_on()
    for rule in chosen:
        results.append(_to_the_end(trial, rule, reasons.get(rule.id, ""), again(rule) if again else ""))
        if on_result is not None:
            on_result(results[-1])
    interrupted = trial.ended == INTERRUPTED
    ended = RunEnd(kind=EndKind.GONE, reason=trial.ended) if trial.ended and not interrupted else None
    return Result(
        tool=_tool(search),
        target={
            "client": target,
            "policy": str(session.policy),
            **({"notes": list(session.notes)} if session.notes else {}),
        },
        spent=Spent(requests=session.requests, seconds=round(time.monotonic() - begun, 3)),
        cases=tuple(results),
        ended=ended,
        interrupted=interrupted,
    )


@contextmanager
def _interruptible(trial: Trial) -> Generator[None]:
    """Ctrl-C ends the trial, not the run: what was seen until then is told."""
    try:
        yield
    except KeyboardInterrupt:
        trial.ended = INTERRUPTED


def _to_the_end(trial: Trial, rule: Rule, reason: str, again: str) -> CaseResult:
    with _interruptible(trial):
        return judged(rule, trial, reason, again)
    return judged(rule, trial, reason, again)  # by what was seen until the interrupt


def judged(rule: Rule, trial: Trial, reason: str, again: str) -> CaseResult:
    """What the trial shows of one rule. A fault of chatproof is an outcome, never an exception."""
    if reason:
        return _result(rule, Outcome.NOT_CLAIMED, reason)
    try:
        if rule.id in trial.broken:
            begun = time.monotonic()
            shrunk = trial.shown(rule.id)
            return replace(_broken(rule, shrunk, again), seconds=round(time.monotonic() - begun, 3))
    except Exception as error:  # noqa: BLE001  a fault of ours must not hide what the other rules show
        where = traceback.extract_tb(error.__traceback__)[-1]
        return _result(
            rule, Outcome.ERROR, f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
        )
    if rule.id in trial.hidden:
        return _result(rule, Outcome.NOT_REACHED, f"hidden behind {trial.hidden[rule.id]}, which is broken")
    if unplayed := trial.unplayed(rule.id):
        return _result(rule, Outcome.NOT_RUN, unplayed)
    if rule.id not in trial.reached:
        return _result(rule, Outcome.NOT_REACHED, trial.why_not(rule.id))
    return _result(rule, Outcome.PASSED)


def _broken(rule: Rule, shrunk: Shrunk, again: str) -> CaseResult:
    outcome = Outcome.FAILED if rule.level is Level.MUST else Outcome.WARNED
    conversation = told(shrunk, rule.breaks)
    message = f"{rule.breaks}\n{story(conversation)}"
    return replace(_result(rule, outcome, message, (_evidence(rule, shrunk, again),)), story=conversation)


def _result(
    rule: Rule, outcome: Outcome, message: str = "", evidence: tuple[Evidence, ...] = ()
) -> CaseResult:
    return CaseResult(
        id=rule.id,
        level=rule.level.value,
        outcome=outcome,
        message=message,
        evidence=evidence,
        sentence=rule.sentence,
    )


def _evidence(rule: Rule, shrunk: Shrunk, again: str) -> Evidence:
    found = shrunk.found
    printed = found.play.steps[found.step].printed
    if found.breach is not None:
        breach = found.breach
        expected, seen = breach.expected or rule.sentence, breach.seen or breach.message
    else:
        expected = (
            line(slot.message for slot in found.judged.expectation.slots if slot.presence == "must")
            if found.judged
            else rule.sentence
        )
        seen = line(found.judged.exchange.messages) if found.judged else ""
    return Evidence(
        level=rule.level.value,
        rule=rule.id,
        path="$.messages" if found.deviation is not None else "",
        expected=expected,
        seen=seen,
        again=again,
        printed=printed,
    )


def _tool(search: Search) -> dict[str, str | int]:
    return {
        "name": "chatproof",
        "version": __version__,
        "python": platform.python_version(),
        "seed": search.seed,
        "examples": search.examples,
    }
