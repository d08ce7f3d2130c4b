"""Members that many servers, and those that one runs oneself, add to chat answers and chunks."""

from .deviation import RECORDED, Deviation
from .families import CHAT_JSON
from .member import added, at_body, at_choice, at_message
from .sources import LORAX_LIB, SGLANG

__all__ = ["CHAT_MEMBERS"]

_CALL = "$.choices[*].message.tool_calls[*]"
_LORAX = f"{LORAX_LIB}#L954"

CHAT_MEMBERS: tuple[Deviation, ...] = (
    added(
        "reasoning.text",
        (
            "OpenRouter",
            "Ollama",
            "vLLM",
            "Groq",
            "Vercel AI Gateway",
            "Cerebras",
            "Hugging Face router",
            "Crusoe",
        ),
        "The model's thinking stands in reasoning.",
        at_message("reasoning"),
    ),
    added(
        "reasoning.content",
        (
            "Z.ai",
            "DeepSeek",
            "xAI",
            "GPUStack",
            "Avian",
            "llama.cpp",
            "Azure",
            "Moonshot",
            "Alibaba",
            "Hugging Face router",
            "SGLang",
        ),
        "The model's thinking stands in reasoning_content (on Azure: DeepSeek models).",
        at_message("reasoning_content"),
        sources=(RECORDED, "https://api-docs.deepseek.com/guides/reasoning_model", SGLANG),
    ),
    added(
        "reasoning.details",
        ("OpenRouter", "Vercel AI Gateway", "Avian", "Snowflake"),
        "reasoning_details has the thinking in typed parts, with what has to be sent back.",
        at_message("reasoning_details"),
    ),
    added(
        "llama.cpp.timings", ("llama.cpp", "Portkey"), "llama.cpp says how long it took.", at_body("timings")
    ),
    added(
        "vllm.body",
        (
            "vLLM",
            "Crusoe",
            "Hugging Face router",
        ),
        "vLLM adds members about the prompt, the KV cache and metrics, mostly null.",
        at_body(
            "prompt_logprobs",
            "prompt_token_ids",
            "prompt_text",
            "kv_transfer_params",
            "ec_transfer_params",
            "metrics",
        ),
    ),
    added(
        "vllm.choice",
        (
            "vLLM",
            "Crusoe",
            "Hugging Face router",
        ),
        "vLLM adds stop_reason (what it stopped at), token_ids and routed_experts.",
        at_choice("stop_reason", "token_ids", "routed_experts"),
        sources=(RECORDED, "https://github.com/vllm-project/vllm/pull/2976"),
    ),
    added(
        "sglang.choice",
        ("SGLang", "Azure"),
        "SGLang adds matched_stop (what it stopped at); so do DeepSeek models on Azure.",
        at_choice("matched_stop"),
        sources=(RECORDED, "https://github.com/sgl-project/sglang/pull/1684"),
    ),
    added(
        "sglang.body",
        ("SGLang",),
        "SGLang adds sglext, where it was asked for more.",
        at_body("sglext"),
        kinds=CHAT_JSON,
        sources=(SGLANG,),
    ),
    added(
        "tools.index-in-message",
        (
            "Mistral",
            "OpenRouter",
            "Ollama",
            "DeepSeek",
            "Azure",
            "Z.ai",
            "Hugging Face router",
            "Writer",
            "Together",
            "Alibaba",
        ),
        "Calls in a JSON answer have an index, as fragments have.",
        (f"{_CALL}.index",),
        kinds=CHAT_JSON,
    ),
    added(
        "tools.description",
        ("TGI", "LoRAX"),
        "A call's function has a description, always null.",
        (f"{_CALL}.function.description",),
        kinds=CHAT_JSON,
        sources=(RECORDED, _LORAX),
    ),
    added(
        "tgi.name-and-usage",
        ("TGI",),
        "Snapshots of TGI's own client have name in a message and usage in a choice.",
        ("$.choices[*].message.name", "$.choices[*].usage"),
        kinds=CHAT_JSON,
    ),
    added(
        "llama.cpp.token-id",
        ("llama.cpp", "Portkey"),
        "llama.cpp's log probabilities have the token's number.",
        ("$.choices[*].logprobs.content[*].id", "$.choices[*].logprobs.content[*].top_logprobs[*].id"),
    ),
)
