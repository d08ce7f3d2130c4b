"""Legs for clients that answer calls of tools, and for those that ask several models."""

from collections.abc import Iterator

from chatproof.history.model.plan import MARK, ORDINARY, Answer, Call, Plan, Say
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.rules.registry import Can
from chatproof.history.running.tour.leg import MOST_ROUNDS, Leg, calling, ids, says

__all__ = ["for_models", "for_tools"]


def for_tools(policy: Policy, can: Can) -> Iterator[Leg]:
    paired = ids("tools.paired")
    spaced = Call(arguments=f'{{ "query" :  "{MARK}"  }}')
    escaped = Call(arguments=f'{{"query": "{MARK} \\u00e9\\/"}}')
    broken = tuple(Call(arguments=text) for text in ("", "{", f'{{"query": "{MARK}", }}', f'"{MARK}"'))
    several = (Call(), Call(), Call())
    streamed = "stream" in can
    window = policy.window
    plans: list[tuple[str, Plan, frozenset[str]]] = [
        ("tool", (calling(Call()), Say(), calling(Call()), Say()), paired),
        ("tool-parallel", (calling(*several), Say()), ids("tools.parallel", "tools.paired")),
        ("tool-fragments", (calling(*several, streamed=streamed), Say(streamed=streamed)), ids("tools.fragments")),
        ("tool-text", (calling(Call(), text=f"Let me see, {MARK}."), Say()), ids("tools.text-kept")),
        (
            "tool-arguments",
            (calling(spaced), Say(), calling(escaped), Say()),
            ids("tools.arguments-verbatim", "tools.arguments-string"),
        ),
        *(
            (
                f"tool-arguments-{number}",
                (calling(call), *says(2)),
                ids("tools.arguments-verbatim", "tools.arguments-string"),
            )
            for number, call in enumerate(broken)
        ),
        (
            "tool-raises",
            (calling(Call(tool="break_down")), Say(), calling(Call(), Call(tool="break_down")), Say()),
            ids("tools.failure-is-a-result"),
        ),
        (
            "tool-unknown",
            (calling(Call(tool="no_such_tool")), Say(), calling(Call(), Call(tool="no_such_tool")), Say()),
            ids("tools.unknown-tool"),
        ),
        ("tool-endless", (Say(answers=(Answer(text="", calls=(Call(),)),)), *says(2)), ids("tools.bounded")),
        (
            "tool-fault",
            tuple(
                move
                for name in ("http-500", "empty-choices", "reset-before-head")
                for move in (calling(Call(), then=Answer(name=name)), Say())
            ),
            ids("tools.fault-after-call"),
        ),
    ]  # fmt: skip
    if isinstance(window, Window):
        rounds = min(window.rounds, MOST_ROUNDS) + 2 if window.unit is not Unit.TOKENS else 6
        mixed = tuple(calling(Call(), Call()) if at % 2 else Say() for at in range(rounds + 2))
        plans.append(("tool-window", (*mixed, Say()), ids("truncate.tool-pairs")))
    elif policy.cap is not None or window is not None:
        plans.append(("tool-window", (calling(Call(), Call()), Say()) * 8, ids("truncate.tool-pairs")))
    for name, plan, provokes in plans:
        yield Leg(name=name, plan=plan, provokes=provokes)


def for_models(policy: Policy) -> Iterator[Leg]:
    # nobody says how often a client asks its first model before it turns to the next
    tries = (policy.retries + 1,) if isinstance(policy.retries, int) else (1, 2, 3, 5)
    failing = Answer(name="http-500")
    plan = tuple(
        move for number in tries for move in (Say(answers=((failing,) * number) + (ORDINARY,)), *says(2))
    )
    yield Leg(
        name="fallback",
        plan=(Say(), *plan),
        provokes=ids("fallback.history", "fallback.sticky", "fallback.recorded-once"),
    )
