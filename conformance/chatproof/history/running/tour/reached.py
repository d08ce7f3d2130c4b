"""Whether a play came to what a rule is about: a rule whose trigger was never there has not been kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from chatproof.history.model.answers import ANSWERS, Mode
from chatproof.history.model.plan import Restart, Say, Spoil, Spoilage, Tear, Together, Widen
from chatproof.history.model.policy import Unit, Window
from chatproof.history.model.seen import Cancelled, Exchange, Play, Raised, Step
from chatproof.history.rules.turns import has_failed

__all__ = ["NOT_REACHED", "reached", "why_not"]

NOT_REACHED = "nothing that the client did put it to the test"

Reached = Callable[[Play], bool]


def reached(rule: str, play: Play) -> bool:
    """Whether what the rule is about happened, with a request after it that could show it."""
    of = [kind.name for kind in ANSWERS.values() if kind.rule == rule]
    if rule.partition(".")[0] not in ("record", "answer") and not any(map(_answered_well, play.steps)):
        return False  # an endpoint that refuses everything leaves nothing that could be remembered
    if rule in _REACHED:
        return _REACHED[rule](play)
    if of and rule != "record.stream-abandoned":
        return _answered(*of)(play)
    return _GROUPS.get(rule.partition(".")[0], _went_on)(play)


def why_not(rule: str, play: Play) -> str:
    """Why a play whose moves were made did not come to what a rule is about, as far as that can be seen."""
    if not any(step.exchanges for step in play.steps):
        return "the client sent no request"
    kinds = [kind for kind in ANSWERS.values() if kind.rule == rule]
    if kinds and all(kind.mode is Mode.STREAM for kind in kinds) and not _any_streamed(play):
        return "no request of the client asked for a stream"
    if (
        rule.startswith("truncate.")
        and (bound := _bound(rule, play)) is not None
        and not _outgrown(play, rule)
    ):
        told = f"{bound.n} {bound.unit}"
        return f"a conversation of {sum(map(_answered_well, play.steps))} rounds does not outgrow {told}"
    if rule == "persist.atomic" and not any(map(_torn, play.steps)):
        return "it could not be killed within a write"
    files = [file for step in play.steps for file in step.files.values()]
    if rule.startswith("persist.") and all(file.foreign for file in files):
        return "the client stored no file"
    return NOT_REACHED


def _any_streamed(play: Play) -> bool:
    return any(exchange.streamed for _, exchange in play.exchanges())


def _after(play: Play, is_it: Callable[[Step], bool]) -> bool:
    """Whether a step is followed by one with a request."""
    at = next((number for number, step in enumerate(play.steps) if is_it(step)), None)
    return at is not None and any(step.exchanges for step in play.steps[at + 1 :])


def _answered(*names: str) -> Reached:
    return lambda play: _after(play, lambda step: any(one.answer.name in names for one in step.exchanges))


def _answered_well(step: Step) -> bool:
    """Whether a round came to its end, so that it can be in the history."""
    return bool(step.exchanges) and not ANSWERS[step.exchanges[-1].answer.name].fails


def _failed(step: Step) -> bool:
    return any(ANSWERS[one.answer.name].fails for one in step.exchanges)


def _moved(kind: type) -> Reached:
    return lambda play: _after(play, lambda step: isinstance(step.move, kind) and not step.failure)


def _spoiled(*how: Spoilage) -> Reached:
    def is_it(step: Step) -> bool:
        return isinstance(step.move, Spoil) and step.move.how in how

    def spoiled(play: Play) -> bool:
        at = next((number for number, step in enumerate(play.steps) if is_it(step)), None)
        # where a client stores nothing there is nothing to spoil
        if at is None or not _stores(play.steps[:at]):
            return False
        return has_failed(play.steps[at]) or any(step.asks for step in play.steps[at + 1 :])

    return spoiled


def _stores(steps: Sequence[Step]) -> bool:
    """Whether the client has written a file."""
    return any(not file.foreign for step in steps for file in step.files.values())


def _went_on(play: Play) -> bool:
    """Something was said and answered before, and the last thing that was said was sent."""
    *asks, last = [step for step in play.steps if step.asks] or [Step(move=Say())]
    return any(map(_answered_well, asks)) and bool(last.exchanges)


def _bound(rule: str, play: Play) -> Window | None:
    """What a conversation has to outgrow, where it is known how large that is."""
    policy = play.policy
    of_cap = rule in ("truncate.stored-cap", "truncate.unbounded-growth") or policy.window is None
    window = policy.cap if of_cap else policy.window
    return window if isinstance(window, Window) and window.unit is not Unit.TOKENS else None


def _outgrown(play: Play, rule: str = "") -> bool:
    window = _bound(rule, play)
    if window is None:
        return _went_on(play)
    return sum(map(_answered_well, play.steps)) > window.rounds + 1


def _called(play: Play) -> bool:
    """A tool was called, and a request came after that."""
    last = [exchange for _, exchange in play.exchanges()]
    return any(one.answer.calls for one in last[:-1])


def _streamed(play: Play) -> bool:
    return {exchange.streamed for _, exchange in play.exchanges()} == {True, False}


def _fell_back(play: Play) -> bool:
    return _after(play, lambda step: len({one.model for one in step.exchanges}) > 1)


def _stopped(step: Step) -> bool:
    return any(isinstance(ask.ending, Cancelled) for ask in step.asks)


def _cancelled(step: Step) -> bool:
    """An ask was, not a stream of the client's own."""
    return _stopped(step) and isinstance(step.move, Say) and not step.move.streamed


