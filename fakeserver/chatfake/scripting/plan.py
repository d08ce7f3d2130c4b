"""What will happen to one request: who speaks, and what is done to the bytes. Names are written
`scenario+fault+fault`, any of them alone too; `fault*2` applies to the first two attempts at a request only, and
`delay-first-byte=2.5` gives a fault its number.
"""

import difflib
from dataclasses import dataclass, replace

from chatfake.core.api_error import shown
from chatfake.faults import FAULTS, Fault, fault_named
from chatfake.generation.reply import Reply
from chatfake.generation.scenarios import DEFAULT, SCENARIOS, Scenario, scripted

#: The names under this owner choose plans; no other model has it.
OWNER = "fake/"
#: More retries than any client makes.
MOST_ATTEMPTS = 100
#: Of a written plan: each part is a pass over the answer.
MOST_PARTS = 8
LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A scenario and the faults that are laid over it, in order."""

    scenario: Scenario = DEFAULT
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """How the plan is written: `unicode+stream-cut`."""
        alone = self.faults and self.scenario is DEFAULT
        names = [fault.written for fault in self.faults]
        return "+".join(names if alone else [self.scenario.name, *names])

    def for_attempt(self, attempt: int) -> "Plan":
        """The same without the faults that are over at this attempt (from 0)."""
        left = tuple(fault for fault in self.faults if fault.first is None or attempt < fault.first)
        return self if left == self.faults else replace(self, faults=left)

    @property
    def failing_attempts(self) -> int:
        """How many attempts at a request get another answer than all later ones."""
        return max((fault.first or 0 for fault in self.faults), default=0)

    @property
    def outcome(self) -> str:
        """A clause for sentences about the answer: "which failed with status 500"."""
        return self.faults[0].outcome if self.faults else self.scenario.outcome


#: What a script takes: a text, a reply, a scenario, a fault over the default, or both.
ScriptAnswer = str | Reply | Scenario | Fault | Plan

DEFAULT_PLAN = Plan()


class UnknownNameError(LookupError):
    """No scenario or fault has that name; `near` lists those that are written much like it."""

    def __init__(self, name: str) -> None:
        self.name = shown(name)
        super().__init__(self.name)

    @property
    def near(self) -> tuple[str, ...]:
        """Looked for when it is read: every text of a script is first held to be a name."""
        return tuple(difflib.get_close_matches(self.name, (*SCENARIOS, *FAULTS), n=3))

    def __str__(self) -> str:
        near = f"did you mean {' or '.join(self.near)}?" if self.near else "GET /v1/models lists them"
        return f"no scenario or fault is called {self.name!r}; {near}"


class AmbiguousTextError(ValueError):
    """A text that is the name of a plan stands in a script without saying which of both is meant."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.word = "scenario" if text in SCENARIOS else "plan"
        super().__init__(text)

    def __str__(self) -> str:
        return (
            f"{self.text!r} is the name of a {self.word}; write handle.{self.word}({self.text!r}) for that, "
            f"or Reply(text={self.text!r}) for the text"
        )


def parse_plan(written: str) -> Plan:
    """The plan that is written so; `UnknownNameError` when a part of it is neither a scenario nor a fault."""
    plan = DEFAULT_PLAN
    parts = written[: LONGEST_NAME + 1].split("+")
    if len(written) > LONGEST_NAME or len(parts) > MOST_PARTS:
        raise UnknownNameError(written)
    for part in parts:
        if part in SCENARIOS:
            plan = Plan(scenario=SCENARIOS[part], faults=plan.faults)
        else:
            plan = Plan(scenario=plan.scenario, faults=(*plan.faults, _parse_fault(part)))
    return plan


def _parse_fault(written: str) -> Fault:
    name, star, times = written.partition("*")
    found = fault_named(name)
    if found is None or (star and not (times.isdecimal() and 0 < int(times) <= MOST_ATTEMPTS)):
        raise UnknownNameError(written)
    return replace(found, first=int(times)) if star else found


def is_plan(text: str) -> bool:
    """Whether a plan is written so."""
    try:
        parse_plan(text)
    except UnknownNameError:
        return False
    return True


def fails(times: int, plan: Plan) -> Plan:
    """The faults of a plan for the first so many attempts at a request. Raises ValueError unless 1 to 100."""
    if not 0 < times <= MOST_ATTEMPTS:
        raise ValueError(f"a fault befalls 1 to {MOST_ATTEMPTS} attempts, not {times}")
    return replace(plan, faults=tuple(replace(fault, first=times) for fault in plan.faults))


def to_plan(answer: ScriptAnswer) -> Plan:
    """The plan that gives an answer of a script. Raises `AmbiguousTextError` for a text that is a plan's name."""
    if isinstance(answer, str) and is_plan(answer):
        raise AmbiguousTextError(answer)
    if isinstance(answer, Plan):
        return answer
    if isinstance(answer, Fault):
        return Plan(faults=(answer,))
    return Plan(scenario=answer if isinstance(answer, Scenario) else scripted(answer))
