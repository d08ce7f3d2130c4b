"""A client whose history is judged: where it lives, what drives it, what it declares."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PROGRAMS = HERE / "programs"
POLICIES = HERE / "policies"
REQUIREMENTS = HERE.parent / "requirements"
RESULTS = HERE.parent / "results"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryClient:
    """A client, the environment that `.ci/peers` makes for it, and how it is driven there.

    `program` speaks the client protocol, and has what follows its name as arguments; where `command` is there, the client
    is that command, a process for each message, and `{bin}` is where it lies.
    """

    name: str  #: how the page and its result file name it
    environment: str
    package: str
    keeps: str  #: its way to keep a conversation, as its documentation has it
    policy: str  #: the name of a file in policies/
    program: str = ""
    command: str = ""
    can: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @property
    def is_node(self) -> bool:
        """Whether it lives in Node."""
        return ".mjs" in self.program

    @property
    def version(self) -> str:
        """The version that its requirements name."""
        file = REQUIREMENTS / f"{self.environment}{'.npm' if self.is_node else '.in'}"
        at = "@" if self.is_node else "=="
        named = (line.rpartition(at) for line in file.read_text(encoding="utf-8").splitlines())
        return next(version for name, _, version in named if name.partition("[")[0] == self.package)

    @property
    def result(self) -> Path:
        """What is on record of it."""
        return RESULTS / f"history-{self.name}.json"

    def options(self, environments: Path) -> list[str]:
        """How `chatproof client` is to drive it."""
        room = environments / self.environment
        if self.command:
            own = {"{bin}": str(room / "bin"), "{programs}": str(PROGRAMS)}
            ways = {f"{way}={_put(how, own)}" for way, how in self.can.items()}
            return [
                "--argv",
                _put(self.command, own),
                *(word for way in sorted(ways) for word in ("--can", way)),
            ]
        name, *arguments = self.program.split()
        runs = ["node"] if self.is_node else [str(room / "bin" / "python")]
        # chatproof's own packages are not the client's
        where = [f"PYTHONPATH={ROOT}", f"CHATPROOF_NODE={room}"]
        return ["--jsonl", shlex.join(["env", *where, *runs, str(PROGRAMS / name), *arguments])]


def _put(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text
