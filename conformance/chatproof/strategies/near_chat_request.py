"""Near misses of requests for a chat: the body, and how to sample and to send."""

import json
from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import Miss, added, catalogue, defect, replaced, without
from chatproof.strategies.near_option import option, with_members
from chatproof.strategies.requests import chat_requests, plain_chat_requests
from chatproof.strategies.wrong import NOT_A_NUMBER, NOT_AN_OBJECT, NOT_TEXT, NOT_WHOLE, NULL
from chatschema import Kind, Level

__all__ = ["NEAR_CHAT_REQUEST"]

_ANY, _PLAIN = chat_requests(), plain_chat_requests()
_MISSING, _TYPE, _VALUE, _BODY = "shape.missing", "shape.type", "shape.value", "shape.json"
_RULE = "chat.request."
_NO_FLAG = given("yes", "true", 1, 0, [], {})

_miss = partial(defect, Kind.CHAT_REQUEST)

NEAR_CHAT_REQUEST = catalogue(
    # the body
    _miss(
        "cut-off",
        _BODY,
        "The body ends early.",
        _PLAIN.map(lambda request: Miss(data=json.dumps(request)[:-1].encode(), path="$")),
    ),
    _miss("empty-body", _BODY, "There is no body.", st.just(Miss(data=b"", path="$"))),
    _miss(
        "in-a-list",
        _TYPE,
        "The body is a list with the request in it.",
        _PLAIN.map(lambda request: Miss(data=[request], path="$")),
    ),
    _miss("no-model", _MISSING, "The request names no model.", without(_PLAIN, "model")),
    _miss("empty-model", _VALUE, "The model's name is empty.", replaced(_PLAIN, "model", by=st.just(""))),
    _miss("model-no-text", _TYPE, "The model is a number.", replaced(_PLAIN, "model", by=NOT_TEXT | NULL)),
    _miss("no-messages", _MISSING, "The request has no messages.", without(_PLAIN, "messages")),
    _miss("messages-empty", _VALUE, "No message is there.", replaced(_PLAIN, "messages", by=st.just([]))),
    _miss(
        "messages-as-text",
        _TYPE,
        "The messages are a text.",
        replaced(_PLAIN, "messages", by=given("hi", 3, None, {"role": "user", "content": "hi"})),
    ),
    _miss(
        "message-as-text", _TYPE, "A message is its text.", replaced(_PLAIN, "messages", 0, by=NOT_AN_OBJECT)
    ),
    _miss(
        "unknown-member",
        f"{_RULE}unknown",
        "OpenAI does not know a member, though others may.",
        added(_ANY, "banana", by=given(1, None, "x")),
        Level.SHOULD,
    ),
    # how to sample
    _miss(*option("temperature-as-text", _TYPE, "The temperature is text.", "temperature", NOT_A_NUMBER)),
    _miss(
        *option("too-hot", _VALUE, "The temperature is not within 0 and 2.", "temperature", given(2.5, 5, -1))
    ),
    _miss(
        *option("top-p-out-of-range", _VALUE, "top_p is not within 0 and 1.", "top_p", given(2, 1.01, -0.1))
    ),
    _miss(*option("n-out-of-range", _VALUE, "n is not within 1 and 128.", "n", given(0, -1, 129))),
    _miss(*option("n-not-whole", _TYPE, "n has a fraction.", "n", NOT_WHOLE)),
    _miss(*option("seed-not-whole", _TYPE, "The seed has a fraction.", "seed", NOT_WHOLE)),
    _miss(*option("no-tokens", _VALUE, "The limit is below 1.", "max_tokens", given(0, -1))),
    _miss(
        *option(
            "no-completion-tokens", _VALUE, "The limit is below 1.", "max_completion_tokens", given(0, -9)
        )
    ),
    _miss(
        *option(
            "presence-out-of-range",
            _VALUE,
            "The penalty is not within -2 and 2.",
            "presence_penalty",
            given(2.5, -3),
        )
    ),
    _miss(
        *option(
            "frequency-out-of-range",
            _VALUE,
            "The penalty is not within -2 and 2.",
            "frequency_penalty",
            given(2.5, -3),
        )
    ),
    _miss(
        *option(
            "bias-out-of-range",
            _VALUE,
            "A bias is not within -100 and 100.",
            "logit_bias",
            given({"1": 101}, {"1": -100.5}),
            "1",
        )
    ),
    _miss(
        *option(
            "bias-of-a-word",
            f"{_RULE}logit-bias",
            "A bias is given to a word.",
            "logit_bias",
            given({"cat": 1}),
            "cat",
        )
    ),
    _miss(
        *option(
            "five-stops", _VALUE, "There are more than four stops.", "stop", given(["a", "b", "c", "d", "e"])
        )
    ),
    _miss(*option("stop-no-text", _TYPE, "A stop is a number.", "stop", given([1], [None]), 0)),
    # how to send
    _miss(*option("stream-as-text", _TYPE, "`stream` is text or a number.", "stream", _NO_FLAG)),
    _miss(
        "options-without-stream",
        f"{_RULE}stream-options",
        "There are stream_options, and no stream.",
        with_members({"stream": False, "stream_options": {"include_usage": True}}, "stream_options"),
    ),
    _miss(
        "include-usage-as-text",
        _TYPE,
        "`include_usage` is text.",
        with_members(
            {"stream": True, "stream_options": {"include_usage": "yes"}}, "stream_options", "include_usage"
        ),
    ),
    _miss(
        *option(
            "logprobs-as-number",
            _TYPE,
            "`logprobs` is a number, as for a completion.",
            "logprobs",
            given(2, 0, "yes"),
        )
    ),
    _miss(
        "rivals-without-logprobs",
        f"{_RULE}top-logprobs",
        "top_logprobs are asked for, and logprobs are not.",
        with_members({"top_logprobs": 2}, "top_logprobs"),
    ),
    _miss(
        "too-many-rivals",
        _VALUE,
        "There are more than 20 top_logprobs.",
        with_members({"logprobs": True, "top_logprobs": 50}, "top_logprobs"),
    ),
    _miss(
        "two-limits",
        f"{_RULE}limits",
        "The limit stands there under both of its names.",
        with_members({"max_tokens": 3, "max_completion_tokens": 3}, "max_tokens"),
    ),
)
