"""Near misses of what LoRAX's `/v1/completions` answers. Some of them are right in an answer of OpenAI's."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.lorax_openai import lorax_completion_chunks, lorax_completions
from chatproof.strategies.near_miss import altered, at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NULL, one_more
from chatschema import Kind, Level

__all__ = ["NEAR_LORAX_TEXT"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_TEXT, _PIECE = lorax_completions(), lorax_completion_chunks()

_REASONS = st.sampled_from(("tool_calls", "stop_sequence", "eos_token", "", None))
_IDS = st.sampled_from(("chatcmpl-1", "", "cmpl-1", None))

_text = partial(defect, Kind.LORAX_TEXT)
_piece = partial(defect, Kind.LORAX_TEXT_CHUNK)

NEAR_LORAX_TEXT = catalogue(
    # a completion
    _text("openai-id", _VALUE, "The id is one.", replaced(_TEXT, "id", by=_IDS)),
    _text("created", _VALUE, "The time is not 0.", replaced(_TEXT, "created", by=st.just(1764000000))),
    _text(
        "model", _VALUE, "The model is named.", replaced(_TEXT, "model", by=st.sampled_from(("m", "", None)))
    ),
    _text("no-text", _MISSING, "The choice has no text.", without(_TEXT, "choices", 0, "text")),
    _text(
        "logprobs",
        _TYPE,
        "There are log probabilities.",
        replaced(_TEXT, "choices", 0, "logprobs", by=st.just({"tokens": []})),
    ),
    _text(
        "no-logprobs",
        _MISSING,
        "Log probabilities are left out, not null.",
        without(_TEXT, "choices", 0, "logprobs"),
    ),
    _text("no-choices", _VALUE, "There is no choice.", replaced(_TEXT, "choices", by=st.just([]))),
    _text(
        "wrong-finish-reason",
        _VALUE,
        "The reason is one that is never sent.",
        replaced(_TEXT, "choices", 0, "finish_reason", by=_REASONS),
    ),
    _text(
        "total-off-by-one",
        "completions.usage",
        "The total is not the sum.",
        altered(_TEXT, "usage", "total_tokens", by=one_more),
    ),
    # its chunks
    _piece("no-usage", _MISSING, "The chunk has no usage, not even zeros.", without(_PIECE, "usage")),
    _piece(
        "usage-null",
        _TYPE,
        "The usage is null until the end, as OpenAI has it.",
        replaced(_PIECE, "usage", by=NULL),
    ),
    _piece(
        "early-usage",
        "lorax.stream.last-event",
        "Counts come before the end.",
        at(
            replaced(
                _PIECE, "usage", by=st.just({"prompt_tokens": 1, "total_tokens": 2, "completion_tokens": 1})
            ),
            "usage",
            "total_tokens",
        ),
        Level.SHOULD,
    ),
    _piece(
        "no-finish-reason",
        _MISSING,
        "The reason is left out until the end.",
        without(_PIECE, "choices", 0, "finish_reason"),
    ),
    _piece(
        "end-shown",
        "lorax.stream.shape",
        "The end of the sequence is shown, as before 0.9.",
        at(
            replaced(
                _PIECE,
                "choices",
                0,
                by=st.just({"index": 0, "text": "</s>", "logprobs": None, "finish_reason": "stop"}),
            ),
            "choices",
            0,
            "text",
        ),
        Level.SHOULD,
    ),
)
