"""Files to verdicts, without the command line."""

from collections.abc import Sequence
from pathlib import Path

from chatproof.validate import Origin, Policy, Source
from chatproof.validate.files.read import items
from chatproof.validate.judging.run import settled, verdict_of
from chatproof.validate.judging.verdict import Verdict
from chatschema import Kind

__all__ = ["verdicts", "violations"]


def verdicts(
    path: Path, *, kind: Kind | None = None, origin: Origin = Origin.NAMED, policy: Policy | None = None
) -> list[Verdict]:
    """The verdicts of one file, in order."""
    source = Source(name=str(path), path=path, origin=origin)
    found = items(source, lambda _count: None, kind)
    judged = (verdict_of(item, origin, kind=kind, policy=policy or Policy()) for item in found)
    return [*settled(judged)]


def violations(found: Sequence[Verdict]) -> list[list[tuple[str, str, str]]]:
    """Rule, path and what was seen, of each verdict."""
    return [
        [(one.violation.rule, one.violation.path, one.violation.seen) for one in verdict.findings]
        for verdict in found
    ]
