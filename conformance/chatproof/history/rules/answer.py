"""What `say` gives back."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.answers import Fate
from chatproof.history.model.oracle import Judged
from chatproof.history.model.seen import Play
from chatproof.history.rules.registry import Breach, rule
from chatproof.history.rules.turns import shown, turns, unanswered

__all__: list[str] = []

_nothing_came = unanswered("answer.returned")


def _returned(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    yield from _nothing_came(play, judged)
    for turn in turns(play, judged):
        if turn.is_stopped or turn.kind is None or turn.text is None:
            continue
        answer = turn.judged[-1].exchange.answer
        kept = turn.kind.is_kept and turn.kind.has_text and not turn.kind.fails and not answer.calls
        # text that stood beside calls may come back before the reply
        if kept and not turn.text.endswith(answer.text):
            message = "What came back is not the reply that the endpoint gave."
            yield turn.breach(message, expected=answer.text, seen=turn.text)
        elif kept and len(turn.exchanges) == 1 and turn.text != answer.text:
            message = "What came back is more than the reply that the endpoint gave."
            yield turn.breach(message, expected=answer.text, seen=turn.text)


def _failure_told(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    for turn in turns(play, judged):
        if turn.kind is None or turn.text is None or not turn.has_failed(play.policy):
            continue
        arrived = turn.exchanges[-1].arrived
        if arrived and turn.text == arrived and play.policy.fate(turn.kind.name) is Fate.UNKNOWN:
            continue  # it may be one that keeps what arrived
        what = "An empty reply" if not turn.text.strip() else "A reply"
        message = f"{what} came back, and the endpoint had given an answer {turn.kind.outcome}."
        yield turn.breach(message, expected="an exception, None, or an error as an object", seen=shown(turn))


rule(
    "answer.returned",
    Level.MUST,
    "What is given back is the reply that came, whole and unchanged.",
    breaks="The user reads something else than the model said, or nothing at all.",
    reference="the content of the choice with index 0 in the Chat Completions API, or all deltas of its stream",
    check=_returned,
)
rule(
    "answer.failure-told",
    Level.SHOULD,
    "A round that failed is told to the caller, by an exception, None or a typed error, never by an empty or invented"
    " reply.",
    breaks="The user takes an error or half a reply for the model's answer, and the program goes on with it.",
    reference="coaidev/coai#209; every streaming client that was measured takes a cut stream for a whole reply",
    check=_failure_told,
)
