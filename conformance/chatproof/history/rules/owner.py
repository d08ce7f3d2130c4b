"""Which rule a deviation breaks: one table, read from above, so that each deviation breaks one rule and no other."""

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.model.deviation.likeness import marks

__all__ = ["OWNERS", "owner"]

Selects = Callable[[Deviation], bool]

_MISSING, _EXTRA, _TWICE = Difference.MISSING, Difference.EXTRA, Difference.TWICE
_MOVED, _ALTERED, _MALFORMED = Difference.MOVED, Difference.ALTERED, Difference.MALFORMED
_TOOLS = (Cause.CALL, Cause.RESULT)
_ROLES = ("system", "user", "assistant", "tool", "prompt")
_CONTROL = re.compile(r"<\|.*?\|>|\[/?INST\]|</?s>|<start_of_turn>")
_TEMPLATE = re.compile(r"[{}]|%[sd%(]|\$\w")
_AFTER: Mapping[Moment, str] = MappingProxyType(
    {
        Moment.RESTARTED: "persist.round-trip",
        Moment.KILLED: "persist.atomic",
        Moment.RESTARTED_TOGETHER: "persist.concurrent",
        Moment.RESTARTED_TREE: "tree.round-trip",
        Moment.MIGRATED: "persist.migrates",
        Moment.SPOILED: "persist.corrupt",
        Moment.UNWRITABLE: "persist.read-only",
        Moment.CLEARED: "persist.clear",
        Moment.REGENERATING: "retry.history",
        Moment.REGENERATED: "retry.replaces",
        Moment.FORKED: "tree.path",
        Moment.FORKED_FROM: "tree.any-node",
        Moment.LOADED: "tree.from-messages",
        Moment.WIDENED: "truncate.monotone",
        Moment.WIDENED_FROM_ZERO: "truncate.zero",
        Moment.CANCELLED: "isolate.cancelled",
        Moment.ABANDONED: "record.stream-abandoned",
        Moment.TOGETHER: "isolate.concurrent",
        Moment.TOGETHER_IN_ONE: "isolate.one-at-a-time",
        Moment.SAID_AGAIN: "record.retry-once",
        Moment.FALLBACK: "fallback.history",
        Moment.FELL_BACK: "fallback.recorded-once",
        Moment.FAULT_AFTER_CALL: "tools.fault-after-call",
        Moment.STREAMED: "accumulate.stream-equals-json",
    }
)
"""Of what comes right after something unusual, that is to blame."""


def _is(kind: Difference | None = None, *causes: Cause, role: str = "") -> Selects:
    return lambda one: (
        (kind is None or one.kind is kind)
        and (not causes or one.cause in causes)
        and (not role or one.role == role)
    )


def _harms(what: re.Pattern[str], one: Deviation) -> bool:
    """Whether what is of that kind in a text is no more as it was."""
    if one.expected is None or one.sent is None:
        return False
    return what.findall(one.expected.text) != what.findall(one.sent.text)


def _said_altered(one: Deviation) -> bool:
    return one.kind is _ALTERED and one.role == "user" and one.cause in (Cause.NEW, Cause.KEPT)


def _arguments(one: Deviation) -> tuple[str | None, ...]:
    return tuple(call.arguments for call in one.sent.calls) if one.sent is not None else ()


def _reply_altered(one: Deviation) -> bool:
    after = (Moment.FAULT, Moment.STREAMED, Moment.ABANDONED)
    return (
        one.kind is _ALTERED
        and one.cause is Cause.KEPT
        and one.role == "assistant"
        and one.moment not in after
    )


def _outside(one: Deviation) -> bool:
    return one.kind is _EXTRA and one.cause is Cause.OUTSIDE


def _half_cut(one: Deviation) -> bool:
    return one.kind is _MISSING and one.cause is not Cause.SYSTEM and one.cut and one.oldest


def _splits_tools(one: Deviation) -> bool:
    extra = one.kind is _EXTRA and one.cause in (*_TOOLS, Cause.OUTSIDE)
    return one.orphan and (extra or (one.kind is _MISSING and one.cause in _TOOLS and one.cut))


def _system_lost_after(one: Deviation) -> bool:
    ordinary = one.moment in (Moment.PLAIN, Moment.RETRY)
    return one.cause is Cause.SYSTEM and one.kind is _MISSING and not ordinary and not one.cut


def _call_altered(one: Deviation) -> bool:
    return one.kind in (_ALTERED, _MALFORMED) and one.cause is Cause.CALL


def _text_lost(one: Deviation) -> bool:
    return (
        one.expected is not None
        and one.sent is not None
        and one.sent.calls == one.expected.calls
        and one.sent.text != one.expected.text
    )


def _result_rule(one: Deviation) -> str:
    """The rule about a result that is not there or stands elsewhere."""
    if one.calls_of == "break_down":
        return "tools.failure-is-a-result"
    if one.calls_of and one.calls_of != "look_up":
        return "tools.unknown-tool"
    return "tools.parallel" if one.siblings > 1 else "tools.paired"


def _result(rule: str) -> Selects:
    return lambda one: (
        one.cause is Cause.RESULT and one.kind in (_MISSING, _MOVED) and _result_rule(one) == rule
    )


def _after(rule: str) -> Selects:
    moments = frozenset(moment for moment, owner_ in _AFTER.items() if owner_ == rule)
    return lambda one: one.moment in moments


def _fault(rule: str) -> Selects:
    return lambda one: (
        (one.moment is Moment.FAULT and ANSWERS[one.moment_answer].rule == rule)
        or (one.kind is _EXTRA and one.cause is Cause.FAILED and _rule_of(one.answer) == rule)
    )


