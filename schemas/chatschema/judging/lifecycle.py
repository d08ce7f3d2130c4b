"""The life of a stream as a table, and of whatever is inside one: a choice, an item, a text.

Rule 1: what may follow what is decided by a table and nowhere else: (phase, step) -> the next phase, and what the
step violates. An entry that violates something still says where to go on: a judge that stops at the first mistake
hides the others.

Rule 2: nothing goes back. The phases of a life are in order, each step leads to one of them, and a step that leads to
an earlier phase than the present one changes nothing. Only an entry that names its next phase may do otherwise.

Rule 3: the tables are total: each phase that can be reached has an entry for each step, so that no input falls through.
"""

from collections.abc import Collection, Mapping
from enum import Enum, IntEnum, auto
from typing import TypeAlias, TypeVar

from chatschema.core.violation import Level

from .violation_kind import ViolationKind

__all__ = ["Phase", "Step", "Table", "lifecycle", "stream_lifecycle"]

PhaseT = TypeVar("PhaseT", bound=IntEnum)
StepT = TypeVar("StepT", bound=Enum)

Table: TypeAlias = Mapping[tuple[PhaseT, StepT], tuple[PhaseT, ViolationKind | None]]
#: What a step does at a phase beyond Rule 2: it violates something, it leads somewhere else, or both.
_Entries: TypeAlias = Mapping[
    tuple[PhaseT, StepT], ViolationKind | PhaseT | tuple[PhaseT, ViolationKind | None]
]


def lifecycle(
    start: PhaseT, leads: Mapping[StepT, PhaseT], entries: _Entries[PhaseT, StepT]
) -> Table[PhaseT, StepT]:
    """The table of a life, by the phase that each step leads to."""
    table: dict[tuple[PhaseT, StepT], tuple[PhaseT, ViolationKind | None]] = {}
    reached = [start]
    for phase in reached:
        for step, target in leads.items():
            match entries.get((phase, step)):
                case (following, violates):
                    table[phase, step] = following, violates
                case ViolationKind() as violates:
                    table[phase, step] = max(phase, target), violates
                case None:
                    table[phase, step] = max(phase, target), None
                case following:
                    table[phase, step] = following, None
            reached += {table[phase, step][0]} - {*reached}
    return table


class Phase(IntEnum):
    """Where a stream is."""

    START = auto()  #: nothing of the answer came
    CREATED = auto()  #: the answer was announced
    RESUMED = auto()  #: the stream says itself that it goes on with an earlier one
    RUNNING = auto()  #: the answer is in the making
    OPEN = auto()  #: parts of the answer came
    LAST = auto()  #: the part that ends the answer came
    FAILED = auto()  #: an error came
    DONE = auto()  #: `[DONE]` came
    ENDED = auto()  #: the bytes ended


class Step(Enum):
    """What an event is to the stream."""

    CREATED = auto()  #: it announces the answer
    QUEUED = auto()  #: the answer has to wait
    RESUME = auto()  #: it is the first and says itself that it is not; its own step follows
    RUNNING = auto()  #: the answer is begun
    PART = auto()  #: it brings a part of the answer: a chunk with choices, a token, something about an item
    LAST = auto()  #: it brings the end of the answer
    FAILED = auto()  #: it is the end, and nothing came of the answer
    BARE = auto()  #: a chunk without choices: usage alone, or Azure's filter results
    ERROR = auto()  #: an error
    OTHER = auto()  #: an event that the contract does not know
    JUNK = auto()  #: none of these; its own violation is reported where it is read
    DONE = auto()  #: `[DONE]`
    END = auto()  #: the end of the bytes


_LEADS: Mapping[Step, Phase] = {
    Step.CREATED: Phase.CREATED,
    Step.QUEUED: Phase.CREATED,
    Step.RESUME: Phase.RESUMED,
    Step.RUNNING: Phase.RUNNING,
    Step.PART: Phase.OPEN,
    Step.LAST: Phase.LAST,
    Step.FAILED: Phase.LAST,
    Step.BARE: Phase.START,
    Step.ERROR: Phase.FAILED,
    Step.OTHER: Phase.START,
    Step.JUNK: Phase.START,
    Step.DONE: Phase.DONE,
    Step.END: Phase.ENDED,
}


def stream_lifecycle(
    steps: Collection[Step],
    entries: _Entries[Phase, Step],
    *,
    done_rule: str,
    done_twice: Level = Level.MUST,
) -> Table[Phase, Step]:
    """The table of a stream whose events can be these steps. Nothing comes after `[DONE]`, or `done_rule` is broken."""
    after_done = ViolationKind(done_rule, "An event came after [DONE].", "nothing after [DONE]")
    twice = ViolationKind(done_rule, "[DONE] came twice.", "[DONE] once", done_twice)
    done = {(Phase.DONE, step): after_done for step in steps if step is not Step.END}
    return lifecycle(
        Phase.START,
        {step: _LEADS[step] for step in steps},
        {**done, (Phase.DONE, Step.DONE): twice, **entries},
    )
