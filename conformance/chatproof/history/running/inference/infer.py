"""What a client declares, found out by playing with it: one member of the policy after another."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

from chatproof.history.model.answers import Mode
from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.plan import Plan
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Ask, Hung, Play, Raised
from chatproof.history.rules.registry import Can
from chatproof.history.running.inference import plays, reading
from chatproof.history.running.inference.bounding import Bounding
from chatproof.history.running.inference.failing import infer_fates
from chatproof.history.running.trial import untold

__all__ = ["Inferable", "Inferred", "infer"]

_NEVER_ASKED = (
    (
        "what becomes of rounds that are cancelled, left in mid-stream, or end in calls of tools (fates), for it may"
        " come out differently each time"
    ),
    "the time after which the client gives up an answer (timeout), for nobody waits so long",
)


class Inferable(Protocol):
    """Where the plays are made: a session, or what stands in for one. `requests` counts all that were made."""

    policy: Policy
    requests: int

    @property
    def can(self) -> Can:
        """What the client's methods allow."""
        ...

    def gate(self) -> Play:
        """One ask, which has to work."""
        ...

    def play(self, plan: Plan) -> Play:
        """Play a plan with a new client."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """The policy that was found. `comments` say from what, by member or answer; `unknown` is what stays open.

    `broken` are rules that the client breaks under it in the plays that were made for this.
    """

    policy: Policy
    comments: dict[str, str]
    unknown: tuple[str, ...]
    broken: tuple[str, ...]
    requests: int


def infer(
    session: Inferable,
    declared: Collection[str] = (),
    told: Callable[[str, int], None] = untold,
) -> Inferred:
    """The policy of a session's client. What is `declared`, by the names of members and answers, stays as it is;
    with "system-prompt" among them there is one.

    `told` hears of each play, with the number of those before.

    Raises:
        CannotBuildError: there is no client, or it does not come back, or it ends its process.
        EndpointLostError: the endpoint behind the stage is gone.
    """
    session.gate()
    return _Inference(session, frozenset(declared), told).result()


@dataclass(slots=True)
class _Inference:
    session: Inferable
    declared: frozenset[str]
    told: Callable[[str, int], None]
    policy: Policy = field(default_factory=Policy)
    comments: dict[str, str] = field(default_factory=dict[str, str])
    unknown: list[str] = field(default_factory=list[str])
    made: list[Play] = field(default_factory=list[Play])

    def result(self) -> Inferred:
        """All members, each by what is known of those before it."""
        self.policy = self.session.policy
        self._tools()
        growth = self.play("growth", plays.growth(self.policy))
        self._system(growth)
        self._altered(growth)
        if not {"window", "cap"} & self.declared:
            bounding = Bounding(self.policy, growth, self.session.can, self.play)
            self._take(*bounding.inferred(counted="system" not in self.declared))
        failing = self._failing(streams=any(one.streamed for _, one in growth.exchanges()))
        self._take(*infer_fates(self.policy, failing, self.declared))
        self._resent((growth, *failing))
        self._restart()
        self._methods()
        return Inferred(
            policy=self.policy,
            comments=self.comments,
            unknown=(*self.unknown, *_NEVER_ASKED),
            broken=reading.broken(self.made, self.policy, self.session.can),
            requests=self.session.requests,
        )

    def play(self, name: str, plan: Plan) -> Play:
        """One play, to its end."""
        self.told(name, len(self.made))
        play = self.session.play(plan)
        self.made.append(play)
        last = play.steps[-1]
        for ask in (ask for step in play.steps for ask in step.asks):
            if isinstance(ask.ending, Hung):
                raise CannotBuildError(
                    f"the client did not come back within {ask.ending.seconds:g} s ({name})"
                )
        if len(play.steps) < len(plan) and not last.failure:
            errors = "; ".join(filter(None, map(_error, last.asks))) or "there was no client any more"
            raise CannotBuildError(
                f"the client ended in move {len(play.steps)} of {len(plan)} ({name}): {errors}"
            )
        return play

    def _take(self, policy: Policy, comments: dict[str, str], unknown: list[str]) -> None:
        self.policy = policy
        self.comments |= comments
        self.unknown += unknown

    # -- the members ----------------------------------------------------------------------------------------------

    def _tools(self) -> None:
        if "tools" not in self.declared:
            play = self.play("tools", plays.tools())
            self._take(*reading.tools(self.policy, play))

    def _system(self, growth: Play) -> None:
        if "system" not in self.declared:
            self._take(*reading.system(self.policy, growth, given="system-prompt" in self.declared))

    def _altered(self, growth: Play) -> None:
        if "breaks_control_tokens" not in self.declared:
            self._take(*reading.control_tokens(self.policy, growth))
        if "clears_results" not in self.declared and self.policy.tools is not None:
            self._take(*reading.cleared_results(self.policy, growth))

    def _failing(self, *, streams: bool) -> tuple[Play, ...]:
        names = plays.kinds_in(Mode.JSON, self.policy)
        whole = self.play("failures", plays.rounds_that_fail(names))
        streamed = "stream" in self.session.can
        if not (streams or streamed):
            return (whole,)
        names = plays.kinds_in(Mode.STREAM, self.policy)
        return whole, self.play("streams", plays.rounds_that_fail(names, streamed=streamed))

    def _resent(self, played: Collection[Play]) -> None:
        if "models" not in self.declared:
            self._take(*reading.models(self.policy, played))
        if "retries" not in self.declared:
            self._take(*reading.retries(self.policy, played))
        if len(self.policy.models) > 1 and "sticky" not in self.declared:
            tries = reading.requests_to_first(self.policy, played)
            play = self.play("fallback", plays.fallback(tries))
            self._take(*reading.sticky(self.policy, play))

    def _restart(self) -> None:
        if "persistent" in self.declared:
            return
        declared = self.session.policy
        self.session.policy = replace(
            declared, persistent=True
        )  # else no second client is built at the same place
        try:
            play = self.play("restart", plays.restart())
        finally:
            self.session.policy = declared
        self._take(*reading.persistent(self.policy, play))
        if not self.policy.persistent:
            self.made.remove(play)  # that it has forgotten everything is no mistake then

    def _methods(self) -> None:
        """What methods the client has, as it claims by having them."""
        if "many" not in self.declared and "conversation" in self.session.can:
            self._take(replace(self.policy, many=True), {"many": "it has the method conversation"}, [])
        if "tree" not in self.declared and "fork" in self.session.can:
            self._take(replace(self.policy, tree=True), {"tree": "it has the method fork"}, [])


def _error(ask: Ask) -> str:
    return ask.ending.error if isinstance(ask.ending, Raised) else ""
