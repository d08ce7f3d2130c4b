"""A broken rule as it is told. Look at each snapshot as one who wrote the client."""

import pytest
from syrupy.assertion import SnapshotAssertion

from chatproof.history import thread_session
from chatproof.history.model.plan import Answer, Call, Fork, Plan, Say
from chatproof.history.running.findings import found_in
from chatproof.history.running.shrink import Shrunk
from chatproof.history.running.story import shown, story
from chatproof.history.running.telling import told
from chatproof.selftest.mutants import MUTANTS

# a mutant closes its own connection, and none of its branches'
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

FAILED = Say(answers=(Answer(name="empty-choices"),))
CALLED = Say(answers=(Answer(text="§", calls=(Call(),)), Answer()))
BRANCH = Fork(at=2, new="b1")

STORIES: dict[str, tuple[str, str, Plan]] = {
    "missing": ("loses-replies", "accumulate.complete", (Say(), Say())),
    "extra": ("ignores-the-window", "truncate.bound", (Say(),) * 5),
    "altered": ("trims", "accumulate.verbatim", (Say(text="  § "),)),
    "twice": ("records-twice", "accumulate.once", (Say(), Say())),
    "moved": ("newest-first", "accumulate.order", (Say(),) * 3),
    "after a failure": ("keeps-what-had-no-choice", "record.empty-choices", (FAILED, Say())),
    "tools": ("drops-text-beside-calls", "tools.text-kept", (CALLED,)),
    "branch": ("branches-one-round-too-early", "tree.path", (Say(), Say(), BRANCH, Say(to="b1"))),
    "streamed": ("forgets-streams", "accumulate.stream-equals-json", (Say(streamed=True), Say())),
    "given back": ("returns-trimmed", "answer.returned", (Say(answers=(Answer(text=" § "),)),)),
}


@pytest.mark.parametrize("what", STORIES)
def test_a_story_reads_like_this(what: str, snapshot: SnapshotAssertion) -> None:
    name, rule, plan = STORIES[what]
    with thread_session(MUTANTS[name].make, MUTANTS[name].policy) as session:
        play = session.play(plan, number=1)
    found = next(one for one in found_in(play, [rule]) if one.step == len(plan) - 1)
    assert story(told(Shrunk(plan=plan, found=found, again=3), "")) == snapshot


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", "plain"),
        ("", "''"),
        (" a", "' a'"),
        ("é\x1b[31m", r"'\xe9\x1b[31m'"),
        ("a" * 61, "…" + "a" * 60 + "… (61 characters)"),
    ],
)
def test_a_text_is_told_so_that_all_of_it_is_seen(text: str, told: str) -> None:
    assert shown(text) == told
