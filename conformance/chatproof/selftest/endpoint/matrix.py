"""Endpoints and cases: which case found fault with which endpoint."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatproof.cases import Level, case_of
from chatproof.report import Outcome
from chatproof.selftest.endpoint.judged import judged, plain
from chatproof.selftest.endpoint.lorax_miniatures import LORAX_MINIATURES
from chatproof.selftest.endpoint.lorax_variants import LORAX_VARIANTS
from chatproof.selftest.endpoint.miniatures import MINIATURES, unexplained
from chatproof.selftest.endpoint.variants import VARIANTS
from chatproof.selftest.endpoint.wrapping import Wrapper

__all__ = ["ENDPOINTS", "Row", "TriedEndpoint", "row", "told"]

_FOUND = {Outcome.FAILED: "failed", Outcome.WARNED: "warned", Outcome.ERROR: "error"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedEndpoint:
    """The fake, wrapped: what it was made to break, and what cannot but break along; a right one breaks nothing."""

    name: str
    profile: str
    breaks: str
    along: frozenset[str]
    make: Wrapper


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the cases found in one endpoint: `failed`, `warned` or `error`, by the ids of those that found something."""

    endpoint: TriedEndpoint
    found: dict[str, str]
    seconds: float

    @property
    def is_right(self) -> bool:
        """A broken endpoint is seen by the case that it was made for, and by no stranger; a right one by none."""
        return not _unexplained(self) and "error" not in self.found.values()

    @property
    def fails(self) -> bool:
        """Does the run end with 1?"""
        return "failed" in self.found.values()


def _all() -> Iterator[TriedEndpoint]:
    none: frozenset[str] = frozenset()
    for profile, miniatures in (("openai", MINIATURES), ("lorax", LORAX_MINIATURES)):
        for one in miniatures.values():
            yield TriedEndpoint(
                name=one.name, profile=profile, breaks=one.breaks, along=one.along, make=one.make
            )
    for profile, variants in (("openai", VARIANTS), ("lorax", LORAX_VARIANTS)):
        for name, make in variants.items():
            prefix = "right/" if profile == "openai" else f"right/{profile}-"
            yield TriedEndpoint(name=f"{prefix}{name}", profile=profile, breaks="", along=none, make=make)


ENDPOINTS: dict[str, TriedEndpoint] = {one.name: one for one in _all()}
"""All endpoints by name, broken ones first; those that are right begin with `right/`."""


def row(name: str) -> Row:
    """One endpoint, held to all cases of its profile."""
    endpoint = ENDPOINTS[name]
    begun = time.monotonic()
    results = judged(endpoint.make(plain(endpoint.profile)), endpoint.profile)
    found = {result.id: _FOUND[result.outcome] for result in results if result.outcome in _FOUND}
    return Row(endpoint=endpoint, found=found, seconds=time.monotonic() - begun)


def told(rows: Iterable[Row]) -> Iterator[str]:
    """The matrix, a line an endpoint, and the sum."""
    all_rows: list[Row] = []
    for one in rows:
        all_rows.append(one)
        mark = "ok   " if one.is_right else "WRONG"
        found = ", ".join(f"{id_} {how}" for id_, how in one.found.items())
        yield f"{mark}  {one.endpoint.name:<34} {found or 'nothing'}"
        if not one.is_right:
            yield f"       {_why(one)}"
    broken = [one for one in all_rows if one.endpoint.breaks]
    caught = [one for one in broken if one.endpoint.breaks in one.found]
    musts = [one for one in caught if case_of(one.endpoint.breaks).level is Level.MUST]
    failing = sum(one.fails for one in musts)
    blamed = sum(bool(one.found) for one in all_rows if not one.endpoint.breaks)
    wrong = sum(not one.is_right for one in all_rows)
    yield (
        f"{len(caught)} of {len(broken)} broken endpoints caught by the case meant ({failing} of {len(musts)} of the"
        f" musts fail the run), {blamed} of {len(all_rows) - len(broken)} right ones blamed, {wrong} rows wrong"
    )


def _unexplained(one: Row) -> set[str]:
    """What finds fault and should not, or does not and should. A right endpoint is blamed by none."""
    declared = {one.endpoint.breaks, *one.endpoint.along} - {""}
    return unexplained(declared, one.found) if declared else {*one.found}


def _why(one: Row) -> str:
    declared = {one.endpoint.breaks, *one.endpoint.along} - {""}
    if strange := sorted(_unexplained(one) - declared):
        return f"not declared: {', '.join(strange)}"
    if missed := sorted(declared - set(one.found)):
        return f"not found by {', '.join(missed)}"
    return "a fault in chatproof"
