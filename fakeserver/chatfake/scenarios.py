"""What the fake can be asked to say, by name. A new scenario is one entry here: it is then a model, a path, a
header value and a test case by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chatfake.chat import Chat, Tool
from chatfake.derived import called, derived, report
from chatfake.reply import Reply, Speak, ToolCall, saying
from chatfake.reshape import AS_IS, Reshape


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named way to answer. `outcome` goes on a sentence about the answer: "whose answer …"."""

    name: str
    description: str
    outcome: str
    speak: Speak
    reshape: Reshape = AS_IS


_SCENARIOS: dict[str, Scenario] = {}

UNICODE = (
    "Grüße 👋🏽 aus Zürich: cafe\u0301, नमस्ते, 你好\uff0c世界, こんにちは, 안녕하세요, "
    "שלום, مرحبا, 👩‍👩‍👧‍👦 🇨🇭 ❤️ \U0001d518\U0001d52b\U0001d526 \u200f\u00ad\u2028∑∞."
)


def scenario(name: str, description: str, outcome: str, reshape: Reshape = AS_IS) -> Callable[[Speak], Speak]:
    """Registers the decorated function under that name."""

    def register(speak: Speak) -> Speak:
        _SCENARIOS[name] = Scenario(
            name=name, description=description, outcome=outcome, speak=speak, reshape=reshape
        )
        return speak

    return register


@scenario("text", "the default reply: a text that says what reached the server", "whose answer was a text")
def _text(chat: Chat) -> tuple[Reply, ...]:
    return derived(chat)


@scenario(
    "tool-call-only",
    "a tool call and no text; a text once the tool's result has come",
    "whose answer had a tool call and no text",
)
def _tool_call_only(chat: Chat) -> tuple[Reply, ...]:
    # an agent's loop must end: it asks the same until it has its result
    if chat.last_role == "tool":
        return (Reply(text=report(chat)),) * chat.n
    known = next((tool for tool in chat.tools if tool.name == chat.named_tool), (*chat.tools, None)[0])
    return (Reply(tool_calls=(_call(known),)),) * chat.n


def _call(tool: Tool | None) -> ToolCall:
    return called(tool) if tool else ToolCall(name="get_weather", arguments='{"city":"Paris"}')


@scenario("empty-choices", "an empty list of choices", "whose answer had no choices")
def _empty_choices(_: Chat) -> tuple[Reply, ...]:
    return ()


@scenario("length", "a text cut short by the token limit", "whose answer was cut short")
def _length(chat: Chat) -> tuple[Reply, ...]:
    return saying(Reply(text="This sentence ends before its", finish_reason="length"))(chat)


@scenario("refusal", "a refusal and no content", "whose answer was a refusal")
def _refusal(chat: Chat) -> tuple[Reply, ...]:
    return saying(Reply(refusal="I'm sorry, but I can't help with that."))(chat)


@scenario("unicode", "emoji, combining marks, right-to-left and CJK text", "whose answer was full of Unicode")
def _unicode(chat: Chat) -> tuple[Reply, ...]:
    return saying(Reply(text=UNICODE))(chat)


#: Every scenario by name, the default first.
SCENARIOS: Mapping[str, Scenario] = MappingProxyType(_SCENARIOS)
DEFAULT = SCENARIOS["text"]


def scripted(reply: Reply | str) -> Scenario:
    """A reply of a test's own as a scenario."""
    said = reply if isinstance(reply, Reply) else Reply(text=reply)
    return Scenario(name="script", description="a scripted reply", outcome=_outcome(said), speak=saying(said))


def _outcome(reply: Reply) -> str:
    if reply.tool_calls:
        return "whose answer had a tool call" if reply.text else DEFAULT_CALL_OUTCOME
    return (
        "whose answer was a refusal" if reply.refusal is not None else f"whose answer was {reply.text!r:.60}"
    )


DEFAULT_CALL_OUTCOME = SCENARIOS["tool-call-only"].outcome
