"""Members that servers add to the token counts of chat answers."""

from .deviation import RECORDED, Deviation
from .member import added, at_usage
from .sources import SGLANG

__all__ = ["USAGE_MEMBERS"]

_PROMPT = "$.usage.prompt_tokens_details"
_COMPLETION = "$.usage.completion_tokens_details"

USAGE_MEMBERS: tuple[Deviation, ...] = (
    added(
        "usage.cost",
        ("OpenRouter", "Vercel AI Gateway", "Perplexity", "Avian"),
        "The gateway says what the answer cost, in money.",
        at_usage("cost", "cost_details", "is_byok", "market_cost", "server_tool_use_details"),
    ),
    added(
        "usage.modalities",
        (
            "OpenRouter",
            "Vercel AI Gateway",
            "Avian",
        ),
        "Tokens of videos, and of images in the answer, are counted apart.",
        (
            f"{_PROMPT}.video_tokens",
            f"{_COMPLETION}.image_tokens",
        ),
    ),
    added(
        "crusoe.multimodal-tokens",
        ("Crusoe",),
        "Crusoe counts the tokens of images and the like.",
        (f"{_PROMPT}.multimodal_tokens",),
    ),
    added(
        "groq.usage-times",
        (
            "Groq",
            "Hugging Face router",
            "Pydantic AI Gateway",
        ),
        "Groq says how long each step took.",
        at_usage("queue_time", "prompt_time", "completion_time", "total_time"),
    ),
    added(
        "deepseek.cache-counts",
        (
            "DeepSeek",
            "an unnamed local proxy",
        ),
        "DeepSeek counts what came from its cache and what did not.",
        at_usage("prompt_cache_hit_tokens", "prompt_cache_miss_tokens"),
        sources=(RECORDED, "https://api-docs.deepseek.com/guides/kv_cache"),
    ),
    added(
        "xai.sources-and-ticks",
        ("xAI", "Azure"),
        "xAI counts the sources that it read, and its price in ticks; so do Grok models on Azure.",
        at_usage("num_sources_used", "cost_in_usd_ticks"),
    ),
    added(
        "mistral.usage",
        ("Mistral",),
        "Mistral adds service_tier, num_cached_tokens and prompt_audio_seconds.",
        at_usage("service_tier", "num_cached_tokens", "prompt_audio_seconds"),
    ),
    added(
        "anthropic.cache-counts",
        (
            "Vercel AI Gateway",
            "Databricks",
        ),
        "Counts of Anthropic's cache keep their names.",
        at_usage("cache_read_input_tokens", "cache_creation_input_tokens"),
    ),
    added(
        "usage.cached-tokens",
        ("Together", "Hugging Face router", "Moonshot"),
        "cached_tokens stands in usage itself, not in its details.",
        at_usage("cached_tokens"),
    ),
    added(
        "sglang.reasoning-tokens",
        ("SGLang", "Azure"),
        "SGLang has reasoning_tokens in usage itself; so do DeepSeek models on Azure.",
        at_usage("reasoning_tokens"),
        sources=(RECORDED, SGLANG),
    ),
    added(
        "gpustack.speed",
        ("GPUStack",),
        "GPUStack says how fast it was, and how many drafted tokens were kept.",
        at_usage(
            "draft_tokens",
            "draft_tokens_acceptance",
            "prompt_tokens_per_second",
            "time_per_output_token_ms",
            "time_to_first_token_ms",
            "tokens_per_second",
        ),
    ),
    added(
        "perplexity.search-size",
        ("Perplexity",),
        "Perplexity says how much of the web it read.",
        at_usage("search_context_size"),
    ),
    added(
        "azure.audio-prompt",
        ("Azure",),
        "Azure adds audio_prompt_tokens.",
        at_usage("audio_prompt_tokens"),
    ),
    added(
        "writer.token-details",
        ("Writer",),
        "Writer's details are called prompt_token_details and completion_token_details.",
        at_usage("prompt_token_details", "completion_token_details"),
    ),
    added(
        "pydantic-ai.gateway",
        ("Pydantic AI Gateway",),
        "The gateway adds what it charged.",
        at_usage("pydantic_ai_gateway"),
    ),
)
