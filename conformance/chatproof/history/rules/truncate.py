"""What a window cuts away, and what it must not."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Tear, Widen
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.model.seen import Play, Step
from chatproof.history.rules.claims import (
    all_of,
    has,
    is_weak,
    keeps_a_round,
    needs_cap,
    needs_persistence,
    needs_system,
    needs_tools,
    needs_window,
)
from chatproof.history.rules.registry import Breach, Can, Check, Unclaimed, rule

__all__: list[str] = []


def _may_be_cut(policy: Policy, can: Can) -> str:
    del can
    return "it declares no window" if policy.window is None and policy.cap is None else ""


def _may_be_zero(policy: Policy, can: Can) -> str:
    is_zero = isinstance(policy.window, Window) and policy.window.n == 0
    return "" if is_zero or "window" in can else "its window is not 0, and cannot be set"


def _monotone(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A window in tokens that is widened: what was sent before has to be sent still."""
    if not is_weak(play.policy):
        return
    sizes = [step.move.n if isinstance(step.move, Widen) else None for step in play.steps]
    before: dict[str, Judged] = {}
    for one in judged:
        if one.ask is None:
            continue
        last = before.get(one.ask.to)
        before[one.ask.to] = one
        if last is None or last.deviations or one.deviations or one.step == last.step:
            continue
        earlier = [n for n in sizes[: last.step] if n is not None]
        since = [n for n in sizes[last.step : one.step] if n is not None]
        if not (since and earlier and min(since) >= earlier[-1]):
            continue
        lost = [message for message in last.exchange.messages if message not in one.exchange.messages]
        if lost:
            yield Breach(
                step=one.step,
                exchange=one.exchange.number,
                message=f"The window went from {earlier[-1]} to {since[-1]}, and less is sent.",
                expected=str(lost[0]),
                seen="nothing",
            )


_SIDE_FILES = ("-wal", "-shm", "-journal")
"""What a database writes beside its file for a while."""

_GROWN = 1.2
_PAGES = 16_384
"""Bytes by which a file may grow that is written in pages."""


def _unbounded_growth(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """From the step on with which the store is full, its files stay about as large as they are."""
    del judged
    cap = play.policy.cap
    if cap is None or cap.unit is Unit.TOKENS or not cap.rounds:
        return
    if any(isinstance(step.move, Tear) for step in play.steps):  # and leaves what it was writing
        return
    asks = [at for at, step in enumerate(play.steps) if step.asks and step.exchanges]
    if len(asks) < cap.rounds * 1.4:
        return
    full, last = asks[cap.rounds - 1], asks[-1]
    said = [_said(play.steps[at]) for at in asks]
    most = max(sum(said[at : at + cap.rounds]) for at in range(len(said) - cap.rounds + 1))
    before, after = _size(play.steps[full]), _size(play.steps[last])
    # texts that are longer than those that they replace make the files grow by right
    expected = before * max(most / max(sum(said[: cap.rounds]), 1), 1.0) * _GROWN + _PAGES
    if before and after > expected:
        yield Breach(
            step=last,
            message="The files grow on after as much is stored as the cap allows.",
            expected=f"about the {before} bytes of when the store was full",
            seen=f"{after} bytes",
        )


def _said(step: Step) -> int:
    return sum(len(ask.said) for ask in step.asks) + sum(len(one.answer.text) for one in step.exchanges[-1:])


def _size(step: Step) -> int:
    return sum(file.size for path, file in step.files.items() if not path.endswith(_SIDE_FILES))


_ROWS: tuple[tuple[str, Level, Unclaimed, str, str, str, Check | None], ...] = (
    (
        "bound",
        Level.MUST,
        needs_window,
        "A request never carries more history than the declared window.",
        "Requests grow past what was promised: each turn costs more, until the endpoint refuses the prompt.",
        "Backend.AI 26.9: the most recent K messages; run-llama/llama_index#21950: the window never trims",
        None,
    ),
    (
        "most-recent",
        Level.MUST,
        all_of(_may_be_cut, keeps_a_round),
        "What is kept is the most recent part of the history, without holes.",
        "The model answers from what was said long ago, and has not heard the last words.",
        "AstrBotDevs/AstrBot#6196: truncation drops the only message of the user",
        None,
    ),
    (
        "full",
        Level.MUST,
        all_of(needs_window, keeps_a_round),
        "The window is used: while there is history to fill it, no less is sent, but for what a whole round needs.",
        "The model forgets earlier than was promised.",
        "a window in messages that is counted in rounds, or that counts the system prompt",
        None,
    ),
    (
        "zero",
        Level.MUST,
        _may_be_zero,
        "A window of 0 sends no history, and the round is still recorded: widening the window brings it back.",
        "Text that nobody wanted to send is sent, or what was said without memory is lost for good.",
        "Backend.AI 26.9: --history-limit 0 sends no context and records the round; list[-0:] is the whole list",
        None,
    ),
    (
        "system-kept",
        Level.MUST,
        all_of(needs_system, _may_be_cut),
        "Truncation never drops the system prompt where it was declared as kept.",
        "After some turns the assistant forgets who it is, and every instruction and safeguard with it.",
        "microsoft/semantic-kernel#12612, RamiAwar/dataline#280, JetBrains/koog#706",
        None,
    ),
    (
        "starts-with-user",
        Level.MUST,
        _may_be_cut,
        "The first message after the system prompt is a user's, never a reply or a result cut off from its question.",
        "Chat templates that want turns to alternate refuse the request, every time from then on.",
        "Backend.AI 26.9 with an odd limit; aws/amazon-q-developer-cli PR #695",
        None,
    ),
    (
        "tool-pairs",
        Level.MUST,
        all_of(needs_tools, _may_be_cut),
        "A message with calls of tools and all of its results are kept or dropped together.",
        "The endpoint refuses the request: a result has no call, or a call has no result.",
        "langchain-ai/langchain#33245, n8n-io/n8n#24772, pydantic/pydantic-ai#1470",
        None,
    ),
    (
        "monotone",
        Level.SHOULD,
        has("window"),
        "A wider window sends all that a narrower one sends, and more.",
        "Whoever pays for more memory gets less of it, or another part.",
        "Backend.AI 26.9: --history-limit may differ from one ask to the next",
        _monotone,
    ),
    (
        "stored-cap",
        Level.MUST,
        needs_cap,
        "What is stored never exceeds its cap: the oldest goes first, and a cap below the window bounds the window.",
        "What should be forgotten is sent again, or the newest is lost where the oldest should go.",
        "Backend.AI 26.9: a file of 150 messages is sent whole, and cut to its cap of 100 with the next save",
        None,
    ),
    (
        "unbounded-growth",
        Level.SHOULD,
        all_of(needs_cap, needs_persistence),
        "What a conversation takes on disk stays bounded where a cap is declared.",
        "A disk fills up over months, and each start reads all of it.",
        "logs of a conversation that are only appended to, and cut when they are read",
        _unbounded_growth,
    ),
)

for _name, _level, _unclaimed, _sentence, _breaks, _reference, _check in _ROWS:
    rule(
        f"truncate.{_name}",
        _level,
        _sentence,
        breaks=_breaks,
        reference=_reference,
        unclaimed=_unclaimed,
        check=_check,
    )
