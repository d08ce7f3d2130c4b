"""A chat request that passed validation, with its members under the names the rest of the fake uses."""

from dataclasses import dataclass, field

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import prompt_tokens, text_of

#: OpenAI's own limit for `n`.
MOST_CHOICES = 128
#: All choices of an answer have at most so many times the context's tokens: a small request makes no huge answer.
MOST_CONTEXTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A function that the model may call; `parameters` is its JSON Schema."""

    name: str
    parameters: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One valid request. `body` is the parsed JSON without top-level nulls."""

    body: JsonObject
    messages: tuple[JsonObject, ...]
    model: str
    #: Tokens the prompt costs.
    prompt_tokens: int
    #: Tokens the answer may have, by what was asked and by the model's context.
    room: int
    n: int = 1
    stream: bool = False
    include_usage: bool = False
    stop: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    #: `auto`, `none` or `required`; a named choice is `named` and says the name in `named_tool`.
    tool_choice: str = "auto"
    named_tool: str = ""
    parallel_tool_calls: bool = True
    #: How many alternatives each token's log probability is asked with; None: no log probabilities.
    top_logprobs: int | None = None
    #: `text`, `json_object` or `json_schema`; the last with its schema.
    format: str = "text"
    schema: JsonObject = field(default_factory=dict[str, JsonValue])

    @property
    def turn(self) -> int:
        """How many user messages the request carries."""
        return sum(message.get("role") == "user" for message in self.messages)

    @property
    def last_role(self) -> str:
        """The role of the last message."""
        return str(self.messages[-1].get("role", "")) if self.messages else ""

    @property
    def last_text(self) -> str:
        """The text of the last message."""
        return text_of(self.messages[-1].get("content")) if self.messages else ""

    @property
    def user_text(self) -> str:
        """The text of the last user message; empty where there is none."""
        said = [message for message in self.messages if message.get("role") == "user"]
        return text_of(said[-1].get("content")) if said else ""


def read_chat(body: JsonObject, context_length: int) -> Chat:
    """The chat in a body; where something has the wrong type it is as if it were not there."""
    cost = prompt_tokens(body)
    n = min(max(_int(body.get("n"), 1), 0), MOST_CHOICES)
    choice, named = _tool_choice(body)
    form = _object(body.get("response_format"))
    return Chat(
        body=body,
        messages=tuple(_object(message) for message in _list(body.get("messages"))),
        model=str(body.get("model", "")),
        prompt_tokens=cost,
        room=max(
            min(
                _int(body.get("max_completion_tokens", body.get("max_tokens")), context_length),
                context_length - cost,
                room_of_each(n, context_length),
            ),
            0,
        ),
        n=n,
        stream=body.get("stream") is True,
        include_usage=_object(body.get("stream_options")).get("include_usage") is True,
        stop=_stop(body.get("stop")),
        tools=tuple(_tools(body)),
        tool_choice=choice,
        named_tool=named,
        parallel_tool_calls=body.get("parallel_tool_calls") is not False,
        top_logprobs=_int(body.get("top_logprobs"), 0) if body.get("logprobs") is True else None,
        format=str(form.get("type", "text")),
        schema=_object(_object(form.get("json_schema")).get("schema")),
    )


def room_of_each(choices: int, context_length: int) -> int:
    """Tokens that each of so many choices may have."""
    return MOST_CONTEXTS * context_length // max(choices, 1)


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _int(value: JsonValue, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _stop(value: JsonValue) -> tuple[str, ...]:
    asked = [value] if isinstance(value, str) else _list(value)
    return tuple(text for text in asked if isinstance(text, str) and text)


def _tools(body: JsonObject) -> list[Tool]:
    functions = [_object(_object(tool).get("function")) for tool in _list(body.get("tools"))]
    allowed = _allowed(_object(body.get("tool_choice")))
    return [
        Tool(name=str(function["name"]), parameters=_object(function.get("parameters")))
        for function in functions
        if "name" in function and (allowed is None or function["name"] in allowed)
    ]


def _allowed(choice: JsonObject) -> list[JsonValue] | None:
    """The names of the tools that a choice allows; None: all."""
    allowed = _object(choice.get("allowed_tools"))
    if "tools" not in allowed:
        return None
    return [_object(_object(tool).get("function")).get("name") for tool in _list(allowed["tools"])]


def _tool_choice(body: JsonObject) -> tuple[str, str]:
    choice = body.get("tool_choice", "auto")
    if isinstance(choice, str):
        return choice, ""
    if (mode := _object(_object(choice).get("allowed_tools")).get("mode")) in ("auto", "required"):
        return str(mode), ""
    function = _object(_object(choice).get("function"))
    return ("named", str(function["name"])) if "name" in function else ("auto", "")
