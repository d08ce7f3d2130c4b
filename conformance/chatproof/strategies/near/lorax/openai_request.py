"""Near misses of what LoRAX's OpenAI routes are asked. Some of them OpenAI takes."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.members import something, texts
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_OPENAI_REQUEST"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_REFUSED = "lorax.errors.validation"

_chat = partial(defect, Kind.LORAX_CHAT_REQUEST)
_text = partial(defect, Kind.LORAX_TEXT_REQUEST)


def _chatted(text: str) -> JsonObject:
    return {"model": "", "messages": [{"role": "user", "content": text}]}


def _prompted(text: str) -> JsonObject:
    return {"model": "", "prompt": something(text)}


_CHAT: SearchStrategy[JsonValue] = st.builds(_chatted, texts())
_TEXT: SearchStrategy[JsonValue] = st.builds(_prompted, texts())


def _said(path: str, **members: JsonValue) -> SearchStrategy[Miss]:
    """A chat request with these members, wrong at `path`."""

    def miss(text: str) -> Miss:
        return Miss(data={**_chatted(text), **members}, path=f"$.{path}")

    return st.builds(miss, texts())


def _written(path: str, **members: JsonValue) -> SearchStrategy[Miss]:
    """A completion request with these members, wrong at `path`."""

    def miss(text: str) -> Miss:
        return Miss(data={**_prompted(text), **members}, path=f"$.{path}")

    return st.builds(miss, texts())


def _content(content: JsonValue, path: str = "") -> SearchStrategy[Miss]:
    return _said(f"messages[0].content{path}", messages=[{"role": "user", "content": content}])


_TOOL: JsonObject = {"type": "function", "function": {"name": "f", "parameters": {}}}
_NO_PARAMETERS: JsonObject = {"type": "function", "function": {"name": "f"}}
_OPENAI_CHOICE: JsonObject = {"type": "function", "function": {"name": "f"}}

NEAR_LORAX_OPENAI_REQUEST = catalogue(
    *rows(__file__, chat=_CHAT, text=_TEXT),
    _chat(
        "unknown-part",
        _VALUE,
        "A part is of a kind that OpenAI has and LoRAX not.",
        _content([{"type": "input_audio", "input_audio": {}}], "[0].type"),
    ),
    _chat("part-without-text", _MISSING, "A part has no text.", _content([{"type": "text"}], "[0].text")),
    _chat(
        "image-as-text",
        _TYPE,
        "An image is its address alone.",
        _content([{"type": "image_url", "image_url": "x"}], "[0].image_url"),
    ),
    _chat(
        "written-with-a-fraction",
        _REFUSED,
        "The limit is written as 20.0.",
        _said("max_tokens", max_tokens=20.0),
    ),
    _chat(
        "logit-bias-as-text",
        _TYPE,
        "A bias is text, although it is ignored.",
        _said('logit_bias["50256"]', logit_bias={"50256": "-100"}),
    ),
    _chat("answers-with-seed", _REFUSED, "Two answers of one seed.", _said("seed", n=2, seed=7)),
    _chat("answers-greedy", _REFUSED, "Two answers at temperature 0.", _said("n", n=2, temperature=0)),
    _chat("answers-streamed", _REFUSED, "Two answers in a stream.", _said("n", n=2, stream=True)),
    _chat("no-answer", _REFUSED, "No answer, which the router takes for one.", _said("n", n=0), Level.SHOULD),
    _chat(
        "tool-without-parameters",
        _MISSING,
        "A tool has no parameters, as OpenAI takes it.",
        _said("tools[0].function.parameters", tools=[_NO_PARAMETERS]),
    ),
    _chat(
        "tool-without-name",
        _MISSING,
        "A tool has no name.",
        _said("tools[0].function.name", tools=[{"type": "function", "function": {"parameters": {}}}]),
    ),
    _chat(
        "choice-as-openai",
        _MISSING,
        "A tool is chosen by OpenAI's object.",
        _said("tool_choice.Function", tools=[_TOOL], tool_choice=_OPENAI_CHOICE),
    ),
    _chat(
        "choice-required",
        _REFUSED,
        "`required` is a function's name here.",
        _said("tool_choice", tools=[_TOOL], tool_choice="required"),
    ),
    _chat(
        "choice-unknown",
        _REFUSED,
        "The chosen tool is none of the tools.",
        _said("tool_choice", tools=[_TOOL], tool_choice={"Function": {"name": "g"}}),
    ),
    _chat(
        "tools-and-format",
        _REFUSED,
        "There are tools and a format.",
        _said("tools", tools=[], response_format={"type": "json_object"}),
    ),
    _chat(
        "format-without-name",
        _MISSING,
        "A schema has no name.",
        _said(
            "response_format.json_schema.name",
            response_format={"type": "json_schema", "json_schema": {"schema": {}}},
        ),
    ),
    _chat(
        "unknown-format",
        _VALUE,
        "A format of another name.",
        _said("response_format.type", response_format={"type": "grammar"}),
    ),
    _chat(
        "unknown-source",
        "lorax.errors.unknown-adapter",
        "The adapter's source is none.",
        _said("adapter_source", model="a/b", adapter_source="github"),
        Level.SHOULD,
    ),
    _text(
        "logprobs-streamed", _REFUSED, "logprobs in a stream.", _written("logprobs", logprobs=0, stream=True)
    ),
    _text("best-of-greedy", _REFUSED, "Two sequences without sampling.", _written("best_of", best_of=2)),
    _text(
        "best-of-with-seed", _REFUSED, "Two sequences of one seed.", _written("seed", best_of=2, n=1, seed=7)
    ),
    _text(
        "best-of-streamed",
        _REFUSED,
        "Two sequences in a stream.",
        _written("best_of", best_of=2, n=1, stream=True),
    ),
    _text(
        "written-with-a-fraction",
        _REFUSED,
        "The limit is written as 20.0.",
        _written("max_tokens", max_tokens=20.0),
    ),
)
