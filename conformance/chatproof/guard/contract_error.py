"""The error of a program whose endpoint broke the contract."""

from collections.abc import Iterable, Iterator

from chatproof.guard.observation import Observation, Side
from chatschema import Violation

__all__ = ["ContractError", "words_of"]


class ContractError(Exception):
    """A body breaks a must of the contract; it names what broke and where."""

    def __init__(self, observation: Observation) -> None:
        super().__init__(observation)
        self.observation = observation

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All that became known at this moment, shoulds too."""
        return self.observation.violations

    @property
    def url(self) -> str:
        """Where the answer came from, without query and user."""
        return self.observation.url

    @property
    def kind(self) -> str:
        """What the body was judged as."""
        return self.observation.kind

    def __str__(self) -> str:
        return words_of(self.observation, self.observation.musts)


def words_of(observation: Observation, violations: Iterable[Violation]) -> str:
    """A headline and the violations below it."""
    return "\n".join(_lines(observation, violations))


def _lines(observation: Observation, violations: Iterable[Violation]) -> Iterator[str]:
    asked = f"{observation.method} {observation.url}"
    whose = f"{asked} answered {observation.status}" if observation.side is Side.ANSWER else f"{asked} asks"
    if observation.unjudged:
        yield f"{whose}, not judged as {observation.kind}: {observation.unjudged}"
        return
    yield f"{whose}, judged as {observation.kind}:"
    for violation in violations:
        yield f"  {violation.level} {violation.rule} at {violation.path}: {violation.message}"
        yield f"    expected  {violation.expected}"
        yield f"    seen      {violation.seen}"
