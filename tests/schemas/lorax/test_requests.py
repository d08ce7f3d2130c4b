"""What LoRAX takes and refuses: null where there is an option, the ends of each range, and what goes together."""

import pytest

from chatschema import JsonObject, JsonValue, Kind, Level, check

GENERATE, CHAT, TEXT = Kind.LORAX_GENERATE_REQUEST, Kind.LORAX_CHAT_REQUEST, Kind.LORAX_TEXT_REQUEST

#: The router's types: those that are `Option` there take null.
OPTIONS = {
    "adapter_id",
    "adapter_source",
    "merged_adapters",
    "api_token",
    "best_of",
    "temperature",
    "repetition_penalty",
    "frequency_penalty",
    "presence_penalty",
    "top_k",
    "top_p",
    "typical_p",
    "max_new_tokens",
    "return_full_text",
    "truncate",
    "return_k_alternatives",
    "seed",
    "response_format",
}
DEFAULTS = {
    "do_sample",
    "ignore_eos_token",
    "stop",
    "watermark",
    "details",
    "decoder_input_details",
    "apply_chat_template",
}
CHAT_OPTIONS = {
    "temperature",
    "top_p",
    "n",
    "max_tokens",
    "stream",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "user",
    "seed",
    "response_format",
    "tools",
    "tool_choice",
    "repetition_penalty",
    "top_k",
    "ignore_eos_token",
    "adapter_source",
    "api_token",
    "tool_prompt",
    "guideline",
}
TEXT_OPTIONS = (CHAT_OPTIONS | {"suffix", "logprobs", "echo", "best_of"}) - {
    "response_format",
    "tools",
    "tool_choice",
    "tool_prompt",
    "guideline",
}


def generate(**parameters: JsonValue) -> JsonObject:
    return {"inputs": "Who?", "parameters": parameters}


def chat(**members: JsonValue) -> JsonObject:
    return {"model": "", "messages": [{"role": "user", "content": "Who?"}], **members}


def text(**members: JsonValue) -> JsonObject:
    return {"model": "", "prompt": "Who?", **members}


def told(value: JsonObject, kind: Kind) -> list[tuple[str, str, Level]]:
    return [(item.rule, item.path, item.level) for item in check(value, kind).violations]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_parameter_that_is_an_option_may_be_null(name: str) -> None:
    assert told(generate(**{name: None}), GENERATE) == []


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_parameter_that_only_has_a_default_may_be_absent_and_not_null(name: str) -> None:
    assert told(generate(**{name: None}), GENERATE) == [("shape.type", f"$.parameters.{name}", Level.MUST)]


def test_all_parameters_are_known_and_others_are_extensions() -> None:
    names = OPTIONS | DEFAULTS
    assert check(generate(**dict.fromkeys(names)), GENERATE).extensions == ()
    ignored = ("top_n_tokens", "grammar", "stop_sequences", "n", "logprobs")
    judgement = check(generate(**dict.fromkeys(ignored)), GENERATE)
    assert judgement.extensions == tuple(f"$.parameters.{name}" for name in ignored)
    assert judgement.valid


@pytest.mark.parametrize("name", sorted(CHAT_OPTIONS))
def test_member_of_a_chat_may_be_null(name: str) -> None:
    assert told(chat(**{name: None}), CHAT) == []


@pytest.mark.parametrize("name", sorted(TEXT_OPTIONS))
def test_member_of_a_completion_may_be_null(name: str) -> None:
    assert told(text(**{name: None}), TEXT) == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"temperature": 0},
        {"top_p": 1},
        {"top_p": 1.0},
        {"typical_p": 0.999999},
        {"frequency_penalty": -2, "presence_penalty": 2},
        {"seed": 2**64 - 1},
        {"max_new_tokens": 2**32 - 1, "top_k": 2**31 - 1},
        {"best_of": 1},
        {"best_of": 2, "top_k": 1},
        {"best_of": 2, "do_sample": True, "seed": None},
        {"best_of": 10**6, "typical_p": 0.5},  # a limit of the server's is none of ours
        {"stop": ["a"] * 100},
        {"truncate": 10**9},
        {"merged_adapters": {"ids": ["a"], "weights": [1]}},
        {"merged_adapters": {"ids": ["a"], "weights": [1], "merge_strategy": "Dare_TIES"}},
        {"adapter_id": "a", "adapter_source": "PBASE"},
        {"adapter_source": "nowhere"},  # the base model comes from none
        {"response_format": {"type": "Text", "schema": 3}},
    ],
)
def test_ends_of_ranges_and_odd_parameters_are_taken(parameters: JsonObject) -> None:
    assert told(generate(**parameters), GENERATE) == []


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"best_of": 0}, "$.parameters.best_of"),
        ({"best_of": 2, "temperature": 1}, "$.parameters.best_of"),
        ({"decoder_input_details": True}, "$.parameters.decoder_input_details"),
    ],
)
def test_only_a_stream_refuses_these(members: JsonObject, path: str) -> None:
    assert check(generate(**members), GENERATE).valid
    assert told({**generate(**members), "stream": True}, GENERATE) == [
        ("lorax.errors.validation", path, Level.MUST)
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"n": 2},
        {"n": 2, "temperature": 0, "top_p": 0.5},
        {"n": 1, "stream": True},
        {"temperature": 0},
        {"tools": [], "tool_choice": "f"},  # without tools nobody looks
        {"tool_choice": "required"},
        {"tools": [], "response_format": {"type": "text"}},
        {"tools": None, "response_format": {"type": "json_object"}},
        {"response_format": {"type": "json_schema"}},
        {"messages": []},  # the chat template's business
        {"messages": [{"role": "", "content": None}]},
        {"stream_options": 3, "max_completion_tokens": -1, "logprobs": "x"},  # not read
        {"adapter_source": "nowhere"},  # no adapter is named
    ],
)
def test_odd_chat_is_taken(members: JsonObject) -> None:
    assert told(chat(**members), CHAT) == []


@pytest.mark.parametrize(
    "members",
    [
        {"n": -1},
        {"n": 7},
        {"best_of": 2, "temperature": 0},
        {"best_of": 2, "n": 1},
        {"logprobs": 5},
        {"stream": True, "logprobs": None},
    ],
)
def test_odd_completion_is_taken(members: JsonObject) -> None:
    assert told(text(**members), TEXT) == []


def test_several_breaches_are_all_told() -> None:
    found = told(
        {**generate(best_of=2, seed=1.0, decoder_input_details=True, top_p=0), "stream": True}, GENERATE
    )
    assert {path for _, path, _ in found} == {
        "$.parameters.best_of",
        "$.parameters.seed",
        "$.parameters.decoder_input_details",
        "$.parameters.top_p",
    }
