"""Legs for every client: an ordinary conversation, texts, windows, failures, two asks at once."""

from collections.abc import Iterable, Iterator

from chatproof.history.model.answers import ANSWERS, AnswerKind, Mode
from chatproof.history.model.plan import MARK, ORDINARY, Answer, Say, Together, Widen
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.rules.registry import Can
from chatproof.history.running.tour.leg import (
    FILLING,
    MOST_OUTGROWN,
    MOST_ROUNDS,
    SEVERAL,
    Leg,
    both_sides,
    given,
    ids,
    says,
)
from chatproof.history.running.tour.traps import (
    CONTROL_TOKENS,
    LONG_REPLY,
    LONGEST,
    REPLIES,
    TEMPLATES,
    TEXTS,
)

__all__ = ["for_everyone"]

_FAILURES = frozenset(
    {"record.recovers", "record.retries-bounded", "answer.failure-told", "accumulate.system-survives"}
)
_ORDINARY = frozenset(
    {
        "accumulate.complete",
        "accumulate.last-is-new",
        "accumulate.once",
        "accumulate.order",
        "accumulate.prefix-stable",
        "accumulate.private",
        "accumulate.reply-verbatim",
        "accumulate.request-valid",
        "accumulate.same-bytes",
        "accumulate.stateless",
        "accumulate.system-first",
        "accumulate.verbatim",
        "answer.returned",
    }
)
_TEXTS = frozenset({"accumulate.reply-verbatim", "accumulate.verbatim"})
_WINDOW = frozenset(
    {
        "truncate.bound",
        "truncate.full",
        "truncate.most-recent",
        "truncate.starts-with-user",
        "truncate.system-kept",
    }
)
_LOCKING = ("http-401", "http-403", "http-404")
"""After these a client may believe that nothing can ever work again."""

_STREAMED_TOO = (
    "empty-choices", "null-content", "empty-content", "refusal", "length", "http-500", "reset-before-head",
)  # fmt: skip
"""What is not about streams, and yet read by other code in them."""


def for_everyone(policy: Policy, can: Can) -> Iterator[Leg]:
    """All of them; some only where a policy has windows or several conversations."""
    yield Leg(name="basic", plan=says(3), provokes=_ORDINARY - _TEXTS)
    yield _long(policy)
    yes = Say(answers=(Answer(text="Yes.", verbatim=True),))
    again = Say(same=True)
    yield Leg(
        name="alike",
        plan=(yes, yes, Say(), again, again, yes, Say()),
        provokes=ids("accumulate.complete", "accumulate.once", "accumulate.order"),
        vague=True,
    )
    texts = (Say(text=text) for text in CONTROL_TOKENS.values())
    replies = (Say(answers=(Answer(text=text),)) for text in REPLIES.values())
    yield Leg(
        name="replies", plan=(*replies, Say()), provokes=ids("accumulate.reply-verbatim", "answer.returned")
    )
    yield Leg(name="control-tokens", plan=(*texts, Say()), provokes=ids("accumulate.control-tokens"))
    yield from _windows(policy)
    yield from _failures(policy, can)
    yield from _at_once(policy)


def _long(policy: Policy) -> Leg:
    texts = sorted((*TEXTS.values(), *TEMPLATES.values()), key=len)
    # what is long stands at the end, for it is sent again with each ask after it, and is said by the user alone, for a
    # stream of it takes a client's parser seconds
    short, long = texts[:-LONGEST], texts[-LONGEST:]
    filling = Say(text=f"{MARK} {FILLING}")
    cut = isinstance(policy.window, Window) and policy.window.unit is not Unit.TOKENS
    fill = 2 if cut else max(MOST_ROUNDS - len(texts), 2)
    last = (Say(answers=(Answer(text=LONG_REPLY),)), *(Say(text=text) for text in long), Say())
    return Leg(
        name="long",
        plan=(*map(both_sides, short), *((filling,) * fill), *last),
        provokes=_ORDINARY | _WINDOW | {"accumulate.no-placeholder"},
    )


