"""The verdict's findings as sentences, each at the request that it belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chatfake.journal.client_verdict import Retry, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`level` is good, note or bad."""

    kind: str
    level: str
    text: str


def findings_of(verdict: Verdict) -> Mapping[int, tuple[Remark, ...]]:
    """By number of the request; requests of which nothing is to be said are left out."""
    found: dict[int, list[Remark]] = {}
    for number, finding in _all(verdict):
        found.setdefault(number, []).append(finding)
    return {number: tuple(rows) for number, rows in found.items()}


def _all(verdict: Verdict) -> Iterator[tuple[int, Remark]]:
    for retry in verdict.retries:
        yield retry.number, _retry(retry)
    for numbers, kind, level, text in (
        (verdict.duplicates, "duplicate", "bad", "asked again, although the same was answered or under way"),
        (verdict.gave_up, "gave-up", "note", "failed, and was not tried again"),
        (verdict.abandoned, "abandoned", "bad", "the client left before the end"),
        (verdict.refused, "refused", "bad", "refused: not a valid request"),
    ):
        for number in numbers:
            yield number, Remark(kind=kind, level=level, text=text)


def _retry(retry: Retry) -> Remark:
    text = f"retry of #{retry.after} after {retry.waited:.2f} s"
    if retry.asked_to_wait is None:
        return Remark(kind="retry", level="note", text=text)
    if retry.obeyed:
        return Remark(kind="retry", level="good", text=f"{text}, as Retry-After asked")
    return Remark(
        kind="impatient", level="bad", text=f"{text}; Retry-After asked for {retry.asked_to_wait:g} s"
    )
