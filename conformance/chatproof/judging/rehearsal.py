"""A run without an endpoint: the embedded fake is asked in its place, to see what would be sent and what it costs."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatproof.cases import PROFILES
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.probe import Spent

__all__ = ["Act", "Asked", "Rehearsal", "rehearse"]

_MODEL = "tiny"
_NO_LIMIT = 10**9
_ROOTS = {"lorax": "http://embedded.invalid"}
_ROOT = "http://embedded.invalid/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its method, its path below the base URL, its body."""

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
    """All requests of a run, case by case, and what they cost on the fake."""

    acts: tuple[Act, ...]
    spent: Spent

    @property
    def requests(self) -> int:
        """How many requests there are."""
        return sum(len(act.asked) for act in self.acts)


def rehearse(ids: Iterable[str], *, profile: str = "openai") -> Rehearsal:
    """Have the fake play the endpoint for these cases of a profile, in process: nothing is sent to anybody.

    An endpoint that lacks a capility or breaks is asked a little less or more.
    """
    from chatfake import Answer, Fake, HandlerTransport, Request  # noqa: PLC0415  most runs need none of it

    fake = Fake(models=(_MODEL,), clock=time.time, dialect=profile)
    asked: list[Asked] = []

    def noting(request: Request) -> Answer:
        asked.append(Asked(method=request.method, path=request.path, body=request.body))
        return fake.answer(request)

    target = Target(
        url=_ROOTS.get(profile, _ROOT),
        profiles=(profile,),
        model=_MODEL if profile != "lorax" else None,
        max_requests=_NO_LIMIT,
        max_tokens=_NO_LIMIT,
    )
    opened = open_target(target, transport=HandlerTransport(noting))
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")

    def acts() -> Iterator[Act]:
        yield Act(id="", asked=_taken(asked))
        for id_ in ids:
            judge.judge(PROFILES[profile][id_])
            yield Act(id=id_, asked=_taken(asked))

    return Rehearsal(acts=tuple(acts()), spent=opened.endpoint.probe.budget.spent)


def _taken(asked: list[Asked]) -> tuple[Asked, ...]:
    """What was asked since the last time."""
    found = tuple(asked)
    asked.clear()
    return found
