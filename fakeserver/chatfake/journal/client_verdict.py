"""How the client behaved, read off the journal: retries, waits, duplicates, streams that were left."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from chatfake.core.http import Ending
from chatfake.journal.journal import Recorded

#: Seconds: a client that waits a second by its own clock may be early by ours.
TOLERANCE = 0.05
#: What the OpenAI SDKs try again after.
RETRIED = frozenset({408, 409, 429, *range(500, 600)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A request that was sent again after it had failed."""

    after: int  #: number of the failed request
    number: int
    waited: float  #: seconds between the end of the failure and the retry
    asked_to_wait: float | None  #: what Retry-After said, in seconds
    obeyed: bool  #: it waited as long as it was asked to


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the client behaved. Requests are named by `Recorded.number`."""

    requests: int
    retries: tuple[Retry, ...]
    gave_up: tuple[int, ...]  #: failed, could have been tried again, and were not
    duplicates: tuple[int, ...]  #: asked again although the answer before was whole, or still under way
    abandoned: tuple[int, ...]  #: the client left before the end of the answer
    under_way: tuple[int, ...]  #: answers that have not ended
    refused: tuple[int, ...]  #: requests that were no valid ones

    @property
    def impatient(self) -> tuple[Retry, ...]:
        """Retries that came sooner than Retry-After allowed."""
        return tuple(retry for retry in self.retries if not retry.obeyed)

    def __str__(self) -> str:
        rows = [
            ("retries", len(self.retries)),
            ("of them sooner than Retry-After allowed", len(self.impatient)),
            ("failures that were not tried again", len(self.gave_up)),
            ("duplicates", len(self.duplicates)),
            ("answers that the client left", len(self.abandoned)),
            ("answers still under way", len(self.under_way)),
            ("requests that were refused", len(self.refused)),
        ]
        return "\n".join(
            [f"requests: {self.requests}", *(f"  {what}: {count}" for what, count in rows if count)]
        )


def verdict_on(entries: Sequence[Recorded]) -> Verdict:
    """How the client that sent these requests behaved."""
    retries: list[Retry] = []
    duplicates: list[int] = []
    tried_again: set[int] = set()
    latest: dict[tuple[str, bytes], Recorded] = {}
    for entry in entries:
        if entry.method != "POST":
            continue
        before = latest.get((entry.path, entry.body))
        latest[entry.path, entry.body] = entry
        if before is None:
            continue
        if before.finished is None or entry.arrived < before.finished or not _failed(before):
            duplicates.append(entry.number)
            continue
        tried_again.add(before.number)
        retries.append(_retry(before, entry))
    return Verdict(
        requests=len(entries),
        retries=tuple(retries),
        gave_up=tuple(one.number for one in entries if _failed(one) and one.number not in tried_again),
        duplicates=tuple(duplicates),
        abandoned=tuple(one.number for one in entries if one.ending is Ending.LEFT),
        under_way=tuple(one.number for one in entries if one.ending is None),
        refused=tuple(one.number for one in entries if one.method == "POST" and not one.scenario),
    )


def _failed(entry: Recorded) -> bool:
    return entry.status in RETRIED or entry.ending is Ending.LOST


def _retry(before: Recorded, entry: Recorded) -> Retry:
    waited = entry.arrived - (before.finished or before.arrived)
    asked = _retry_after(before)
    return Retry(
        after=before.number,
        number=entry.number,
        waited=waited,
        asked_to_wait=asked,
        obeyed=asked is None or waited >= asked - TOLERANCE,
    )


def _retry_after(entry: Recorded) -> float | None:
    """Seconds. A date is read against the answer's own `date`, where it has one."""
    answer = entry.answer
    if answer is None:
        return None
    said = answer.header("retry-after")
    try:
        return float(said)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(said) - parsedate_to_datetime(answer.header("date"))).total_seconds()
    except (ValueError, TypeError):
        return None
