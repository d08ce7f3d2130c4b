"""Looking for a conversation that breaks a rule, and for the shortest one that does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, cast

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky

from chatproof.history.model.log import Log
from chatproof.history.model.play import ClientViolation, Hung, Play, stumbles
from chatproof.history.model.policy import Policy
from chatproof.history.model.registry import Rule

__all__ = ["Found", "Player", "Search", "find_violation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How long to look. The same seed plays the same conversations."""

    examples: int = 30
    seed: int = 0


class Player(Protocol):
    """Where conversations are played: a `Bench`, or what stands in for one."""

    policy: Policy

    def play(self, log: Log) -> Play:
        """Play a conversation with a new client."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A conversation that breaks a rule; `breaks` says what that is to a user, `caption` how it was found."""

    play: Play
    violation: ClientViolation
    breaks: str
    caption: str = "shortest conversation"


class _Talk:
    """A conversation without a repr: hypothesis makes one of every value, and warns where it is long."""

    __slots__ = ("log",)

    def __init__(self, log: Log) -> None:
        self.log = log


_IGNORED = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
)
"""Advice for authors of tests, which a client's author can do nothing about."""


_STUMBLED = "The client fails where the endpoint did nothing wrong: its user is left without the reply."


class _BrokenError(Exception):
    """The rule does not hold: hypothesis shrinks what raises this."""


class _AbandonedError(BaseException):
    """The client hung: no example more, since each would cost the whole timeout. No Exception: hypothesis
    lets nothing else through at once.
    """


def find_violation(
    rule: Rule, bench: Player, search: Search, told: Callable[[int], None] | None = None
) -> Found | None:
    """The shortest conversation in which the client breaks the rule, or None after all examples.

    `told` is called with the number of conversations played until now.

    Raises:
        CannotBuildError: the factory gave no client.
    """
    last: list[Found] = []
    played = 0

    def attempt(log: Log) -> None:
        nonlocal played
        played += 1
        if told is not None:
            told(played)
        play = bench.play(log)
        stumble = next(stumbles(play), None)
        violation = stumble or next(rule.check(play), None)
        if violation is None:
            return
        last.append(Found(play=play, violation=violation, breaks=_STUMBLED if stumble else rule.breaks))
        if isinstance(play.asks[violation.ask].ending, Hung):
            raise _AbandonedError
        raise _BrokenError

    try:
        _test(attempt, rule, bench, search)()
    except _BrokenError:
        return last[-1]
    except _AbandonedError:
        return _captioned(last[-1], "the conversation, not shortened")
    except Flaky:
        return _captioned(last[-1], "a conversation that breaks it at times, and at times does not")
    return None


def _test(attempt: Callable[[Log], None], rule: Rule, bench: Player, search: Search) -> Callable[[], None]:
    bounds = settings(
        max_examples=search.examples,
        phases=(Phase.generate, Phase.shrink),
        database=None,  # nothing is written beside other people's tests
        deadline=None,
        derandomize=False,  # the seed does that, in every profile
        report_multiple_bugs=False,
        suppress_health_check=_IGNORED,
        verbosity=Verbosity.quiet,
    )

    def talked(talk: _Talk) -> None:
        attempt(talk.log)

    test = bounds(given(rule.talks(bench.policy).map(_Talk))(talked))
    return cast("Callable[[], None]", seed(search.seed)(test))


def _captioned(found: Found, caption: str) -> Found:
    return replace(found, caption=caption)
