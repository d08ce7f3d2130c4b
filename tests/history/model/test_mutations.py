"""Each single thing that goes wrong is one deviation, of the kind and cause that it is, and none ever after."""

from collections.abc import Iterator

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from chatproof.history.model.deviation import Cause
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Again, Answer, Call, Fork, Move, Say
from chatproof.history.model.policy import Messages, Policy, Rounds, SystemPrompt, Turns
from chatproof.history.model.seen import Play
from tests.history.model_client import ModelClient, Wire
from tests.history.mutations import mutated, mutations, wires_of

PLAIN = Say()
BLANK = Say(text=" § ")
TOOLS = Say(answers=(Answer(calls=(Call(), Call())), Answer()))
FAILED = Say(text="lost §", answers=(Answer(name="http-500"),))
ELSEWHERE = Say(to="other")

policies = st.builds(
    Policy,
    window=st.none() | st.sampled_from([Messages(4), Messages(7), Rounds(2), Turns(3), Messages(40)]),
    system=st.sampled_from([SystemPrompt.KEPT, SystemPrompt.NONE, SystemPrompt.COUNTED]),
    tools=st.just(3),
    many=st.just(value=True),
    tree=st.just(value=True),
    retries=st.just(0),
)
moves = st.lists(st.sampled_from([PLAIN, BLANK, TOOLS, FAILED, ELSEWHERE, Again()]), max_size=6)


def plan_of(before: list[Move], new: Say) -> list[Move]:
    """A branch, something before, and then the ask that goes wrong, and two more."""
    whole = False
    kept: list[Move] = [PLAIN, Fork(at=1, new="b1"), Say(to="b1")]
    for move in before:
        if isinstance(move, Again) and not whole:
            continue
        whole = whole if move == ELSEWHERE else move != FAILED
        kept.append(move)
    return [*kept, new, PLAIN, PLAIN]


@settings(phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False, max_examples=4000, database=None)
@given(st.data(), policies, moves, st.sampled_from([PLAIN, BLANK, TOOLS]), st.booleans())
def test_mutation_is_one_deviation(
    data: st.DataObject, policy: Policy, before: list[Move], new: Say, lasting: bool
) -> None:
    client = ModelClient(policy)
    plan = plan_of(before, new)
    play = client.play(tuple(plan))
    at = len(plan) - 3
    target = data.draw(st.sampled_from(play.steps[at].exchanges))
    wires = wires_of(target)
    foreign = list(_foreign(client, play, wires, at))
    mutation = data.draw(st.sampled_from(list(mutations(wires, foreign))))
    changed = mutated(play, target.number, mutation.change, lasting=lasting)
    found = []
    for judged in follow(changed):
        note(
            f"{judged.step} {'side' if judged.side else judged.exchange.number}: "
            + " | ".join(map(str, judged.exchange.messages))
        )
        found += [(judged.exchange.number, one.kind, one.cause, one) for one in judged.deviations]
    note(f"{mutation.name}: {mutation.kind} {mutation.causes} in {target.number}")
    assert len(found) == 1, found
    number, kind, cause, _ = found[0]
    assert (number, kind) == (target.number, mutation.kind)
    assert cause in mutation.causes


def _foreign(client: ModelClient, play: Play, here: list[Wire], at: int) -> Iterator[tuple[Wire, Cause]]:
    """What was said or answered before a step and is not in a request of it, each with what it is there."""
    stored = [kept.wire for kept in client.store["a"]]
    seen: list[Wire] = []
    replies: dict[str, Wire] = {}
    for step in play.steps[:at]:
        for exchange in step.exchanges:
            to = step.asks[0].to
            wires = wires_of(exchange)
            for wire in wires:
                if wire in seen or wire["role"] in ("system", "tool") or wire.get("tool_calls"):
                    continue
                seen.append(wire)
                if wire in here:
                    continue
                if wire in stored:
                    yield wire, Cause.OUTSIDE
                elif to != "a":
                    yield wire, Cause.CONVERSATION if to == "other" else Cause.BRANCH
                elif wire == wires[-1] and exchange.answer.name != "text":
                    yield wire, Cause.FAILED
            if isinstance(step.move, Again) and to in replies:
                yield replies[to], Cause.REPLACED
            replies[to] = {"role": "assistant", "content": exchange.answer.text}
