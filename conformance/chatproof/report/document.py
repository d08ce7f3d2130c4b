"""The result document: what a run found, as one value. Every report is a rendering of it.

The JSON form is `{"schema": "chatproof.result/1", "tool", "target", "spent", "whole", "ended", "interrupted",
"cases"}`; a client's case has its rule's "sentence" besides, and where that is broken the "story"
(`chatproof.report.story`). `Result.to_json` and `Result.from_json` are inverse to one another.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chatproof.findings.ids import group_of
from chatproof.probe import Json, RunEnd, Spent
from chatproof.report.outcome import JUDGED, Outcome
from chatproof.report.story import Story

__all__ = [
    "BEHIND",
    "INTERRUPTED",
    "NOT_SELECTED",
    "SCHEMA",
    "CaseResult",
    "Evidence",
    "Outcome",
    "Result",
    "timed",
]

SCHEMA = "chatproof.result/1"

NOT_SELECTED = "not selected"
"""The message of a case that the user left out: nothing has to be said about it."""

INTERRUPTED = "interrupted"
"""The message of a case that was not reached when the run was interrupted."""


BEHIND = {
    "same": "the backend has it too",
    "otherwise": "the backend breaks the case as well, in another way",
    "own": "the gateway alone: the backend does not have it",
    "unknown": "what the backend has of it could not be seen",
}
"""What is said of a finding at a gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A finding as the document has it: a level is its name, and instead of an exchange it says how to repeat it."""

    level: str
    expected: str
    seen: str
    path: str = ""
    rule: str = ""
    again: str = ""
    """A `curl` line that makes the same request, the key replaced by the variable's name."""
    compared: str = ""
    """The line for the request whose answer this one should have been like, where there is one."""
    python: str = ""
    """A program that makes the request again, and before it the one for comparison, where there is one."""
    response: str = ""
    """The beginning of the answer, as text."""
    printed: str = ""
    """Of a client: the last lines that it printed before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What became of one case or rule."""

    id: str
    level: str
    outcome: Outcome
    message: str = ""
    evidence: tuple[Evidence, ...] = ()
    started: str = ""
    """When it began, in UTC, as ISO 8601 has it; empty where it did not."""
    seconds: float = 0.0
    known: str = ""
    """Of what is listed as known: the reason, and how long."""
    behind: str = ""
    """Of what is broken at a gateway: whether its backend has it too (a key of `BEHIND`); empty without one."""
    sentence: str = ""
    """Of a client's rule: what it asks for."""
    story: Story | None = None
    """Of a client's broken rule: the conversation that shows it."""

    @property
    def broken(self) -> str:
        """The level of the worst that is broken: a must's case can break a should alone."""
        shoulds = self.evidence and all(one.level != "must" for one in self.evidence)
        return "should" if self.outcome is Outcome.WARNED or shoulds else "must"

    @property
    def group(self) -> str:
        """The id without its last part: `chat.sse` of `chat.sse.done`."""
        return group_of(self.id)

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        value = asdict(replace(self, story=None))
        del value["sentence"], value["story"]
        return {
            **value,
            "outcome": self.outcome.value,
            "evidence": [asdict(e) for e in self.evidence],
            **({"sentence": self.sentence} if self.sentence else {}),
            **({"story": self.story.to_json()} if self.story else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "CaseResult":
        """The value of a JSON form."""
        evidence = tuple(Evidence(**item) for item in value["evidence"])
        outcome = Outcome(value["outcome"])
        return cls(
            id=value["id"],
            level=value["level"],
            outcome=outcome,
            message=value["message"],
            evidence=evidence,
            started=value.get("started", ""),
            seconds=value.get("seconds", 0.0),
            known=value.get("known", ""),
            behind=value.get("behind", ""),
            sentence=value.get("sentence", ""),
            story=Story.from_json(value["story"]) if value.get("story") else None,
        )


def timed(judge: Callable[[], CaseResult]) -> CaseResult:
    """The result of a judgement, with the time that it took."""
    started, begun = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
    return replace(judge(), started=started, seconds=round(time.monotonic() - begun, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A run, to its end: `ended` says why that came before all was judged."""

    tool: Mapping[str, Json]
    target: Mapping[str, Json]
    spent: Spent = field(default_factory=Spent)
    cases: tuple[CaseResult, ...] = ()
    ended: RunEnd | None = None
    interrupted: bool = False

    @property
    def counts(self) -> Counter[Outcome]:
        """How many cases ended in each way."""
        return Counter(case.outcome for case in self.cases)

    @property
    def judged(self) -> int:
        """How many cases say something about the endpoint. A run with none is no green run."""
        return sum(self.counts[outcome] for outcome in JUDGED)

    @property
    def left(self) -> tuple[CaseResult, ...]:
        """The cases that were selected and did not come to a verdict, through no fault of the endpoint's answers."""
        return tuple(
            case
            for case in self.cases
            if case.outcome is Outcome.ERROR
            or (case.outcome is Outcome.NOT_RUN and case.message != NOT_SELECTED)
        )

    @property
    def whole(self) -> bool:
        """Was everything judged that was selected? Where it was not, the run is no green one."""
        return not (self.interrupted or self.ended or self.left)

    @property
    def left_by_choice(self) -> bool:
        """Is what was left out left out by a limit that the user set himself, and by nothing else?"""
        end = self.ended
        return bool(end and end.chosen) and all(end and case.message == end.reason for case in self.left)

    @property
    def shortfall(self) -> str:
        """Why the run is not whole, in one sentence; empty where it is."""
        if self.whole:
            return ""
        reasons = [
            *(["interrupted"] if self.interrupted else []),
            *([self.ended.reason] if self.ended else []),
            *(case.message for case in self.left if case.outcome is Outcome.NOT_RUN),
        ]
        counts = self.counts
        count = sum(case.outcome is Outcome.NOT_RUN for case in self.left)
        parts = list(dict.fromkeys(reasons))[:1]
        if counts[Outcome.ERROR]:
            parts.append("chatproof itself broke (please report it)")
        if count:
            parts.append(f"{count} {'case was' if count == 1 else 'cases were'} not run")
        return "; ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "schema": SCHEMA,
            "tool": dict(self.tool),
            "target": dict(self.target),
            "spent": {**asdict(self.spent), "seconds": round(self.spent.seconds, 3)},
            "whole": self.whole,
            "ended": self.ended.to_json() if self.ended else None,
            "interrupted": self.interrupted,
            "cases": [case.to_json() for case in self.cases],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Result":
        """The value of a JSON form.

        Raises:
            ValueError: it is of another schema.
        """
        if value.get("schema") != SCHEMA:
            raise ValueError(f"not a {SCHEMA} document: schema is {value.get('schema')!r}")
        cases = tuple(CaseResult.from_json(case) for case in value["cases"])
        ended = value.get("ended")
        return cls(
            tool=value["tool"],
            target=value["target"],
            spent=Spent(**value["spent"]),
            cases=cases,
            ended=RunEnd.from_json(ended) if ended else None,
            interrupted=value.get("interrupted", False),
        )