def _rule_of(answer: str) -> str:
    if answer in ANSWERS:
        return ANSWERS[answer].rule
    return {"cancelled": "isolate.cancelled", "abandoned": "record.stream-abandoned"}.get(answer, "")


OWNERS: tuple[tuple[str, Selects], ...] = (
    # what has a rule wherever it is seen
    ("tools.paired", lambda one: _call_altered(one) and one.sent is not None and not one.sent.calls),
    ("tools.arguments-string", lambda one: _call_altered(one) and any(not text for text in _arguments(one))),
    ("tools.text-kept", lambda one: _call_altered(one) and _text_lost(one)),
    ("tools.fragments", lambda one: _call_altered(one) and one.streamed and len(_arguments(one)) > 0 and one.calls > 1),
    ("tools.arguments-verbatim", _call_altered),
    ("accumulate.request-valid", lambda one: one.kind is _ALTERED and one.sent_role not in ("", *_ROLES)),
    ("accumulate.control-tokens", lambda one: _said_altered(one) and _harms(_CONTROL, one)),
    ("accumulate.no-placeholder", lambda one: _said_altered(one) and _harms(_TEMPLATE, one)),
    ("accumulate.same-bytes", lambda one: _said_altered(one) and one.cause is Cause.KEPT and one.confirmed),
    ("accumulate.verbatim", _said_altered),
    ("accumulate.reply-verbatim", _reply_altered),
    ("truncate.zero", _after("truncate.zero")),
    ("truncate.tool-pairs", _splits_tools),
    ("truncate.starts-with-user", lambda one: _outside(one) and one.within and one.opens_amiss),
    ("truncate.most-recent", lambda one: _outside(one) and one.within),
    ("truncate.bound", _outside),
    ("truncate.monotone", _outside),  # of a client that declares no window, and lets one be set
    ("truncate.stored-cap", _is(_EXTRA, Cause.PRUNED)),
    ("isolate.concurrent", lambda one: _is(_EXTRA, Cause.CONVERSATION)(one) and one.moment is Moment.TOGETHER),
    ("isolate.conversations", _is(_EXTRA, Cause.CONVERSATION)),
    ("tree.siblings", _is(_EXTRA, Cause.BRANCH)),
    ("persist.clear", _is(_EXTRA, Cause.CLEARED)),
    # what a window cuts in the middle of a round
    ("truncate.tool-pairs", lambda one: _half_cut(one) and one.orphan),
    ("truncate.starts-with-user", lambda one: _half_cut(one) and one.opens_amiss),
    # what comes after a failure, and what is left of one later on
    ("accumulate.system-survives", _system_lost_after),
    ("record.retry-once", _after("record.retry-once")),
    *((rule, _fault(rule)) for rule in sorted({kind.rule for kind in ANSWERS.values() if kind.rule})),
    ("persist.no-loss", lambda one: one.moment is Moment.REGENERATED and one.kind is _MISSING and not one.newest),
    *((rule, _after(rule)) for rule in dict.fromkeys(_AFTER.values())),
    ("retry.replaces", _is(_EXTRA, Cause.REPLACED)),
    ("isolate.cancelled", lambda one: _is(_EXTRA, Cause.FAILED)(one) and one.answer == "cancelled"),
    ("record.stream-abandoned", lambda one: _is(_EXTRA, Cause.FAILED)(one) and one.answer == "abandoned"),
    # tools
    ("tools.failure-is-a-result", _result("tools.failure-is-a-result")),
    ("tools.unknown-tool", _result("tools.unknown-tool")),
    ("tools.parallel", _result("tools.parallel")),
    ("tools.paired", lambda one: one.cause in _TOOLS or (one.kind is _EXTRA and one.role == "tool")),
    ("accumulate.request-valid", _is(_MALFORMED)),
    # the system prompt
    ("truncate.system-kept", lambda one: one.cause is Cause.SYSTEM and one.kind is _MISSING and one.cut),
    ("accumulate.system-first", _is(None, Cause.SYSTEM)),
    # an ordinary request
    ("accumulate.once", _is(_TWICE)),
    ("accumulate.last-is-new", _is(None, Cause.NEW)),
    ("accumulate.order", _is(_MOVED)),
    ("truncate.starts-with-user", lambda one: one.kind is _MISSING and one.cut and one.opens_amiss),
    ("truncate.most-recent", lambda one: one.kind is _MISSING and one.cut and not one.oldest),
    ("truncate.full", lambda one: one.kind is _MISSING and (one.cut or (one.windowed and one.oldest))),
    ("accumulate.complete", _is(_MISSING)),
    ("accumulate.no-placeholder", lambda _: True),
)  # fmt: skip
"""The rules that are selections, each beside what it selects of what no row above has."""


def owner(deviation: Deviation, claimed: Collection[str] = frozenset()) -> str:
    """The id of the rule that a deviation breaks.

    Of these, where some are given: what is lost, twice or foreign is so whatever a client claims, and the next row that
    has it is as true. Control tokens alone may be broken where that is declared, and nothing else by that.
    """
    rules = (rule for rule, selects in OWNERS if selects(deviation))
    first = next(rules)
    if not claimed or first in claimed or _breaks_as_declared(first, deviation):
        return first
    return next((rule for rule in rules if rule in claimed), first)


def _breaks_as_declared(rule: str, one: Deviation) -> bool:
    """Whether the words beside control tokens are as they were said."""
    return (
        rule == "accumulate.control-tokens"
        and one.expected is not None
        and one.sent is not None
        and marks(one.expected) <= marks(one.sent)
    )
