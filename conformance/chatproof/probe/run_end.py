"""Why a run ended before all of it was judged, as a value; and the two ways in which one exchange comes to nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from chatproof.probe.exchange import Exchange

__all__ = ["EndKind", "NoEvidenceError", "NoExchangeError", "RunEnd", "RunEndedError"]


class EndKind(StrEnum):
    """What ended the run."""

    GONE = "gone"
    """The endpoint stopped answering, the plain request that had worked at the start too; or a client did."""
    THROTTLED = "throttled"
    """HTTP 429, however long was waited."""
    KEY = "key"
    """The key was refused from some request on."""
    REQUESTS = "requests"
    """--max-requests."""
    TOKENS = "tokens"
    """--max-tokens."""
    SECONDS = "seconds"
    """--max-seconds."""
    NOT_MADE = "not-made"
    """Nothing was judged at all: nobody answers, or no model, or a wrong key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """The end of a run: why, in a sentence, and the last request that was answered well before it.

    `chosen` says that the user set the limit himself: what is left was left on purpose.
    """

    kind: EndKind
    reason: str
    after_request: int = 0
    request: str = ""
    chosen: bool = False

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "RunEnd":
        """The value of a JSON form."""
        return cls(
            kind=EndKind(value["kind"]),
            reason=value["reason"],
            after_request=value["after_request"],
            request=value["request"],
            chosen=value["chosen"],
        )


class RunEndedError(Exception):
    """The run is at its end: nothing more is asked."""

    def __init__(self, end: RunEnd) -> None:
        super().__init__(end.reason)
        self.end = end


class NoExchangeError(Exception):
    """An exchange that could not be made, although the endpoint lives."""


class NoRouteError(Exception):
    """A path that is known to be missing here, and is asked no more."""

    def __init__(self, reason: str, exchange: Exchange | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exchange = exchange


class NoEvidenceError(Exception):
    """An answer that is evidence of nothing but itself: a refusal that has to do with the key."""

    def __init__(self, reason: str, exchange: Exchange) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exchange = exchange
