"""Both sides of every boundary in the rules about requests: the last value that is taken, the first that is refused.

A row names dialects, a member, and the values that get a verdict. A verdict is a status and, of a refusal, the code,
`error_type` or type that the dialect writes (`text` where the refusal is plain text); where several rules give one
code, some words of the rule that is meant stand behind it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from chatfake import Answer, Fake
from tests.fakeserver.asking import HELLO, WEATHER, chat, post

CHAT, TEXT, EMBEDDINGS = "chat/completions", "completions", "embeddings"
#: A sound body of each route. The messages cost 11 tokens, the text 4.
BODIES: dict[str, dict[str, Any]] = {
    CHAT: chat(),
    TEXT: {"model": "tiny", "prompt": "And Italy?"},
    EMBEDDINGS: {"model": "tiny", "input": "And Italy?"},
}
#: In the place of a member: the context length of the fake.
ROOM = "(context)"


@dataclass(frozen=True, kw_only=True)
class Row:
    dialects: str
    member: str
    verdicts: Mapping[str, Sequence[Any]]
    path: str = CHAT
    beside: Mapping[str, Any] = field(default_factory=dict[str, Any])
    room: int = 100_000

    def body(self, value: Any) -> dict[str, Any]:
        own = {} if self.member == ROOM else {self.member: value}
        return {**BODIES[self.path], **self.beside, **own}


def row(dialects: str, member: str, verdicts: Mapping[str, Sequence[Any]], **others: Any) -> Row:
    return Row(dialects=dialects, member=member, verdicts=verdicts, **others)


# -- the verdicts -------------------------------------------------------------------------------------------

OK = "200"
BELOW, ABOVE = "400 decimal_below_min_value", "400 decimal_above_max_value"
FEW, MANY = "400 integer_below_min_value", "400 integer_above_max_value"
EMPTY, LONG = "400 empty_array", "400 array_above_max_length"
INVALID, TOO_LONG = "400 invalid_request_error", "400 context_length_exceeded"
BAD, ENGINE, PYDANTIC = "400 BadRequestError", "400 BadRequest", "400 Bad Request"
VALIDATION, TOOL, SERDE = "422 validation", "422 tool_error", "422 text"
ORDER, CALL_ID = "400 3230", "400 3280"
#: What some make of all refusals that OpenAI gives a code of their own.
IN_SHORT = {
    "groq": INVALID,
    "deepseek": INVALID,
    "openrouter": "400",
    "mistral": "422 invalid_request_error",
}
WITH_CODES = (BELOW, ABOVE, FEW, MANY, EMPTY, LONG)


def names(*lengths: int) -> list[list[Any]]:
    return [[{"type": "function", "function": {"name": "f" * length}}] for length in lengths]


def tools(*lengths: int) -> list[list[Any]]:
    return [names(1)[0] * length for length in lengths]


def with_schema(**keywords: Any) -> list[Any]:
    return [{"type": "function", "function": {"name": "f", "parameters": {"properties": {"a": keywords}}}}]


def with_type(kind: str) -> list[Any]:
    return [{"type": "function", "function": {"name": "f", "parameters": {"type": kind}}}]


def said(role: str, content: Any) -> list[Any]:
    return [{"role": role, "content": content}]


def parts(kind: str) -> list[Any]:
    return said("user", [{"type": kind, kind: "data:,"}])


def stops(*lengths: int) -> list[list[str]]:
    return [["a"] * length for length in lengths]


def turns(calls: int, results: int, *after: str) -> list[dict[str, Any]]:
    """A question, calls, results, and whoever speaks then."""
    ids = [f"call0000{number}" for number in range(max(calls, results))]
    function = {"name": "get_weather", "arguments": "{}"}
    made = [{"id": one, "type": "function", "function": function} for one in ids[:calls]]
    asked = {"role": "assistant", "content": "", **({"tool_calls": made} if made else {})}
    said = [{"role": "tool", "tool_call_id": one, "content": "mild"} for one in ids[:results]]
    return [*HELLO, asked, *said, *({"role": role, "content": "hi"} for role in after)]


def named_call(length: int) -> list[dict[str, Any]]:
    called, told = turns(1, 1)[1:]
    name = "c" * length
    return [
        *HELLO,
        {**called, "tool_calls": [{**called["tool_calls"][0], "id": name}]},
        {**told, "tool_call_id": name},
    ]


# -- the rows -----------------------------------------------------------------------------------------------

OPENAI = "openai azure together groq deepseek openrouter mistral"
COUNTED = "openai azure together openrouter deepseek"
PENALTIES = ("presence_penalty", "frequency_penalty")
LOGPROBS = {"logprobs": True}
OFFERED = {"tools": [WEATHER]}
LIMITS = ("max_tokens", "max_completion_tokens")
ROWS = (
    # numbers of chats
    row(OPENAI, "temperature", {OK: [0, 2], BELOW: [-0.01], ABOVE: [2.0001]}),
    row("vllm", "temperature", {OK: [0, 2], f"{BAD} non-negative": [-0.01], f"{BAD} [0, 2]": [2.0001]}),
    row("sglang", "temperature", {OK: [0, 3], ENGINE: [-0.01]}),
    row("tgi lorax", "temperature", {OK: [0, 3], VALIDATION: [-0.01]}),
    row("llama.cpp ollama", "temperature", {OK: [-1, 3]}),
    row(OPENAI, "top_p", {OK: [0, 1], BELOW: [-0.01], ABOVE: [1.01]}),
    row("vllm", "top_p", {OK: [0.01, 1], BAD: [0, 1.01]}),
    row("sglang", "top_p", {OK: [0.01, 1], ENGINE: [0, 1.01]}),
    row("lorax", "top_p", {OK: [0.01, 1], VALIDATION: [0, 1.01]}),
    row("tgi", "top_p", {OK: [0.01, 0.99], VALIDATION: [0, 1]}),
    row("llama.cpp ollama", "top_p", {OK: [-1, 2]}),
    *(row(OPENAI, name, {OK: [-2, 2], BELOW: [-2.01], ABOVE: [2.01]}) for name in PENALTIES),
    *(row("vllm", name, {OK: [-2, 2], BAD: [-2.01, 2.01]}) for name in PENALTIES),
    *(row("sglang", name, {OK: [-2, 2], ENGINE: [-2.01, 2.01]}) for name in PENALTIES),
    *(row("lorax", name, {OK: [-2, 2], VALIDATION: [-2.01, 2.01]}) for name in PENALTIES),
    row("tgi", "frequency_penalty", {OK: [-2, 2], VALIDATION: [-2.01, 2.01]}),
    row("tgi", "presence_penalty", {OK: [-1.99, 3], VALIDATION: [-2]}),
    *(row("llama.cpp ollama", name, {OK: [-3, 3]}) for name in PENALTIES),
    row("openai azure together openrouter deepseek mistral", "n", {OK: [1, 128], FEW: [0], MANY: [129]}),
    row("groq", "n", {OK: [1], INVALID: [0, 2]}),
    row("vllm", "n", {OK: [1, 129], BAD: [0]}),
    row("sglang", "n", {OK: [-1, 1, 129], ENGINE: [0]}),
    row("tgi", "n", {OK: [0, 129], SERDE: [-1]}),
    row("llama.cpp", "n", {OK: [1, 1.0, 4], INVALID: [0, 0.9, 4.1, 5]}),
    row("lorax", "n", {OK: [0, 1, 2], f"{VALIDATION} best_of": [3]}),
    row("ollama", "n", {OK: [-1, 129]}),
    row("lorax", "seed", {OK: [0, 2**64 - 1], SERDE: [-1, 2**64]}),
    # limits, and the room that there is
    row(OPENAI, "max_tokens", {OK: [1], FEW: [0, -1]}),
    row(COUNTED, "max_completion_tokens", {OK: [1], FEW: [0, -1]}),
    *(row("vllm", name, {OK: [1], f"{BAD} at least 1": [0, -1]}) for name in LIMITS),
    *(row("sglang", name, {OK: [0, 1], f"{ENGINE} at least 0": [-1]}) for name in LIMITS),
    *(row("tgi", name, {OK: [1], f"{VALIDATION} positive": [0], SERDE: [-1]}) for name in LIMITS),
    row("lorax", "max_tokens", {OK: [1], f"{VALIDATION} strictly positive": [0]}),
    row("llama.cpp ollama", "max_tokens", {OK: [-1, 0, 1]}),
    *(
        row(
            "openai azure together",
            name,
            {OK: [9], f"{TOO_LONG} you requested": [10, 20], "400 invalid_value too large": [21]},
            room=20,
        )
        for name in LIMITS
    ),
    row("groq", "max_tokens", {OK: [9], TOO_LONG: [10, 20], INVALID: [21]}, room=20),
    row("deepseek", "max_tokens", {OK: [9], f"{INVALID} maximum context": [10, 20]}, room=20),
    row("openrouter", "max_tokens", {OK: [9], "400 maximum context": [10, 20]}, room=20),
    row("mistral", "max_tokens", {OK: [9], "400 3051": [10, 20], "422 invalid_request_error": [21]}, room=20),
    row(
        "vllm",
        "max_tokens",
        {OK: [9], f"{BAD} you requested": [10, 20], f"{BAD} cannot be greater": [21]},
        room=20,
    ),
    row("sglang", "max_tokens", {OK: [9], f"{BAD} Requested token count": [10, 21]}, room=20),
    row("tgi", "max_tokens", {OK: [9], f"{VALIDATION} max_new_tokens": [10, 21]}, room=20),
    row("llama.cpp ollama", "max_tokens", {OK: [9, 21]}, room=20),
    row("openai azure together", ROOM, {OK: [12], f"{TOO_LONG} resulted in 11": [10, 11]}),
    row("groq", ROOM, {OK: [12], TOO_LONG: [10, 11]}),
    row("deepseek", ROOM, {OK: [12], f"{INVALID} you requested 11": [10, 11]}),
    row("openrouter", ROOM, {OK: [12], "400 about 11": [10, 11]}),
    row("mistral", ROOM, {OK: [12], "400 3051": [10, 11]}),
    row("vllm", ROOM, {OK: [12], f"{BAD} your prompt contains 11": [10, 11]}),
    row("sglang", ROOM, {OK: [12], f"{BAD} is longer than": [10, 11]}),
    row("tgi", ROOM, {OK: [12], f"{VALIDATION} must have less than": [10, 11]}),
    row("llama.cpp", ROOM, {OK: [12], "400 exceed_context_size_error": [10, 11]}),
    row("ollama", ROOM, {OK: [11, 12], f"{INVALID} by 1 tokens": [10]}),
    # probabilities
    row(COUNTED, "top_logprobs", {OK: [0, 20], FEW: [-1], MANY: [21]}, beside=LOGPROBS),
    row("ollama", "top_logprobs", {OK: [0, 20], f"{INVALID} between": [-1, 21]}),
    row("vllm", "top_logprobs", {OK: [-1, 20], f"{BAD} greater than": [21]}, beside=LOGPROBS),
    row("tgi", "top_logprobs", {OK: [0, 5], f"{VALIDATION} top_n_tokens": [6], SERDE: [-1]}, beside=LOGPROBS),
    row("llama.cpp sglang lorax", "top_logprobs", {OK: [-1, 21]}, beside=LOGPROBS),
    row("openai deepseek", "top_logprobs", {f"{INVALID} only allowed": [0, 1]}),
    row("vllm", "top_logprobs", {f"{BAD} must be set to true": [0, 1]}),
    row("llama.cpp", "top_logprobs", {OK: [0], f"{INVALID} requires logprobs": [1]}),
    row("groq", "top_logprobs", {f"{INVALID} only allowed": [0], f"{INVALID} unsupported": [1]}),
    # lists
    row(OPENAI, "stop", {OK: stops(0, 1, 4), LONG: stops(5)}),
    row("vllm", "stop", {OK: stops(0, 4), f"{PYDANTIC} at most 4": stops(5)}),
    row("tgi lorax", "stop", {OK: stops(0, 4), f"{VALIDATION} stop sequences": stops(5)}),
    row("sglang llama.cpp ollama", "stop", {OK: stops(0, 5)}),
    row("vllm", "stop", {OK: ["a", ["a"]], BAD: ["", [""], ["a", ""]]}),
    row(
        "openai azure together groq deepseek", "tools", {OK: tools(1, 128), EMPTY: tools(0), LONG: tools(129)}
    ),
    row("openrouter mistral", "tools", {OK: tools(0, 1, 128), LONG: tools(129)}),
    row("vllm", "tools", {OK: tools(1, 129), f"{BAD} empty array": tools(0)}),
    row("sglang llama.cpp ollama lorax", "tools", {OK: [*tools(0), [WEATHER]]}),
    row("tgi", "tools", {OK: [[], [WEATHER] * 129], f"{SERDE} arguments": tools(1)}),
    row(
        "openai",
        "tools",
        {OK: names(1, 64), "400 empty_string": names(0), "400 string_above_max_length": names(65)},
    ),
    row(
        "openai",
        "tools",
        {
            OK: [with_schema(minLength=0), with_schema(multipleOf=0.1)],
            "400 invalid_function_parameters": [with_schema(minLength=-1), with_schema(multipleOf=0)],
        },
    ),
    row("openai together vllm sglang ollama", "messages", {OK: [[*HELLO]]}),
    row("openai together", "messages", {EMPTY: [[]]}),
    row("vllm sglang", "messages", {f"{BAD} ": [[]]}),
    row("ollama", "messages", {f"{INVALID} too short": [[]]}),
    row("llama.cpp tgi lorax", "messages", {OK: [[]]}),
    # no call, one and two, and as many results, one less and one more
    row(
        "mistral",
        "messages",
        {
            OK: [
                turns(0, 0, "user"),
                *(turns(n, n, *after) for n in (1, 2) for after in ((), ("user",))),
                turns(2, 1),
            ],
            f"{ORDER} Expected last role": [turns(0, 0), turns(1, 0), turns(1, 1, "assistant")],
            f"{ORDER} Not the same number": [
                turns(1, 0, "user"),
                turns(2, 1, "user"),
                turns(1, 2),
                turns(2, 3),
            ],
            f"{ORDER} Unexpected role 'tool'": [turns(0, 1), turns(0, 2)],
        },
    ),
    row("mistral", "messages", {OK: [named_call(9)], CALL_ID: [named_call(8), named_call(10)]}),
    row(
        "openai",
        "messages",
        {
            OK: [
                turns(0, 0),
                turns(0, 0, "user"),
                *(turns(n, n, *after) for n in (1, 2) for after in ((), ("user",))),
            ],
            f"{INVALID} must be followed": [
                turns(1, 0),
                turns(1, 0, "user"),
                turns(2, 1),
                turns(2, 1, "user"),
            ],
            f"{INVALID} must be a response": [turns(0, 1)],
            f"{INVALID} not found in 'tool_calls'": [turns(1, 2)],
        },
    ),
    row(
        "vllm sglang llama.cpp ollama tgi",
        "messages",
        {OK: [turns(0, 1), turns(1, 0), turns(2, 1), turns(1, 2)]},
    ),
    # words: those that a server knows, and one that it does not
    row("openai vllm llama.cpp", "tool_choice", {OK: ["none", "auto", "required"]}, beside=OFFERED),
    row("openai", "tool_choice", {"400 invalid_value": ["any"]}, beside=OFFERED),
    row("mistral", "tool_choice", {OK: ["any", "auto"], IN_SHORT["mistral"]: ["some"]}, beside=OFFERED),
    row("vllm", "tool_choice", {BAD: ["any"]}, beside=OFFERED),
    row("sglang", "tool_choice", {OK: ["none", "auto", "required"], PYDANTIC: ["any"]}, beside=OFFERED),
    row("tgi", "tool_choice", {OK: ["none", "auto", "get_weather"], TOOL: ["any"]}, beside=OFFERED),
    row("llama.cpp", "tool_choice", {INVALID: ["any"]}, beside=OFFERED),
    row("llama.cpp", "tool_choice", {OK: ["none"], INVALID: ["auto"]}, beside={"tools": with_type("cat")}),
    row("ollama", "reasoning_effort", {OK: ["", "max"], INVALID: ["most"]}),
    row("groq", "reasoning_effort", {OK: ["default", "high"], INVALID: ["max"]}),
    row(
        "mistral",
        "messages",
        {OK: [parts("thinking"), parts("image_url")], IN_SHORT["mistral"]: [parts("video_url")]},
    ),
    row("openrouter", "messages", {OK: [parts("video_url")], "400": [parts("cat")]}),
    row(
        "llama.cpp",
        "messages",
        {OK: [parts("image_url")], f"{INVALID} unsupported content": [parts("video_url")]},
    ),
    row("tgi", "messages", {OK: [parts("image_url")], SERDE: [parts("video_url")]}),
    row("vllm", "messages", {OK: [parts("video_url")], BAD: [parts("cat")]}),
    row("ollama", "messages", {OK: [parts("input_audio")], INVALID: [parts("video_url")]}),
    row(
        "llama.cpp",
        "messages",
        {
            OK: [said("user", None), said("assistant", None), [{"role": "assistant"}]],
            f"{INVALID} must contain 'content'": [[{"role": "user"}]],
            f"{INVALID} string or an array": [said("user", 1)],
        },
    ),
    row("llama.cpp", "logprobs", {OK: [True, False]}, path=TEXT),
    # texts and embeddings
    row("openai azure together", "max_tokens", {OK: [0, 16], FEW: [-1], TOO_LONG: [17]}, path=TEXT, room=20),
    row(
        "vllm",
        "max_tokens",
        {
            OK: [1, 16],
            f"{BAD} at least 1": [0],
            f"{BAD} you requested": [17, 20],
            f"{BAD} cannot be greater": [21],
        },
        path=TEXT,
        room=20,
    ),
    row("sglang", "max_tokens", {OK: [0, 16], ENGINE: [-1], f"{BAD} Requested": [17]}, path=TEXT, room=20),
    row(
        "tgi",
        "max_tokens",
        {OK: [1, 16], f"{VALIDATION} positive": [0], VALIDATION: [17]},
        path=TEXT,
        room=20,
    ),
    row("openai", ROOM, {OK: [20], TOO_LONG: [19]}, path=TEXT),  # without a limit there are to be 16 tokens
    row("vllm", ROOM, {OK: [5], f"{BAD} your prompt contains 4": [4]}, path=TEXT),
    row("sglang", ROOM, {OK: [5], f"{BAD} is longer than": [4]}, path=TEXT),
    row("tgi", ROOM, {OK: [5], f"{VALIDATION} must have less than": [4]}, path=TEXT),
    row("llama.cpp", ROOM, {OK: [5], "400 exceed_context_size_error": [4]}, path=TEXT),
    row(
        "lorax", ROOM, {OK: [6], f"{VALIDATION} must have less than": [5]}, path=TEXT
    ),  # one token begins the text
    row("openai together", "logprobs", {OK: [0, 5], FEW: [-1], MANY: [6]}, path=TEXT),
    row("openai", "best_of", {OK: [1, 20], FEW: [0], MANY: [21]}, path=TEXT),
    row("openai", "best_of", {OK: [2], f"{INVALID} at least n": [1]}, path=TEXT, beside={"n": 2}),
    row("openai", "best_of", {OK: [1], f"{INVALID} stream": [2]}, path=TEXT, beside={"stream": True}),
    row("openai", "prompt", {OK: [["a"] * 2048, [1] * 2049, [0]], INVALID: [["a"] * 2049]}, path=TEXT),
    row("openai", "prompt", {OK: [""], EMPTY: [[]], "400 invalid_value": [[-1], [[]]]}, path=TEXT),
    row("vllm sglang", "prompt", {OK: ["a", ["a"]], BAD: ["", []]}, path=TEXT),
    row("openai", "dimensions", {OK: [1, 3072], FEW: [0], MANY: [3073]}, path=EMBEDDINGS),
    row(
        "openai",
        "input",
        {OK: [["a"] * 2048, [1] * 2049, [0]], LONG: [["a"] * 2049]},
        path=EMBEDDINGS,
        beside={"dimensions": 1},
    ),
    row("openai", "input", {EMPTY: [[]], INVALID: ["", [-1], [[]]]}, path=EMBEDDINGS),
    row("openai", ROOM, {OK: [4], INVALID: [3]}, path=EMBEDDINGS),
    row("vllm", "input", {OK: ["a", ["a"]], BAD: ["", [], [""], ["a", ""]]}, path=EMBEDDINGS),
    row("sglang", "input", {OK: ["a", ["a"]], BAD: ["", [], " ", ["a", " "]]}, path=EMBEDDINGS),
    row("llama.cpp", "input", {OK: ["a", ["a"]], f"{INVALID} empty": ["", []]}, path=EMBEDDINGS),
    row("ollama", "input", {OK: ["", ["a"]], INVALID: [[], None]}, path=EMBEDDINGS),
)


def told(answer: Answer) -> str:
    """The verdict of an answer."""
    if answer.status == 200:
        return OK
    try:
        body = json.loads(answer.body)
    except ValueError:
        return f"{answer.status} text"
    error = body["error"] if isinstance(body.get("error"), dict) else body
    codes = (error.get("error_type"), error.get("code"), error.get("type"))
    return f"{answer.status} {next((code for code in codes if isinstance(code, str)), '')}".strip()


def problems(row: Row, dialect: str) -> Iterator[str]:
    """The values whose verdict is another."""
    for verdict, values in row.verdicts.items():
        expected = IN_SHORT.get(dialect, verdict) if verdict in WITH_CODES else verdict
        for value in values:
            fake = Fake(context_length=value if row.member == ROOM else row.room)
            # LoRAX looks at nothing without a content type
            path, json_type = f"/dialect/{dialect}/v1/{row.path}", (("content-type", "application/json"),)
            answer = post(fake, row.body(value), path, json_type)
            seen, text = told(answer), answer.body.decode()
            if not (f"{expected} ".startswith(f"{seen} ") and expected.removeprefix(seen).strip() in text):
                yield f"{str(value)[:80]}: not {expected}, but {seen}: {text[:200]}"


CASES = [
    pytest.param(row, dialect, id=f"{dialect}-{row.path}-{row.member}")
    for row in ROWS
    for dialect in row.dialects.split()
]


@pytest.mark.parametrize(("row", "dialect"), CASES)
def test_boundary_is_where_the_rule_has_it(row: Row, dialect: str) -> None:
    assert [*problems(row, dialect)] == []


WRONG = (
    "n", "seed", "stream", "temperature", "top_p", "max_tokens", "logprobs", "top_logprobs", "user", "presence_penalty",
    "frequency_penalty",
)  # fmt: skip


@pytest.mark.parametrize("number", [1, 2, 10, 11])
def test_ten_of_pydantics_errors_are_told_and_the_others_counted(number: int) -> None:
    answer = post(Fake(), chat(**dict.fromkeys(WRONG[:number], ())), "/dialect/vllm/v1/chat/completions")
    first, *lines = json.loads(answer.body)["error"]["message"].split("\n  ")
    assert first == ("1 validation error:" if number == 1 else f"{number} validation errors:")
    assert len(lines) == number
    assert (lines[-1] == "...and 1 more errors") is (number == 11)


@pytest.mark.parametrize(("limit", "ending"), [(-1, "stop"), (0, "length"), (1, "length"), (1000, "stop")])
def test_llamacpps_limit_of_zero_is_one_token_and_a_negative_one_none(limit: int, ending: str) -> None:
    answer = post(Fake(), chat(max_tokens=limit), "/dialect/llama.cpp/v1/chat/completions")
    body = json.loads(answer.body)
    assert body["choices"][0]["finish_reason"] == ending
    assert (body["usage"]["completion_tokens"] == 1) is (ending == "length")
