"""The error of a program whose endpoint broke the contract."""

from collections.abc import Iterable, Iterator

from chatproof.guard.finding import Finding, Side
from chatschema import Violation

__all__ = ["ContractError", "words_of"]


class ContractError(Exception):
    """A body breaks a must of the contract; it names what broke and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All that became known at this moment, shoulds too."""
        return self.finding.violations

    @property
    def url(self) -> str:
        """Where the answer came from, without query and user."""
        return self.finding.url

    @property
    def kind(self) -> str:
        """What the body was judged as."""
        return self.finding.kind

    def __str__(self) -> str:
        return words_of(self.finding, self.finding.musts)


def words_of(finding: Finding, violations: Iterable[Violation]) -> str:
    """A headline and the violations below it."""
    return "\n".join(_lines(finding, violations))


def _lines(finding: Finding, violations: Iterable[Violation]) -> Iterator[str]:
    asked = f"{finding.method} {finding.url}"
    whose = f"{asked} answered {finding.status}" if finding.side is Side.ANSWER else f"{asked} asks"
    if finding.unjudged:
        yield f"{whose}, not judged as {finding.kind}: {finding.unjudged}"
        return
    yield f"{whose}, judged as {finding.kind}:"
    for violation in violations:
        yield f"  {violation.level} {violation.rule} at {violation.path}: {violation.message}"
        yield f"    expected  {violation.expected}"
        yield f"    seen      {violation.seen}"
