"""Members that hosted services add to chat answers and chunks."""

from .deviation import RECORDED, Deviation
from .families import CHAT_EVENTS, CHAT_JSON
from .member import added, at_body, at_choice, at_message

__all__ = ["HOSTED_MEMBERS"]

_CALL = "$.choices[*].message.tool_calls[*]"

HOSTED_MEMBERS: tuple[Deviation, ...] = (
    added(
        "azure.filter-results",
        ("Azure",),
        "Azure's content filter says what it found, for the prompt and for each choice.",
        (*at_body("prompt_filter_results"), *at_choice("content_filter_results")),
        sources=(
            RECORDED,
            "https://learn.microsoft.com/en-us/azure/ai-services/openai/concepts/content-filter",
        ),
    ),
    added(
        "azure.filter-offsets",
        ("Azure",),
        "Azure's asynchronous filter says which part of the text its results are about.",
        at_choice("content_filter_offsets"),
        sources=("https://github.com/langchain-ai/langchain/issues/18977",),
    ),
    added(
        "openrouter.provider",
        ("OpenRouter",),
        "OpenRouter names the provider that answered.",
        at_body("provider"),
    ),
    added(
        "openrouter.native-finish",
        ("OpenRouter", "Avian"),
        "native_finish_reason is the reason in the model's own words.",
        at_choice("native_finish_reason"),
    ),
    added(
        "openrouter.error-in-chunk",
        ("OpenRouter",),
        "A chunk has an error beside its choices.",
        at_body("error"),
        kinds=CHAT_EVENTS,
    ),
    added(
        "groq.times",
        (
            "Groq",
            "Hugging Face router",
            "Pydantic AI Gateway",
        ),
        "Groq adds x_groq (its request's id) and usage_breakdown (what each model of a compound cost).",
        at_body("x_groq", "usage_breakdown"),
    ),
    added(
        "groq.tools-and-channel",
        ("Groq",),
        "Groq adds the tools that it ran itself, and the channel of gpt-oss models.",
        (*at_message("executed_tools"), "$.choices[*].delta.channel"),
    ),
    added(
        "cerebras.time-info",
        ("Cerebras", "Hugging Face router"),
        "Cerebras says how long it took.",
        at_body("time_info"),
    ),
    added(
        "perplexity.sources",
        ("Perplexity",),
        "Perplexity adds what it found on the web.",
        at_body("citations", "search_results"),
    ),
    added(
        "vercel.gateway",
        ("Vercel AI Gateway",),
        "The gateway adds generationId and provider_metadata.",
        (*at_body("generationId"), *at_message("provider_metadata")),
    ),
    added("zai.request-id", ("Z.ai",), "Z.ai adds the request's id.", at_body("request_id")),
    added(
        "together.prompt-and-seed",
        (
            "Hugging Face router",
            "Together",
        ),
        "Together, also behind the router, adds prompt and the seed; its chunks have text and token_id.",
        (*at_body("prompt"), *at_choice("seed", "text"), "$.choices[*].delta.token_id"),
    ),
    added(
        "litellm.stream-options",
        ("LiteLLM",),
        "LiteLLM repeats the request's stream_options in each chunk.",
        at_body("stream_options"),
        kinds=CHAT_EVENTS,
    ),
    added(
        "mistral.padding",
        ("Mistral",),
        "Mistral pads its chunks with p, against guessing at lengths.",
        at_body("p"),
        kinds=CHAT_EVENTS,
    ),
    added(
        "azure.latency",
        ("Azure",),
        "Azure adds latency_checkpoint to chunks and to usage.",
        (*at_body("latency_checkpoint"), "$.usage.latency_checkpoint"),
    ),
    added(
        "router.metrics",
        ("Hugging Face router",),
        "Providers behind the router add sla_metrics, or a name to each delta.",
        (*at_body("sla_metrics"), "$.choices[*].delta.name"),
    ),
    added(
        "writer.data",
        ("Writer",),
        "Writer adds a member for each of its own tools, and trace_details.",
        (
            *at_choice("trace_details"),
            *at_message("graph_data", "llm_data", "image_data", "translation_data", "web_search_data"),
        ),
    ),
    added(
        "gemini.extra-content",
        ("Gemini",),
        "Gemini adds extra_content and thought_signature, which it wants back with the next request.",
        (
            "$.choices[*].message.extra_content",
            "$.choices[*].message.thought_signature",
            "$.choices[*].delta.extra_content",
            "$.choices[*].delta.tool_calls[*].extra_content",
        ),
        breaks="Clients that drop it get 400 for the next round of a tool call.",
        sources=(
            RECORDED,
            "https://github.com/THU-MAIC/OpenMAIC/issues/1556",
            "https://github.com/open-webui/computer/issues/224",
        ),
    ),
    added(
        "snowflake.custom-beside-function",
        ("Snowflake",),
        "A call of a function has an empty custom call beside it.",
        (f"{_CALL}.custom",),
        kinds=CHAT_JSON,
    ),
    added(
        "openai.vision-details",
        ("OpenAI",),
        "gpt-4-vision-preview of 2023 sent finish_details.",
        at_choice("finish_details"),
        kinds=CHAT_JSON,
    ),
)
