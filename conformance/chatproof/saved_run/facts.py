"""What a saved run has beside its exchanges: who was asked, and how; what each worker judged; how it ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from chatproof.probe import RunEnd
from chatproof.saved_run.error import SavedRunError

__all__ = ["BEHIND", "VERSION", "Asked", "Facts"]

BEHIND = "~behind"
"""Behind the name of a worker: what it asked the backend of a gateway."""

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How one process asked an endpoint: what the options of the run came to, without a secret in it."""

    url: str
    embedded: bool
    profiles: tuple[str, ...]
    model: str | None
    key_variable: str
    keyed: bool
    headers: tuple[tuple[str, str], ...]
    """Names, and what is shown for their values."""
    cacert: str | None
    insecure: bool
    seconds: float
    max_requests: int | None
    max_tokens: int | None
    max_seconds: float | None
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`asked` is by worker; without workers there is one, whose name is empty. `judged` says whose a case is."""

    asked: Mapping[str, Asked]
    profile: tuple[str, ...] = ()
    seed: int = 0
    expression: str = ""
    marks: str = ""
    fast: bool = False
    behind: str = ""
    """The URL of the backend, where a gateway was judged: it was asked by each process, too."""
    judged: Mapping[str, str] = field(default_factory=dict[str, str])
    ended: RunEnd | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "run": VERSION,
            "asked": {worker: asdict(asked) for worker, asked in self.asked.items()},
            "profile": list(self.profile),
            "seed": self.seed,
            "expression": self.expression,
            "marks": self.marks,
            "fast": self.fast,
            "behind": self.behind,
            "judged": dict(self.judged),
            "ended": self.ended.to_json() if self.ended else None,
        }

    @classmethod
    def from_json(cls, value: Any) -> "Facts":
        """The value of a JSON form.

        Raises:
            SavedRunError: it is none.
        """
        members = cast("Mapping[str, Any]", value if isinstance(value, dict) else {})
        if members.get("run") != VERSION:
            raise SavedRunError("it is of another version of chatproof")
        try:
            return cls(
                asked={str(worker): asked_of(one) for worker, one in members["asked"].items()},
                profile=tuple(_of(str, name) for name in members["profile"]),
                seed=_of(int, members["seed"]),
                expression=_of(str, members["expression"]),
                marks=_of(str, members["marks"]),
                fast=_of(bool, members.get("fast", False)),
                behind=_of(str, members["behind"]),
                judged={str(case): str(worker) for case, worker in members["judged"].items()},
                ended=RunEnd.from_json(members["ended"]) if members["ended"] else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SavedRunError(f"what it says of the run cannot be read ({type(error).__name__})") from None


def asked_of(value: Mapping[str, Any]) -> Asked:
    """How a process asked, of its JSON form. Raises KeyError, TypeError or ValueError."""
    limits = {name: value[name] for name in ("max_requests", "max_tokens", "max_seconds")}
    if any(limit is not None and not _is_positive(limit) for limit in limits.values()):
        raise ValueError(limits)
    seconds = _of((int, float), value["seconds"])
    return Asked(
        url=_of(str, value["url"]),
        embedded=_of(bool, value["embedded"]),
        profiles=tuple(_of(str, name) for name in value["profiles"]),
        model=None if value["model"] is None else _of(str, value["model"]),
        key_variable=_of(str, value["key_variable"]),
        keyed=_of(bool, value["keyed"]),
        headers=tuple((_of(str, name), _of(str, shown)) for name, shown in value["headers"]),
        cacert=None if value["cacert"] is None else _of(str, value["cacert"]),
        insecure=_of(bool, value["insecure"]),
        seconds=seconds,
        workers=_of(int, value["workers"]),
        **limits,
    )


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value
