"""The case that looks at all answers of the run: it is asked last, and costs nothing."""

from collections.abc import Iterator
from contextlib import suppress

from chatproof.cases.answer import shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.history.asked import QUESTION, said, with_one_id
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, NoEvidenceError

__all__: list[str] = []


@case(
    "history.ids-differ",
    Level.SHOULD,
    breaks="A reply is not made anew: it comes from a cache, or logs and tracing mix two of them up.",
    reference="openai-openapi: a unique identifier for the chat completion",
)
def ids_differ(endpoint: Endpoint) -> Iterator[Finding]:
    """No two answers of the run have the same id."""
    if not endpoint.lacks_chat:
        # a process that was asked for few other cases sees what shows a cache, too: the same again, and others
        with suppress(NoEvidenceError):
            _ = endpoint.plain(), endpoint.plain_stream()
            _ = [said(endpoint, QUESTION, nth=nth) for nth in (1, 2)]
    answers = with_one_id(endpoint.posted)
    if len(answers) < _FEWEST:
        endpoint.plain()  # which ends the case where there is no chat
    seen: dict[str, Exchange] = {}
    for answer in answers:
        id_ = answer.value.get("id")
        if not isinstance(id_, str) or not id_:
            continue
        if first := seen.get(id_):
            same = "the same request" if first.sent == answer.exchange.sent else "two requests"
            yield answer.finding(
                "another id in each answer", f"{shown(id_)} in the answers to {same}", "$.id", compared=first
            )
            return
        seen[id_] = answer.exchange
    if len(seen) < _FEWEST:
        raise InconclusiveError(f"{len(answers)} answers, of which {len(seen)} have an id (see chat.json.id)")


_FEWEST = 2
