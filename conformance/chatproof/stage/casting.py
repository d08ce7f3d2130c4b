"""How the fake is made to give an answer of a plan, with the plan's own words in it."""

from collections.abc import Mapping
from dataclasses import replace

from chatfake.core.json_text import clean
from chatfake.faults import FAULTS
from chatfake.generation.reply import Reply, ToolCall
from chatfake.generation.scenarios import SCENARIOS, Scenario, scripted
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import Plan
from chatproof.history.model.answers import ANSWERS, AnswerKind, Mode
from chatproof.history.model.plan import MARK, Answer, Call
from chatproof.history.model.words import filled
from chatproof.stage.stage import Words

__all__ = ["cast_answer", "worded"]

_UNFIT: Mapping[str, frozenset[str]] = {
    "chat": frozenset(),
    "completions": frozenset({"refusal", "tool-call-only", "stream-tool-call-only"}),  # there is only text
    "responses": frozenset({"stream-no-done"}),  # its streams have no [DONE]
}
"""By route: what it cannot have, besides what only the chat route has."""


def worded(text: str, words: str) -> str:
    """The text with its mark filled in, or with the words after a blank where it has none.

    Lone surrogates, which no endpoint can send, are replaced.
    """
    text = clean(text)
    if MARK in text:
        return filled(text, words)
    return f"{text} {words}" if text else words


def cast_answer(
    answer: Answer, route: str, *, streamed: bool, words: Words, turn: int
) -> tuple[Answer, Plan]:
    """The answer as it is given, words and ids filled in, and the fake's plan that gives it.

    One that this request cannot have becomes an ordinary one. `turn` counts what its script has given before.
    """
    if not _fits(answer, route, streamed=streamed):
        answer = Answer(text=answer.text)
    kind = ANSWERS[answer.name]
    given = _given(answer, kind, words, turn)
    replies: tuple[Reply, ...] = (_reply(given, kind),)
    if answer.name == "two-choices":
        replies = (*replies, Reply(text=words(f"choice {turn}")))
    scenario = SCENARIOS["two-choices"] if answer.name == "two-choices" else scripted(replies[0])
    if kind.scenario and "tool-call" not in kind.scenario:
        scenario = SCENARIOS[kind.scenario]
    if kind.scenario != "empty-choices":
        scenario = _saying(scenario, replies)
    return given, Plan(scenario=scenario, faults=(FAULTS[kind.fault],) if kind.fault else ())


def _fits(answer: Answer, route: str, *, streamed: bool) -> bool:
    kind = ANSWERS[answer.name]
    other = Mode.JSON if streamed else Mode.STREAM
    return (
        kind.mode is not other
        and not (kind.chat_only and route != "chat")
        and not (answer.calls and route == "completions")
        and answer.name not in _UNFIT[route]
    )


def _given(answer: Answer, kind: AnswerKind, words: Words, turn: int) -> Answer:
    calls = answer.calls
    if "tool-call" in kind.scenario:
        calls = calls or (Call(),)
    calls = tuple(
        replace(
            call,
            arguments=filled(call.arguments, words(f"call {turn}.{number}")),
            id=call.id or f"call_{words(f'id {turn}.{number}').replace('-', '')}",
        )
        for number, call in enumerate(calls)
    )
    return replace(answer, text=_text(answer, kind, words(f"reply {turn}")), calls=calls)


def _text(answer: Answer, kind: AnswerKind, words: str) -> str:
    """What is said. A text of no letters, with calls beside it, stays none."""
    match kind.scenario:
        case "blank-content":
            return " \n\n "
        case "refusal":
            return f"I am sorry, but I cannot help with {words}."
        case "" | "parts-content" | "wrong-object" | "delta-in-json":
            says_nothing = kind.fault.startswith("http-") or kind.fault in _NOTHING_SAID
            if says_nothing or (answer.calls and not answer.text):
                return ""
            return clean(answer.text) if answer.verbatim else worded(answer.text, words)
        case _:
            return ""


_NOTHING_SAID = ("html-200", "html-502", "reset-before-head")


def _reply(given: Answer, kind: AnswerKind) -> Reply:
    if kind.scenario == "refusal":
        return Reply(refusal=given.text)
    calls = tuple(ToolCall(name=call.tool, arguments=call.arguments, id=call.id) for call in given.calls)
    text = None if kind.scenario == "null-content" or (calls and not given.text) else given.text
    return Reply(text=text, tool_calls=calls, finish_reason=kind.finish_reason)


def _saying(scenario: Scenario, replies: tuple[Reply, ...]) -> Scenario:
    """One reply is said for each choice that is asked for."""

    def speak(chat: Chat) -> tuple[Reply, ...]:
        return replies * chat.n if len(replies) == 1 else replies

    return replace(scenario, speak=speak)