def _windows(policy: Policy) -> Iterator[Leg]:
    window = policy.window
    if isinstance(window, Window) and window.unit is not Unit.TOKENS:
        # one that is larger is not outgrown, whatever is played
        outgrown = (window.rounds if window.rounds <= MOST_OUTGROWN else 0) + 3
        failed = given("empty-choices")
        # a failed round takes no room in the window
        yield Leg(name="window", plan=(*says(outgrown), failed, *says(2)), provokes=_WINDOW)
        if not window.n:
            yield Leg(name="window-zero", plan=says(3), provokes=ids("truncate.zero"))
    narrow = (*says(4), Widen(n=2), Say(), Widen(n=6), *says(2), Widen(n=20), *says(2))
    yield Leg(name="widen", plan=narrow, provokes=ids("truncate.monotone"), needs=ids("window"))
    zero = (Widen(n=0), *says(3), Widen(n=20), *says(2))
    yield Leg(name="widen-from-zero", plan=zero, provokes=ids("truncate.zero"), needs=ids("window"))


def _failures(policy: Policy, can: Can) -> Iterator[Leg]:
    streams = "stream" in can
    kinds = [kind for kind in ANSWERS.values() if kind.rule and _is_given(kind, policy)]

    def leg(name: str, chosen: Iterable[AnswerKind], *, streamed: bool = False) -> Leg:
        rows = tuple(chosen)
        plan = tuple(
            move
            for kind in rows
            for move in (
                given(
                    kind.name,
                    streamed=streamed,
                    text=f"{MARK} {SEVERAL}" if kind.mode is Mode.STREAM else MARK,
                ),
                Say(streamed=streamed),
            )
        )
        return Leg(name=name, plan=plan, provokes=_FAILURES | {kind.rule for kind in rows})

    whole = [kind for kind in kinds if kind.mode is not Mode.STREAM]
    bodies = [kind for kind in whole if not kind.fault]
    statuses = [kind for kind in whole if kind.rule == "record.http-error"]
    yield leg("bodies", bodies)
    yield leg("statuses", (kind for kind in statuses if kind.name not in _LOCKING))
    for name in _LOCKING:
        yield leg(name, (ANSWERS[name],))
    yield leg("broken-bodies", (kind for kind in whole if kind.fault and kind not in statuses))
    yield leg("streams", (kind for kind in kinds if kind.mode is Mode.STREAM), streamed=streams)
    if streams:
        yield leg("streamed", (ANSWERS[name] for name in _STREAMED_TOO), streamed=True)
    twice = [(given(name), Say(same=True), Say()) for name in ("http-500", "empty-choices")]
    for name, plan in zip(("said-again-500", "said-again-empty"), twice, strict=True):
        yield Leg(name=name, plan=plan, provokes=ids("record.retry-once"))
    retried = tuple(
        Say(answers=(Answer(name=name), ORDINARY)) for name in ("http-500", "http-429", "reset-before-head")
    )
    yield Leg(
        name="retried",
        plan=(*retried, Say()),
        provokes=ids("accumulate.once", "accumulate.last-is-new", "answer.returned"),
    )


def _is_given(kind: AnswerKind, policy: Policy) -> bool:
    if kind.rule == "record.timeout":
        return policy.timeout is not None
    return policy.tools is None or not kind.rule.endswith("tool-call-only")


def _at_once(policy: Policy) -> Iterator[Leg]:
    at_once = Together(first=Say(), second=Say())
    yield Leg(
        name="twice-at-once",
        plan=(Say(), at_once, *says(2)),
        provokes=ids("isolate.one-at-a-time"),
        needs=ids("together"),
    )
    if not policy.many:
        return
    both = Together(first=Say(), second=Say(to="b"))
    yield Leg(
        name="interleaved",
        plan=(Say(), Say(to="b"), Say(), Say(to="b"), Say(to="c"), Say(), Say(to="c")),
        provokes=ids("isolate.conversations"),
        needs=ids("conversation"),
    )
    yield Leg(
        name="at-once",
        plan=(both, both, Say(), Say(to="b")),
        provokes=ids("isolate.concurrent", "isolate.conversations"),
        needs=ids("conversation", "together"),
    )
