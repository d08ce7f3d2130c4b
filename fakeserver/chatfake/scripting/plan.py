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

    def at(self, attempt: int) -> "Plan":
        """The same without the faults that are over at this attempt (from 0)."""
        left = tuple(fault for fault in self.faults if fault.first is None or attempt < fault.first)
        return self if left == self.faults else replace(self, faults=left)

    @property
    def spans(self) -> int:
        """Attempts after which nothing changes any more."""
        return max((fault.first or 0 for fault in self.faults), default=0)

    @property
    def outcome(self) -> str:
        """A clause for sentences about the answer: "which failed with status 500"."""
        return self.faults[0].outcome if self.faults else self.scenario.outcome


#: What a script takes: a text, a reply, a scenario, a fault over the default, or both.
Scripted = str | Reply | Scenario | Fault | Plan

DEFAULT_PLAN = Plan()


class UnknownNameError(LookupError):
    """No scenario or fault has that name; `near` lists those that are written much like it."""

    def __init__(self, name: str) -> None:
        self.name = name = shown(name)
        self.near = tuple(difflib.get_close_matches(name, (*SCENARIOS, *FAULTS), n=3))
        hint = f"; did you mean {' or '.join(self.near)}?" if self.near else ""
        super().__init__(f"no scenario or fault is called {name!r}{hint}")


def plan_named(name: str) -> Plan:
    """The plan of that name; `UnknownNameError` when a part of it is neither a scenario nor a fault."""
    plan = DEFAULT_PLAN
    parts = name[: LONGEST_NAME + 1].split("+")
    if len(name) > LONGEST_NAME or len(parts) > MOST_PARTS:
        raise UnknownNameError(name)
    for part in parts:
        if part in SCENARIOS:
            plan = Plan(scenario=SCENARIOS[part], faults=plan.faults)
        else:
            plan = Plan(scenario=plan.scenario, faults=(*plan.faults, _fault(part)))
    return plan


def _fault(written: str) -> Fault:
    name, star, times = written.partition("*")
    found = fault_named(name)
    if found is None or (star and not (times.isdecimal() and 0 < int(times[:4]) <= MOST_ATTEMPTS)):
        raise UnknownNameError(written)
    return replace(found, first=int(times)) if star else found


def fails(times: int, plan: Plan) -> Plan:
    """The faults of a plan for the first so many attempts at a request. Raises ValueError unless 1 to 100."""
    if not 0 < times <= MOST_ATTEMPTS:
        raise ValueError(f"a fault befalls 1 to {MOST_ATTEMPTS} attempts, not {times}")
    return replace(plan, faults=tuple(replace(fault, first=times) for fault in plan.faults))


def plan_of(item: Scripted) -> Plan:
    """The plan of one entry of a script."""
    if isinstance(item, Plan):
        return item
    if isinstance(item, Fault):
        return Plan(faults=(item,))
    return Plan(scenario=item if isinstance(item, Scenario) else scripted(item))
