"""Near misses of what LoRAX's native routes are asked: each is refused by the router, under any limits."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.bad_values import NOT_A_LIST, NOT_A_NUMBER, NOT_WHOLE, NULL
from chatproof.strategies.near.near_miss import Miss, NearMiss, catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.members import something, texts
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_REQUEST"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_REFUSED = "lorax.errors.validation"

_miss = partial(defect, Kind.LORAX_GENERATE_REQUEST)


def _ask(text: str) -> JsonValue:
    return {"inputs": something(text), "parameters": {}}


_PLAIN = st.builds(_ask, texts())


def _asked(path: str, parameters: JsonObject, **more: JsonValue) -> SearchStrategy[Miss]:
    """A request with these parameters, wrong at `path`."""

    def miss(text: str) -> Miss:
        data: JsonObject = {"inputs": something(text), "parameters": parameters, **more}
        return Miss(data=data, path=f"$.parameters.{path}")

    return st.builds(miss, texts())


def _out_of_range(name: str, *values: JsonValue, sentence: str) -> NearMiss:
    wrong = replaced(_PLAIN, "parameters", name, by=st.sampled_from(values))
    return _miss(f"{name}-out-of-range".replace("_", "-"), _VALUE, sentence, wrong)


def _of_type(name: str, wrong: SearchStrategy[JsonValue], sentence: str) -> NearMiss:
    misses = replaced(_PLAIN, "parameters", name, by=wrong)
    return _miss(f"{name}-of-another-type".replace("_", "-"), _TYPE, sentence, misses)


_NOT_A_FLAG: SearchStrategy[JsonValue] = st.sampled_from(("true", 0, 1, [], {}))
_MERGED: JsonObject = {"ids": ["a", "b"], "weights": [1, 1]}

NEAR_LORAX_REQUEST = catalogue(
    *rows(__file__, plain=_PLAIN),
    _of_type("do_sample", _NOT_A_FLAG | NULL, "do_sample is null."),
    _of_type("details", _NOT_A_FLAG | NULL, "details is null."),
    _of_type("decoder_input_details", _NOT_A_FLAG | NULL, "decoder_input_details is null."),
    _of_type("watermark", _NOT_A_FLAG | NULL, "watermark is null."),
    _of_type("ignore_eos_token", _NOT_A_FLAG | NULL, "ignore_eos_token is null."),
    _of_type("apply_chat_template", NULL, "apply_chat_template is null, although it is ignored."),
    _of_type("stop", NOT_A_LIST | NULL, "stop is null, or a text by itself."),
    _of_type("return_full_text", _NOT_A_FLAG, "return_full_text is text."),
    _of_type("temperature", NOT_A_NUMBER, "The temperature is text."),
    _of_type("max_new_tokens", NOT_A_NUMBER | NOT_WHOLE, "The limit is text, or has a fraction."),
    _of_type("seed", NOT_A_NUMBER | NOT_WHOLE, "The seed is text, or has a fraction."),
    _out_of_range("best_of", -1, -2, sentence="The number of sequences is below zero."),
    _out_of_range("temperature", -0.5, -1, sentence="The temperature is below zero."),
    _out_of_range("repetition_penalty", 0, -1.5, sentence="The penalty is not above zero."),
    _out_of_range("frequency_penalty", -2.5, 2.5, sentence="The penalty is out of -2 to 2."),
    _out_of_range("presence_penalty", -2.5, 3, sentence="The penalty is out of -2 to 2."),
    _out_of_range("top_k", 0, -1, 2**31, sentence="top_k is not above zero."),
    _out_of_range("top_p", 0, 1.5, -1, sentence="top_p is out of 0 to 1."),
    _out_of_range("typical_p", 0, 1, 1.5, sentence="typical_p is not between 0 and 1: 1 is refused as well."),
    _out_of_range("max_new_tokens", 0, -1, 2**32, sentence="The limit is not above zero."),
    _out_of_range("truncate", 0, -1, sentence="The prompt is truncated to nothing."),
    _out_of_range("return_k_alternatives", 0, -1, 2**31, sentence="No alternatives are asked for."),
    _out_of_range("seed", -1, 2**64, sentence="The seed is below zero, or above 64 bits."),
    _miss(
        "written-with-a-fraction",
        _REFUSED,
        "The limit is written as 20.0, which is an integer to JSON and none to the router.",
        _asked("max_new_tokens", {"max_new_tokens": 20.0}),
    ),
    _miss("best-of-greedy", _REFUSED, "Two sequences without sampling.", _asked("best_of", {"best_of": 2})),
    _miss(
        "best-of-greedy-by-null",
        _REFUSED,
        "Two sequences, and null where sampling would be.",
        _asked("best_of", {"best_of": 2, "temperature": None, "do_sample": False}),
    ),
    _miss(
        "best-of-with-seed",
        _REFUSED,
        "Two sequences of one seed.",
        _asked("seed", {"best_of": 2, "do_sample": True, "seed": 7}),
    ),
    _miss(
        "best-of-streamed",
        _REFUSED,
        "Two sequences in a stream.",
        _asked("best_of", {"best_of": 2, "temperature": 0.5}, stream=True),
    ),
    _miss(
        "best-of-zero-streamed",
        _REFUSED,
        "No sequence in a stream.",
        _asked("best_of", {"best_of": 0}, stream=True),
    ),
    _miss(
        "best-of-zero",
        _REFUSED,
        "No sequence, which the router takes for one.",
        _asked("best_of", {"best_of": 0}),
        Level.SHOULD,
    ),
    _miss(
        "prefill-streamed",
        _REFUSED,
        "The prompt's tokens in a stream.",
        _asked("decoder_input_details", {"decoder_input_details": True}, stream=True),
    ),
    _miss(
        "two-adapters",
        _REFUSED,
        "One adapter and several merged.",
        _asked("merged_adapters", {"adapter_id": "a", "merged_adapters": _MERGED}),
    ),
    _miss(
        "empty-adapter-and-merged",
        _REFUSED,
        "An empty name and several merged.",
        _asked("merged_adapters", {"adapter_id": "", "merged_adapters": _MERGED}),
    ),
    _miss(
        "no-merged-ids", _MISSING, "Nothing to merge.", _asked("merged_adapters.ids", {"merged_adapters": {}})
    ),
    _miss(
        "empty-merged-ids",
        _REFUSED,
        "Nothing to merge.",
        _asked("merged_adapters.ids", {"merged_adapters": {"ids": [], "weights": []}}),
    ),
    _miss(
        "no-weights",
        _REFUSED,
        "Adapters to merge without weights, for which there is no default.",
        _asked("merged_adapters.weights", {"merged_adapters": {"ids": ["a", "b"]}}),
    ),
    _miss(
        "weights-null",
        _TYPE,
        "The weights are null.",
        _asked("merged_adapters.weights", {"merged_adapters": {"ids": ["a"], "weights": None}}),
    ),
    _miss(
        "density-null",
        _TYPE,
        "The density is null.",
        _asked("merged_adapters.density", {"merged_adapters": {**_MERGED, "density": None}}),
    ),
    _miss(
        "unknown-merge-strategy",
        _REFUSED,
        "A merge strategy that ends the router.",
        _asked("merged_adapters.merge_strategy", {"merged_adapters": {**_MERGED, "merge_strategy": "dare"}}),
    ),
    _miss(
        "unknown-sign-method",
        _REFUSED,
        "A sign method that ends the router.",
        _asked(
            "merged_adapters.majority_sign_method",
            {"merged_adapters": {**_MERGED, "majority_sign_method": "sum"}},
        ),
    ),
    _miss(
        "unknown-source",
        "lorax.errors.unknown-adapter",
        "A source that there is not.",
        _asked("adapter_source", {"adapter_id": "a", "adapter_source": "github"}),
        Level.SHOULD,
    ),
    _miss(
        "format-without-type",
        _MISSING,
        "A format has no type.",
        _asked("response_format.type", {"response_format": {"schema": {}}}),
    ),
    _miss(
        "unknown-format",
        _VALUE,
        "A format of another name.",
        _asked("response_format.type", {"response_format": {"type": "regex", "schema": {}}}),
    ),
)
