"""A run without an endpoint: the embedded fake is asked in its place, to see what would be sent and what it costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import case_of, profile_of
from chatproof.judging.embedded import EMBEDDED_MODEL, dialect_of, embedded_fake
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.probe import Spent

__all__ = ["Act", "Asked", "Rehearsal", "rehearse"]

_NO_LIMIT = 10**9
_ROOT = "http://embedded.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its method, its path, its body."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one case sends, beyond what others have asked before it; empty `id` for what opens the run."""

    id: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All requests of a run, case by case, and what they cost on the fake, in tokens of its own."""

    acts: tuple[Act, ...]
    spent: Spent


def rehearse(ids: Iterable[str], *, model: str = EMBEDDED_MODEL) -> Rehearsal:
    """Have the fake play the endpoint for these cases, in process: nothing is sent to anybody.

    An endpoint that lacks a capability or breaks is asked a little less or more.
    """
    selected = tuple(ids)
    acts: list[Act] = []
    spent = Spent()
    for lorax in (False, True):
        part = tuple(id_ for id_ in selected if (profile_of(id_) == "lorax") is lorax)
        if part:
            played, cost = _played(part, model)
            acts += played
            spent += cost
    return Rehearsal(acts=tuple(acts), spent=spent)


def _played(ids: tuple[str, ...], model: str) -> tuple[list[Act], Spent]:
    """The acts of cases below one URL, and their cost."""
    profiles = tuple(dict.fromkeys(map(profile_of, ids)))
    dialect = dialect_of(profiles)
    fake = embedded_fake(dialect, model=model)
    asked: list[Asked] = []

    def noting(request: Request) -> Answer:
        asked.append(Asked(method=request.method, path=request.path, body=request.body))
        return fake.answer(request)

    opened = open_target(
        Target(
            url=_ROOT if dialect == "lorax" else f"{_ROOT}/v1",
            profiles=profiles,
            model=model,
            max_requests=_NO_LIMIT,
            max_tokens=_NO_LIMIT,
        ),
        transport=HandlerTransport(noting),
    )
    judge = Judge(opened.endpoint, api_key=None, key_variable="", profile=dialect)

    def acts() -> Iterator[Act]:
        yield Act(id="", asked=_taken(asked))
        for id_ in ids:
            judge.raw(case_of(id_))
            yield Act(id=id_, asked=_taken(asked))

    return list(acts()), opened.endpoint.probe.budget.spent


def _taken(asked: list[Asked]) -> tuple[Asked, ...]:
    """What was asked since the last time."""
    found = tuple(asked)
    asked.clear()
    return found
