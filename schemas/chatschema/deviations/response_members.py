"""Members that servers add to Open Responses, to completions of a text, and to embeddings."""

from .deviation import Deviation
from .families import EMBEDDINGS, RESPONSES, TEXTS
from .member import added, at_body, at_choice
from .sources import LORAX_LIB

__all__ = ["RESPONSE_MEMBERS"]


def _response(*names: str) -> tuple[str, ...]:
    """In a response, and in one that an event carries."""
    return tuple(f"{at}.{name}" for name in names for at in ("$", "$.response"))


RESPONSE_MEMBERS: tuple[Deviation, ...] = (
    added(
        "azure.response-filters",
        ("Azure", "DeepSeek"),
        "A response says what the content filter found (DeepSeek: an empty list).",
        _response("content_filters"),
        kinds=RESPONSES,
    ),
    added(
        "xai.response-usage",
        ("xAI",),
        "xAI counts sources, tools on its side, its price in ticks, and what filled the context.",
        _response(
            "usage.num_sources_used",
            "usage.num_server_side_tools_used",
            "usage.cost_in_usd_ticks",
            "usage.context_details",
        ),
        kinds=RESPONSES,
    ),
    added(
        "xai.tool-usage",
        ("xAI",),
        "xAI counts the calls of each tool on its side.",
        _response("usage.server_side_tool_usage_details"),
        kinds=RESPONSES,
    ),
    added(
        "openrouter.response-cost",
        ("OpenRouter",),
        "OpenRouter says what a response cost, and its text at the top.",
        (
            "$.response.usage.cost",
            "$.response.usage.cost_details",
            "$.response.usage.is_byok",
            "$.response.output_text",
        ),
        kinds=RESPONSES,
    ),
    added(
        "vllm.response-messages",
        ("vLLM",),
        "vLLM adds the messages as the model saw them, and counts by turn.",
        _response(
            "input_messages",
            "output_messages",
            "usage.input_tokens_details.input_tokens_per_turn",
            "usage.input_tokens_details.cached_tokens_per_turn",
            "usage.output_tokens_details.output_tokens_per_turn",
            "usage.output_tokens_details.tool_output_tokens",
            "usage.output_tokens_details.tool_output_tokens_per_turn",
        ),
        kinds=RESPONSES,
    ),
    added(
        "vllm.response-body",
        ("vLLM",),
        "vLLM adds the state of the KV cache, and async to tools and calls.",
        (
            *_response("kv_transfer_params", "ec_transfer_params"),
            *_response("tools[*].async", "output[*].async"),
            "$.item.async",
        ),
        kinds=RESPONSES,
    ),
    added(
        "transformers.annotations-of-item",
        ("transformers serve",),
        "transformers serve has annotations in the item beside its content.",
        ("$.response.output[*].annotations", "$.item.annotations"),
        kinds=RESPONSES,
    ),
    added(
        "openai.access-programs",
        ("OpenAI",),
        "OpenAI adds access_programs for newer models.",
        ("$.access_programs",),
        kinds=RESPONSES,
    ),
    added(
        "vllm.completion-choice",
        ("vLLM",),
        "vLLM adds what it stopped at and, on request, the tokens of prompt and text.",
        at_choice("stop_reason", "token_ids", "prompt_token_ids", "prompt_logprobs", "routed_experts"),
        kinds=TEXTS,
    ),
    added(
        "vllm.completion-body",
        ("vLLM",),
        "vLLM adds service_tier, metrics and the state of the KV cache.",
        at_body("service_tier", "kv_transfer_params", "ec_transfer_params", "metrics"),
        kinds=TEXTS,
    ),
    added(
        "llama.cpp.completion",
        ("llama.cpp", "Portkey"),
        "llama.cpp says how long it took, and has the log probabilities of a chat.",
        (*at_body("timings"), "$.choices[*].logprobs.content"),
        kinds=TEXTS,
    ),
    added(
        "embeddings.head",
        ("vLLM", "Mistral"),
        "Embeddings have an id (vLLM: created too), and counts of completion tokens.",
        (
            "$.id",
            "$.created",
            "$.usage.completion_tokens",
            "$.usage.prompt_tokens_details",
            "$.usage.completion_tokens_details",
        ),
        kinds=EMBEDDINGS,
    ),
    added(
        "mistral.request-count",
        ("Mistral",),
        "Mistral counts requests.",
        ("$.usage.request_count", "$.usage.prompt_token_details"),
        kinds=EMBEDDINGS,
    ),
    added(
        "llama.cpp.encoding-format",
        ("llama.cpp",),
        "A vector in base64 says so.",
        ("$.data[*].encoding_format",),
        kinds=EMBEDDINGS,
    ),
    added(
        "lorax.embeddings-member",
        ("LoRAX",),
        "LoRAX's vectors stand in embeddings.",
        ("$.embeddings",),
        kinds=EMBEDDINGS,
        sources=(f"{LORAX_LIB}#L1202",),
    ),
)