def _abandoned(step: Step) -> bool:
    return _stopped(step) and (not _cancelled(step) or any(one.streamed for one in step.exchanges))


def _torn(step: Step) -> bool:
    """Whether a client ended in a write."""
    return isinstance(step.move, Tear) and any(isinstance(ask.ending, Raised) for ask in step.asks)


def _at_once(step: Step) -> bool:
    return isinstance(step.move, Together) and len(step.exchanges) > 1


def _widened_from_zero(play: Play) -> bool:
    window = play.policy.window
    was_zero = isinstance(window, Window) and window.n == 0
    return was_zero or any(isinstance(step.move, Widen) and step.move.n == 0 for step in play.steps)


def _several(play: Play) -> Iterator[Exchange]:
    return (exchange for _, exchange in play.exchanges() if len(exchange.answer.calls) > 1)


def _names_a_tool(*names: str) -> Reached:
    return lambda play: (
        _called(play)
        and any(call.tool in names for _, exchange in play.exchanges() for call in exchange.answer.calls)
    )


_REACHED: Mapping[str, Reached] = {
    "accumulate.caller-untouched": lambda play: any(step.loaded for step in play.steps),
    "accumulate.stream-equals-json": _streamed,
    "accumulate.system-survives": lambda play: (
        _after(play, _failed) or _after(play, lambda step: not isinstance(step.move, Say))
    ),
    "answer.failure-told": lambda play: any(map(_failed, play.steps)),
    "isolate.cancelled": lambda play: _after(play, _cancelled),
    "isolate.concurrent": lambda play: _after(play, _at_once),
    "isolate.one-at-a-time": lambda play: _after(play, _at_once),
    "persist.atomic": lambda play: _after(play, _torn),
    "persist.concurrent": lambda play: _after(play, _at_once) and _moved(Restart)(play),
    "persist.corrupt": _spoiled(Spoilage.TRUNCATED, Spoilage.EMPTY, Spoilage.BINARY, Spoilage.SCHEMA),
    "persist.migrates": _spoiled(Spoilage.OLDER),
    "persist.private": lambda play: _stores(play.steps),
    "persist.read-only": _spoiled(Spoilage.UNWRITABLE),
    "record.recovers": lambda play: (
        _after(play, _failed) or _after(play, _stopped) or any(map(_failed, play.steps[:-1]))
    ),
    "record.retries-bounded": lambda play: any(map(_failed, play.steps)),
    "record.retry-once": lambda play: _after(play, _failed),
    "record.stream-abandoned": lambda play: _after(play, _abandoned),
    "tools.failure-is-a-result": _names_a_tool("break_down"),
    "tools.fragments": lambda play: _called(play) and any(one.streamed for one in _several(play)),
    "tools.parallel": lambda play: _called(play) and any(_several(play)),
    "tools.unknown-tool": _names_a_tool("no_such_tool"),
    "truncate.monotone": _moved(Widen),
    "truncate.stored-cap": lambda play: _outgrown(play, "truncate.stored-cap"),
    "truncate.unbounded-growth": lambda play: (
        _outgrown(play, "truncate.unbounded-growth") and _stores(play.steps)
    ),
    "truncate.zero": lambda play: _went_on(play) and _widened_from_zero(play),
}

_GROUPS: Mapping[str, Reached] = {
    "fallback": _fell_back,
    "tools": _called,
    "truncate": _outgrown,
}
