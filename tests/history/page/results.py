"""Result documents to be shown: drawn ones with whatever strangers may say, and one with a story of each sort."""

from functools import cache

from hypothesis import strategies as st

from chatproof.history import RULES, thread_session
from chatproof.history.model.plan import Answer, Call, Fork, Plan, Say
from chatproof.history.running.findings import found_in
from chatproof.history.running.shrink import Shrunk
from chatproof.history.running.telling import told
from chatproof.report import CaseResult, Evidence, Outcome, Result
from chatproof.report.story import Called, Excerpt, Row, Sent, Story, Turn
from chatproof.selftest.mutants import MUTANTS

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onclick="alert(1)" x="',
    "<!-- ",
    "]]>&lt;&#60;script&#62;",
    "\x1b[31m\x00\r\u202e\ud800 ",
    "javascript:alert(1)",
    " \t\n",
)

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
EXCERPTS = st.builds(
    lambda part, begins, more: Excerpt(part=part, begins=begins, length=begins + len(part) + more),
    TEXTS,
    st.integers(0, 3),
    st.integers(0, 2),
)
CALLS = st.lists(st.builds(Called, name=TEXTS, arguments=EXCERPTS), max_size=2).map(tuple)
COUNTS = st.one_of(st.just(0), st.integers(0, 10**12))
TURNS = st.builds(
    Turn,
    who=st.one_of(st.sampled_from(("you", "endpoint", "client", "then")), TEXTS),
    remark=TEXTS,
    text=st.none() | EXCERPTS,
    calls=CALLS,
    where=TEXTS,
    streamed=st.booleans(),
    left_out=COUNTS,
)
ROWS = st.builds(
    Row,
    mark=st.one_of(st.sampled_from(("", "missing", "expected", "altered", "extra")), TEXTS),
    role=TEXTS,
    text=st.none() | EXCERPTS,
    odd=TEXTS,
    calls=CALLS,
    note=TEXTS,
    differs=st.integers(0, 30),
    left_out=COUNTS,
)
STORIES = st.builds(
    Story,
    what=TEXTS,
    breaks=TEXTS,
    caption=TEXTS,
    turns=st.lists(TURNS, max_size=25).map(tuple),
    expected=st.none() | EXCERPTS,
    seen=st.none() | EXCERPTS,
    request=st.none()
    | st.builds(
        Sent,
        step=st.integers(1, 9),
        place=st.integers(1, 3),
        of=st.integers(1, 3),
        rows=st.lists(ROWS, max_size=25).map(tuple),
        compared=st.booleans(),
    ),
)
EVIDENCE = st.builds(
    Evidence, level=TEXTS, expected=TEXTS, seen=TEXTS, path=TEXTS, rule=TEXTS, again=TEXTS, printed=TEXTS
)
CASES = st.builds(
    CaseResult,
    id=TEXTS,
    level=TEXTS,
    outcome=st.sampled_from(Outcome),
    message=TEXTS,
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
    known=TEXTS,
    sentence=TEXTS,
    story=st.none() | STORIES,
)
RESULTS = st.builds(
    Result,
    tool=st.fixed_dictionaries({"version": TEXTS, "seed": st.integers()}),
    target=st.fixed_dictionaries(
        {"client": TEXTS, "policy": TEXTS, "url": TEXTS, "notes": st.lists(TEXTS, max_size=2)}
    ),
    cases=st.lists(CASES, max_size=4).map(tuple),
    interrupted=st.booleans(),
)

_FAILED = Say(answers=(Answer(name="empty-choices"),))
_CALLED = Say(answers=(Answer(text="§", calls=(Call(),)), Answer()))

_PLAYED: tuple[tuple[str, str, Plan], ...] = (
    ("loses-replies", "accumulate.complete", (Say(), Say())),
    ("trims", "accumulate.verbatim", (Say(text="  § "),)),
    ("cuts-long-text", "accumulate.verbatim", (Say(text="§ " + "word " * 20_000),)),
    ("ignores-the-window", "truncate.bound", (Say(),) * 30),
    ("keeps-what-had-no-choice", "record.empty-choices", (_FAILED, Say())),
    ("drops-text-beside-calls", "tools.text-kept", (_CALLED,)),
    ("branches-one-round-too-early", "tree.path", (Say(), Say(), Fork(at=2, new="b1"), Say(to="b1"))),
    ("returns-trimmed", "answer.returned", (Say(answers=(Answer(text=" § "),)),)),
)


def _case(name: str, rule_id: str, plan: Plan) -> CaseResult:
    with thread_session(MUTANTS[name].make, MUTANTS[name].policy) as session:
        play = session.play(plan, number=1)
    found = found_in(play, [rule_id])[-1]
    rule = RULES[rule_id]
    story = told(Shrunk(plan=plan, found=found, again=3), rule.breaks)
    again = f"chatproof client bot.py:Bot -k {rule_id}"
    return CaseResult(
        id=rule_id,
        level=rule.level.value,
        outcome=Outcome.FAILED,
        message=f"{rule.breaks}\n{name}",
        evidence=(Evidence(level="must", expected="", seen="", again=again),),
        sentence=rule.sentence,
        story=story,
    )


@cache
def every_sort() -> Result:
    """A broken rule with a story of each sort, and a rule of each outcome."""
    others = [
        CaseResult(id=f"persist.{one}", level="must", outcome=one, message="why it is so", sentence="A rule.")
        for one in Outcome
    ]
    return Result(
        tool={"version": "0.1.0", "seed": 0},
        target={"client": "bot.py:Bot", "policy": "no window", "notes": ["a note"]},
        cases=(*(_case(*one) for one in _PLAYED), *others),
    )
