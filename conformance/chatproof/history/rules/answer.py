"""What `say` gives back."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.answers import Fate
from chatproof.history.model.oracle import Judged
from chatproof.history.model.printed import lost_words
from chatproof.history.model.seen import Displayed, Play, Printed
from chatproof.history.rules.registry import Breach, rule
from chatproof.history.rules.turns import Turn, shown, turns, unanswered

__all__: list[str] = []

_nothing_came = unanswered("answer.returned")


def _returned(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    yield from _nothing_came(play, judged)
    for turn in turns(play, judged):
        if turn.is_stopped or turn.kind is None or turn.text is None:
            continue
        answer = turn.judged[-1].exchange.answer
        kept = turn.kind.is_kept and turn.kind.has_text and not turn.kind.fails and not answer.calls
        if isinstance(turn.ask.ending, Printed | Displayed):
            if kept and (lost := lost_words(answer.text, turn.text)):
                message = f"The reply was not printed whole: {', '.join(map(repr, lost))} is not there, in its place."
                yield turn.breach(message, expected=answer.text, seen=turn.text)
        # text that stood beside calls may come back before the reply
        elif kept and not turn.text.endswith(answer.text):
            message = "What came back is not the reply that the endpoint gave."
            yield turn.breach(message, expected=answer.text, seen=turn.text)
        elif kept and len(turn.exchanges) == 1 and turn.text != answer.text:
            message = "What came back is more than the reply that the endpoint gave."
            yield turn.breach(message, expected=answer.text, seen=turn.text)


def _failure_told(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    for turn in turns(play, judged):
        if turn.kind is None or not turn.has_failed(play.policy):
            continue
        if isinstance(turn.ask.ending, Printed | Displayed):
            yield from _failure_printed(turn, play)
            continue
        if turn.text is None:
            continue
        arrived = turn.exchanges[-1].arrived
        if arrived and turn.text == arrived and play.policy.fate(turn.kind.name) is Fate.UNKNOWN:
            continue  # it may be one that keeps what arrived
        what = "An empty reply" if not turn.text.strip() else "A reply"
        message = f"{what} came back, and the endpoint had given an answer {turn.kind.outcome}."
        yield turn.breach(message, expected="an exception, None, or an error as an object", seen=shown(turn))


def _failure_printed(turn: Turn, play: Play) -> Iterator[Breach]:
    """Of a program: its exit status tells a failure; where all is one on a terminal, only silence tells nothing."""
    ending, kind = turn.ask.ending, turn.kind
    if kind is None or not isinstance(ending, Printed | Displayed):
        return
    given = f"and the endpoint had given an answer {kind.outcome}."
    if not ending.text.strip():
        if isinstance(ending, Displayed) or not ending.aside.strip():
            yield turn.breach(f"Nothing was printed, {given}", expected="a word of it", seen=shown(turn))
    elif isinstance(ending, Printed):
        arrived = turn.exchanges[-1].arrived
        if arrived.strip() and play.policy.fate(kind.name) is Fate.UNKNOWN:
            return  # it may be one that keeps what arrived
        expected = "another exit status than 0, or nothing but a message on standard error"
        yield turn.breach(f"The client ended well, {given}", expected=expected, seen=shown(turn))


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
