"""Writes docs/peers.md from results/: `python -m tests.peers.peer_page`. `.ci/peers` writes the results, from runs."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from chatfake.dialects import DIALECTS
from tests.peers.peer_cases import (
    AWKWARD,
    AWKWARD_STREAMS,
    FAILS,
    LORAX,
    LORAX_WORKS,
    RESPONSES,
    RESPONSES_WORK,
    SPOKEN,
    UNUSUAL_STREAMS,
    WORKS,
)
from tests.peers.peer_facts import UNFINISHED, notable
from tests.peers.peer_results import Result, on_record

#: What the scenario `refusal` says.
REFUSAL = "I'm sorry, but I can't help with that."
PAGE = Path(__file__).parents[2] / "docs" / "peers.md"


def did(outcome: Any) -> str:
    """What a client made of an answer, in a few words."""
    aside = [f"tells of {_code(name)} aside" for name in outcome.get("told aside", [])]
    if outcome.get("finish") in UNFINISHED and not aside:
        aside = [f"says that it was {_code(outcome['finish'])}"]
    return ", and ".join([_made(outcome), *aside])


#: How a text came, in the words of the tables.
_CAME = {
    "whole": "the text",
    "cut short": "the text cut short",
    "with a hole": "the text with a hole",
    "another": "another text",
}


def _made(outcome: Mapping[str, Any]) -> str:
    if outcome.get("by") == "program":
        return "handed on"
    if "error" in outcome:
        status = f" {outcome['status']}" if "status" in outcome else ""
        return f"{_code(outcome['error'])}{status}"
    if "object" in outcome:
        return "half an object" if None in outcome["object"].values() else "an object"
    if came := outcome.get("came"):
        return "the refusal" if outcome.get("text") == REFUSAL else _CAME[came]
    if "calls" in outcome:
        return "the call"
    return "the refusal" if "refusal" in outcome else "no text"


def _code(name: str) -> str:
    return f"`{name}`"


def _worked(result: Result, case: str) -> str:
    outcome = result.outcomes.get(case)
    if outcome is None:
        return ""
    if "error" in outcome:
        return f"no: {did(outcome)}"
    return "yes"


def _tried(result: Result, case: str) -> str:
    outcome = result.outcomes.get(case)
    if outcome is None:
        return ""
    count = outcome["requests"]
    requests = "1 request" if count == 1 else f"{count} requests"
    impatient = ", sooner than it was asked to" if outcome.get("waited as asked") is False else ""
    return f"{did(outcome)}, {requests}{impatient}"


def _awkward(result: Result, case: str) -> str:
    outcome = result.outcomes.get(case)
    if outcome is None:
        return ""
    if "came" in outcome and outcome["requests"] == 2:
        return "the model is told, and answers"
    return did(outcome) + (f", {outcome['requests']} requests" if outcome["requests"] > 2 else "")


def _in_dialect(result: Result, dialect: str) -> str:
    asked = {name: result.outcomes.get(f"{dialect}: {name}") for name in SPOKEN}
    wrong = {
        name: outcome
        for name, outcome in asked.items()
        if outcome is not None and outcome.get("came") != "whole" and "object" not in outcome
    }
    if len(wrong) == sum(outcome is not None for outcome in asked.values()):
        return next((f"no: {did(outcome)}" for outcome in wrong.values()), "")
    return "; ".join(f"not {name}: {did(outcome)}" for name, outcome in wrong.items()) or "yes"


def _grouped(result: Result, case: str) -> str:
    if case in (*RESPONSES_WORK, *LORAX_WORKS):
        return _worked(result, case)
    return (_tried if case.endswith(("429 once", "500 once", "400")) else _awkward)(result, case)


def _unusual(results: list[Result]) -> Iterator[str]:
    names = ", ".join(map(_code, UNUSUAL_STREAMS))
    yield f"{names}: every client that has streams gives their text whole."
    for result in results:
        for name in UNUSUAL_STREAMS:
            outcome = result.outcomes.get(f"{name}, SSE", {"came": "whole"})
            if outcome.get("came") != "whole" and "object" not in outcome:
                yield f"Not {result.name} with {_code(name)}: {did(outcome)}."


def table(
    cases: Mapping[str, str], results: list[Result], cell: Callable[[Result, str], str]
) -> Iterator[str]:
    """A row a client and a column a case; `cases` maps headings to cases."""
    shown = [result for result in results if any(cell(result, case) for case in cases.values())]
    yield "| client | " + " | ".join(cases) + " |"
    yield "| --- " * (len(cases) + 1) + "|"
    for result in shown:
        yield "| " + " | ".join([result.name, *(cell(result, case) for case in cases.values())]) + " |"


HEAD = """# Real clients against the fake

Written by `.ci/peers` from runs: each client, unchanged and in an environment of its own, asks the fake over a socket,
and tests assert on what it made of the answer and on what it sent. An empty cell: the client has no such thing, or its
program does not try it (in Node all is async). A name in `code` is the error that was raised; *handed on*: the program got the
answer as it was, and tripped over it. The programs are in `tests/peers/clients/`, what came of each run is in
`tests/peers/results/`.
"""
MANNERS = (
    "The columns are dialects of the fake. Asked are JSON, SSE, tools and tools with SSE, as far as the client has"
    " them. LoRAX streams a call as a text, so that no client sees one there."
)
COLUMNS = (
    "The columns are scenarios and faults of [the fake](scenarios.md). "
    "`tool-call-only` is asked without any tool."
)


def page() -> str:
    """docs/peers.md."""
    results = on_record()
    parts: tuple[tuple[str, Iterator[str]], ...] = (
        (
            "What works",
            table({name: name for name in WORKS}, results, _worked),
        ),
        (
            "What it does when the fake fails\n\nOnce: the next try gets its answer. The 429 asks for a pause of a second.",
            table({name: name for name in FAILS}, results, _tried),
        ),
        (
            f"What it makes of awkward answers\n\n{COLUMNS}",
            table({name: name for name in AWKWARD}, results, _awkward),
        ),
        (
            "What it makes of awkward streams",
            table({name: f"{name}, SSE" for name in AWKWARD_STREAMS}, results, _awkward),
        ),
        (
            "What it makes of streams that are right and unusual",
            _unusual(results),
        ),
        (
            "What it makes of the Responses API",
            table({name: f"Responses: {name}" for name in RESPONSES}, results, _grouped),
        ),
        (
            "What it makes of LoRAX's own routes",
            table({name: f"LoRAX: {name}" for name in LORAX}, results, _grouped),
        ),
        (
            f"What it makes of other servers' manners\n\n{MANNERS}",
            table({name: name for name in DIALECTS if name != "openai"}, results, _in_dialect),
        ),
        ("What their users should know", notable(results)),
    )
    return HEAD + "".join(f"\n## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
