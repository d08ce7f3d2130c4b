"""Random policies, and what a client of one may do."""

from hypothesis import strategies as st

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import UNKNOWN, Policy, SystemPrompt, Unit, Window
from tests.history.model_client import Habits

CAN = frozenset(
    {
        "again",
        "cancel",
        "clear",
        "conversation",
        "fork",
        "handed",
        "kill",
        "load",
        "older",
        "restart",
        "spoil",
        "stream",
        "tear",
        "window",
        "together",
        "lines",
        "dashes",
    }
)

windows = st.builds(Window, st.integers(0, 9), st.sampled_from([Unit.MESSAGES, Unit.ROUNDS, Unit.TURNS]))
tokens = st.builds(Window, st.integers(0, 200), st.just(Unit.TOKENS))


def _fates(name: str) -> list[Fate]:
    kind = ANSWERS.get(name)
    fates = [Fate.DROP, Fate.KEEP_USER, Fate.KEEP_ARRIVED, Fate.UNKNOWN]
    if kind is None or not kind.fails or name == "empty-content":
        fates.append(Fate.KEEP)
    return fates


fates = st.dictionaries(
    st.sampled_from([*list(ANSWERS)[1:], "cancelled", "abandoned", "tools-exhausted"]), st.none(), max_size=6
).flatmap(lambda names: st.fixed_dictionaries({name: st.sampled_from(_fates(name)) for name in names}))

policies = st.builds(
    Policy,
    window=st.none() | windows | tokens | st.just(UNKNOWN),
    system=st.sampled_from(list(SystemPrompt)),
    cap=st.none() | windows,
    fates=fates,
    tools=st.none() | st.integers(1, 4),
    persistent=st.booleans(),
    many=st.booleans(),
    tree=st.booleans(),
    retries=st.integers(0, 2) | st.just(UNKNOWN),
    models=st.sampled_from([("tiny",), ("tiny", "large")]),
    sticky=st.booleans(),
    timeout=st.sampled_from([None, 1.0]),
)

habits = st.builds(
    Habits,
    seed=st.integers(0, 999),
    route=st.sampled_from(["chat", "chat", "responses", "completions"]),
    parts=st.booleans(),
    joins=st.booleans(),
    between=st.sampled_from(["\n\n", "\n", " "]),
    window=st.none() | windows | tokens,
    titles=st.booleans(),
    dull=st.booleans(),
)
