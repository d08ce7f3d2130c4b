"""What servers add to an answer and leave out of it, beyond the specification.

Each is a way of answering that was recorded, and none of them breaks a must: a program that reads chat completions
meets all of them. The names and the types are the servers'; the values are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatschema import JsonObject, JsonValue

__all__ = ["VENDORS", "Vendor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Members that one server adds at each place, and those of the specification that it leaves out."""

    name: str
    body: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    choice: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    message: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    usage: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    leaves_out: frozenset[str] = frozenset()  #: members that are absent where others have null, or `usage`

    def of(self, members: JsonObject, place: str) -> JsonObject:
        """`members` as this server has them at `place` (body, choice, message or usage)."""
        added: Mapping[str, JsonValue] = getattr(self, place)
        if not added and not self.leaves_out:
            return members
        left_out = {name for name in self.leaves_out if name == "usage" or members.get(name) is None}
        return {**added, **{name: item for name, item in members.items() if name not in left_out}}


_SAFE: JsonObject = {"hate": {"filtered": False, "severity": "safe"}}
_SECONDS: JsonObject = {"queue_time": 0.02, "prompt_time": 1e-3, "total_time": 0.3}

#: The specification's own members alone come first: that is what a failing test shrinks to.
VENDORS: tuple[Vendor, ...] = (
    Vendor(name="OpenAI", body={"service_tier": "default", "system_fingerprint": None}),
    Vendor(
        name="OpenAI, older", body={"system_fingerprint": "fp_50cad350e4"}, leaves_out=frozenset({"logprobs"})
    ),
    Vendor(
        name="Azure",
        body={"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _SAFE}]},
        choice={"content_filter_results": _SAFE},
    ),
    Vendor(
        name="vLLM",
        body={
            "service_tier": None,
            "system_fingerprint": None,
            "prompt_logprobs": None,
            "kv_transfer_params": None,
        },
        choice={"stop_reason": None, "token_ids": None},
        message={"annotations": None, "audio": None, "function_call": None, "reasoning": None},
    ),
    Vendor(
        name="llama.cpp",
        body={"timings": {"prompt_n": 12, "prompt_ms": 3.5, "cache_n": 0}},
        leaves_out=frozenset({"refusal", "logprobs"}),
    ),
    Vendor(name="Ollama", leaves_out=frozenset({"refusal", "logprobs", "usage"})),
    Vendor(
        name="OpenRouter",
        body={"provider": "Somebody"},
        choice={"native_finish_reason": "stop"},
        message={"reasoning": None},
        usage={"cost": 0.00014, "is_byok": False, "cost_details": {"upstream_inference_cost": None}},
    ),
    Vendor(
        name="Groq",
        body={"service_tier": "on_demand", "x_groq": {"id": "req_01"}},
        usage=_SECONDS,
        leaves_out=frozenset({"refusal"}),
    ),
    Vendor(
        name="DeepSeek",
        message={"reasoning_content": "Let me see."},
        usage={"prompt_cache_hit_tokens": 0, "prompt_cache_miss_tokens": 9},
        leaves_out=frozenset({"refusal"}),
    ),
    Vendor(name="Mistral", leaves_out=frozenset({"refusal", "logprobs"})),
    # names that mean something to Python, to JSON paths and to the libraries under a model
    Vendor(
        name="somebody new",
        body={"model_dump": 1, "__dict__": {"a.b": [None, True, 0.5]}, "": ""},
        choice={"<function>": [], "copy": {}},
        message={"model_fields": "x", "json": [[[]]]},
        usage={"$": -1, "ünïcode": "\u0000"},
    ),
)
