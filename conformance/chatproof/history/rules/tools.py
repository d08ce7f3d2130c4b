"""Clients that answer calls of tools."""

from collections.abc import Iterator, Mapping, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.message import SentCall
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Call
from chatproof.history.model.seen import Hung, Play
from chatproof.history.rules.claims import needs_tools
from chatproof.history.rules.registry import Breach, Check, rule
from chatproof.history.rules.turns import shown, turns

__all__: list[str] = []

_ENDLESS = 100
"""Requests of one ask after which nobody waits for an end, where nothing is declared."""


def _bounded(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    tools = play.policy.tools
    # whether the request with the last results counts as a round of its own is the client's to say
    most = tools + 1 if isinstance(tools, int) else _ENDLESS
    for turn in turns(play, judged):
        called = [one for one in turn.exchanges if one.answer.calls]
        if len(called) > most:
            yield turn.breach(
                "The rounds with tools go on after the declared end.",
                expected=f"at most {most} requests whose answers call tools",
                seen=f"{len(called)}",
            )
        elif called and called[-1] is turn.exchanges[-1] and isinstance(turn.ask.ending, Hung):
            yield turn.breach("The rounds with tools do not end.", seen=f"{len(called)} requests")


def _never_empty(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """Empty arguments that are sent back as they came; those that were emptied are a deviation."""
    del play
    for one in judged:
        for at, message in enumerate(one.exchange.messages):
            known = any(deviation.at == at for deviation in one.deviations)
            if not known and any(call.arguments == "" for call in message.calls):
                yield Breach(
                    step=one.step,
                    exchange=one.exchange.number,
                    message="A call is sent back with empty arguments.",
                    expected="a JSON object as text, {} where there are none",
                    seen=str(message),
                )
                return


def _goes_on(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A turn that ends where a tool raised, long before the declared end."""
    tools = play.policy.tools
    for turn in turns(play, judged):
        if turn.is_stopped or not turn.exchanges or turn.text is not None:
            continue
        called = sum(bool(one.answer.calls) for one in turn.exchanges)
        calls = turn.exchanges[-1].answer.calls
        raised = any(call.tool == "break_down" for call in calls)
        sound = all(call.tool in ("look_up", "break_down") and _is_sound(call) for call in calls)
        if raised and sound and not (isinstance(tools, int) and called >= tools):
            yield turn.breach(
                "The round ended with a tool that raised.",
                expected="a request that carries the error as the result of the call",
                seen=shown(turn),
            )


def _is_sound(call: Call) -> bool:
    return SentCall(id=call.id, name=call.tool, arguments=call.arguments).is_sound


_CHECKS: Mapping[str, Check] = {
    "arguments-string": _never_empty,
    "bounded": _bounded,
    "failure-is-a-result": _goes_on,
}

_REFUSED = "The endpoint refuses the request, and every later one, for the broken pair stays in the history."

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    (
        "paired",
        "Every result follows the message that called the tool, carries its id, and each call has exactly one.",
        _REFUSED,
        "langchain-ai/langgraph#531, letta-ai/letta#3273, gptme/gptme#3293, vercel/ai PR #11417",
    ),
    (
        "arguments-verbatim",
        "Arguments are sent back as they came, byte for byte; empty or invalid ones as was declared.",
        "The model reads calls that it did not make, and the endpoint's cache of the prefix is lost.",
        "lm-deluge 0.0.168 writes arguments anew; local-inference-lab/vllm#684: cut arguments, refused for ever",
    ),
    (
        "arguments-string",
        "Arguments are a JSON string on the wire, never an object, never empty.",
        _REFUSED,
        "bytedance/deer-flow#4445, MetaFARS/codex-relay#57",
    ),
    (
        "text-kept",
        "Text beside calls of tools is kept when it is sent again.",
        "The model has forgotten what it announced to the user before it called.",
        "Backend.AI 26.9 keeps the text, and drops the call",
    ),
    (
        "fault-after-call",
        "When the request that carries results fails, the next turn still sends a history that is valid.",
        _REFUSED,
        "langchain-ai/langgraph#5109, langchain-ai/open-swe PR #1604",
    ),
    (
        "parallel",
        "Several calls in one reply are all answered, in order.",
        _REFUSED,
        "langchain-ai/langgraph#531; huggingface/smolagents#1568 joins what stands side by side",
    ),
    (
        "fragments",
        "Calls that arrive in fragments, interleaved by index, are assembled.",
        "A tool is called with half of its arguments, or with those of another call.",
        "the chunks of the Chat Completions API: an index a call, arguments in pieces",
    ),
    (
        "failure-is-a-result",
        "A tool that raises gives an error as its result to the model, and the round goes on.",
        "One failing tool ends the conversation with a call that is never answered.",
        "langchain-ai/langgraph#5109, pydantic/pydantic-ai#4728",
    ),
    (
        "unknown-tool",
        "A call of a tool that is not there gives an error as its result, or its round is dropped whole.",
        "A name that the model made up leaves half a round in the history, which no server takes.",
        "lm-deluge 0.0.168 answers it with an error; openai-agents 0.24 raises and keeps the question",
    ),
    (
        "bounded",
        "The rounds with tools end after the declared number, and leave a history that is valid.",
        "A model that calls for ever costs money until somebody notices, or the history ends with an open call.",
        "lm-deluge 0.0.168: max_rounds ends with a call that is not answered",
    ),
)

for _name, _sentence, _breaks, _reference in _ROWS:
    rule(
        f"tools.{_name}",
        Level.MUST,
        _sentence,
        breaks=_breaks,
        reference=_reference,
        unclaimed=needs_tools,
        check=_CHECKS.get(_name),
    )
