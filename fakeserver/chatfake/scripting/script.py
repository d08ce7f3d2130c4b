"""Which plan a script gives a request that names none itself: by rule, by turn, or by a function of the request."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from chatfake.core.http import Request
from chatfake.core.json_text import JsonObject
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import Plan

#: Any other condition: from the parsed request to whether the rule answers it.
Predicate = Callable[[Chat], bool]
#: From the parsed request to its answer; None leaves it to what comes next.
PlanFunction = Callable[[Chat], Plan | None]

#: A regular expression of a script file runs on whatever a stranger sends.
LONGEST_SEARCHED = 100_000


class Dry(Enum):
    """What is answered once a queue is empty."""

    DEFAULT = "default"  #: the default reply
    REPEAT = "repeat"  #: its last answer again
    ERROR = "error"  #: status 500 with a sentence that says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Conditions of a rule; all that are given must hold. Texts are those of the last user message."""

    text: str | None = None  #: the whole text
    contains: str | None = None
    matches: str | None = None  #: a regular expression that is found somewhere in it
    role: str | None = None  #: of the last message
    tool: str | None = None  #: a tool of that name is offered
    model: str | None = None
    adapter: str | None = None  #: LoRAX: the adapter that the request asks for
    turn: int | None = None  #: how many user messages the request carries
    header: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    test: Predicate | None = None

    def holds(self, chat: Chat, request: Request) -> bool:
        """Whether the rule answers this request."""
        said = chat.user_text
        return (
            (self.text is None or said == self.text)
            and (self.contains is None or self.contains in said)
            and (self.matches is None or re.search(self.matches, said[:LONGEST_SEARCHED]) is not None)
            and (self.role is None or chat.last_role == self.role)
            and (self.tool is None or any(tool.name == self.tool for tool in chat.tools))
            and (self.model is None or chat.model == self.model)
            and (self.adapter is None or _adapter(chat.body) == self.adapter)
            and (self.turn is None or chat.turn == self.turn)
            and all(request.header(name.lower()) == value for name, value in self.header.items())
            and (self.test is None or self.test(chat))
        )


def _adapter(body: JsonObject) -> str:
    """By LoRAX's parameters, with commas between the names of merged ones; else the model, as on its OpenAI routes."""
    parameters = body.get("parameters")
    named = parameters.get("adapter_id") if isinstance(parameters, dict) else None
    merged = parameters.get("merged_adapters") if isinstance(parameters, dict) else None
    ids = merged.get("ids") if isinstance(merged, dict) else None
    return str(named or ",".join(map(str, ids if isinstance(ids, list) else [])) or body.get("model") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An answer, and when it is given."""

    when: Match
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Looked at in this order: rules (the first that holds), turns, the function. The queue comes after it.

    A function of the request alone: a retry gets the same answer.
    """

    rules: tuple[Rule, ...] = ()
    turns: Mapping[int, Plan] = field(default_factory=lambda: MappingProxyType({}))
    function: PlanFunction | None = None

    def plan(self, chat: Chat, request: Request) -> Plan | None:
        """The answer to a request; None where nothing in here has one."""
        for rule in self.rules:
            if rule.when.holds(chat, request):
                return rule.plan
        if chat.turn in self.turns:
            return self.turns[chat.turn]
        return None if self.function is None else self.function(chat)
