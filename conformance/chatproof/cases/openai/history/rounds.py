"""Cases about the rounds of a history: all of them count, the same each time and in both modes."""

from collections.abc import Iterator

from chatproof.cases.endpoint import Endpoint, Messages, assistant, system, user
from chatproof.cases.openai.history.asked import (
    STATELESS,
    TALKS,
    answer_in,
    count_differs,
    counted,
    in_turn,
    rounds,
)
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, Level, UnsupportedError
from chatproof.probe import Exchange

__all__ = ["SPOKEN", "spoken"]


@case(
    "history.grows",
    Level.MUST,
    breaks="The model forgets what was said: part of the history never reaches it.",
    reference=STATELESS,
)
def grows(endpoint: Endpoint) -> Iterator[Finding]:
    """Each round that is added to the history raises prompt_tokens."""
    counts: list[int] = []
    before: Exchange | None = None
    for n in range(4):
        count, exchange = counted(endpoint, rounds(n))
        if counts and count <= counts[-1]:
            expected = f"more than {counts[-1]} with {n} rounds"
            yield count_differs(expected, f"{count}, after {counts}", exchange, before)
            return
        counts.append(count)
        before = exchange


@case(
    "history.repeatable",
    Level.MUST,
    breaks="The same conversation is read differently from one time to the next.",
    reference=STATELESS,
)
def repeatable(endpoint: Endpoint) -> Iterator[Finding]:
    """The same messages give the same prompt_tokens, at once and after other conversations."""
    first, before = counted(endpoint, rounds(2))
    again = counted(endpoint, rounds(2), nth=2)
    later = in_turn(endpoint)[TALKS.index(rounds(2))]
    for count, exchange in (again, (answer_in(later).required_prompt_tokens(), later)):
        if count != first:
            yield count_differs(f"{first}, as before", count, exchange, before)
            return


def spoken(system_prompt: str) -> Messages:
    """A history of three rounds under a system prompt, with words that are too many to be missed."""
    return [
        system(system_prompt),
        user("".join(SPOKEN["user"])),
        assistant("".join(SPOKEN["assistant"])),
        *rounds(2),
    ]


SPOKEN = {
    "system": (
        "Be brief, and say nothing that was not asked.",
        " Speak of rivers, mountains, deserts and seas, and of all that lives there.",
    ),
    "user": ("Where does the river begin, high in the hills?", " And where does it end, far in the south?"),
    "assistant": ("It begins at a well, under an old tree.", " It ends in a lake, which has no name at all."),
}
"""A message of each role, in two parts."""


@case(
    "history.system-counts",
    Level.MUST,
    breaks="The system prompt is dropped: the model does not know who it is to be.",
    reference=STATELESS,
)
def system_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """A longer system prompt raises prompt_tokens, with a history too."""
    # Many templates add a prompt of their own where there is none, so a short one is the base.
    short, long = SPOKEN["system"][0], "".join(SPOKEN["system"])
    for shorter, longer in (
        ([system(short), *rounds(0)], [system(long), *rounds(0)]),
        (spoken(short), spoken(long)),
    ):
        base, before = counted(endpoint, shorter)
        count, exchange = counted(endpoint, longer)
        if count <= base:
            expected = f"more than {base}: the system prompt is longer"
            yield count_differs(expected, count, exchange, before)
            return


@case(
    "history.every-round-counts",
    Level.MUST,
    breaks="Rounds in the middle of a conversation never reach the model.",
    reference=STATELESS,
)
def every_round_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """Dropping any one round from the middle lowers prompt_tokens."""
    whole = rounds(4)
    total, complete = counted(endpoint, whole)
    for n in range(4):
        count, exchange = counted(endpoint, whole[: 2 * n] + whole[2 * n + 2 :])
        if count >= total:
            yield count_differs(f"less than {total} without round {n + 1}", count, exchange, complete)


@case(
    "history.order-free-count",
    Level.MAY,
    breaks="The order of the rounds changes how many tokens they are.",
    reference="reported, not judged: templates may write the first round otherwise than the second",
)
def order_free_count(endpoint: Endpoint) -> Iterator[Finding]:
    """Two rounds in the other order count the same; told, not judged."""
    whole = rounds(2)
    count, _ = counted(endpoint, whole)
    swapped, exchange = counted(endpoint, [*whole[2:4], *whole[:2], *whole[4:]])
    if swapped != count:
        raise UnsupportedError(
            f"{count} tokens, and {swapped} with the two rounds in the other order", exchange
        )
    yield from ()
