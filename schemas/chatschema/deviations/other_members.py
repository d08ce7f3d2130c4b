"""Members that servers add to errors and to lists of models."""

from .deviation import RECORDED, Deviation
from .families import ERRORS, MODEL_LISTS
from .member import added
from .sources import LORAX_LIB

__all__ = ["OTHER_MEMBERS"]

_LORAX = f"{LORAX_LIB}#L511"

OTHER_MEMBERS: tuple[Deviation, ...] = (
    added(
        "groq.failed-generation",
        ("Groq",),
        "Where a tool call went wrong, Groq's error has the text that the model wrote.",
        ("$.error.failed_generation",),
        kinds=ERRORS,
    ),
    added(
        "openrouter.error-metadata",
        ("OpenRouter",),
        "OpenRouter's errors say which provider failed and how, and whose request it was.",
        ("$.error.metadata", "$.user_id"),
        kinds=ERRORS,
    ),
    added(
        "azure.inner-error",
        ("Azure",),
        "Azure's errors have the status, details, and what the content filter found.",
        ("$.error.status", "$.error.details", "$.error.innererror"),
        kinds=ERRORS,
    ),
    added(
        "llama.cpp.prompt-size",
        ("llama.cpp",),
        "Where a prompt is too long, llama.cpp says how long it is and how much fits.",
        ("$.error.n_prompt_tokens", "$.error.n_ctx"),
        kinds=ERRORS,
    ),
    added(
        "portkey.provider",
        ("Portkey",),
        "Portkey names the provider beside the error.",
        ("$.provider",),
        kinds=ERRORS,
    ),
    added(
        "portkey.status-members",
        ("Portkey",),
        "What Portkey refuses itself has status and message, or message and ok.",
        ("$.status", "$.message", "$.ok"),
        kinds=ERRORS,
    ),
    added(
        "errors.detail-member",
        ("transformers serve", "llama-cpp-python", "vLLM", "Mistral"),
        "detail is the web framework's own error.",
        ("$.detail",),
        kinds=ERRORS,
    ),
    added("xai.code-beside-error", ("xAI",), "xAI has code beside error.", ("$.code",), kinds=ERRORS),
    added(
        "lorax.error-type",
        ("LoRAX",),
        "error_type stands beside error.",
        ("$.error_type",),
        kinds=ERRORS,
        sources=(_LORAX,),
    ),
    added(
        "list.owner",
        (
            "OpenAI",
            "vLLM",
            "llama-cpp-python",
        ),
        "Models have root, parent and permission (OpenAI: until 2023).",
        (
            "$.data[*].root",
            "$.data[*].parent",
            "$.data[*].permission",
            "$.data[*].permissions",
            "$.root",
            "$.parent",
            "$.permission",
        ),
        kinds=MODEL_LISTS,
    ),
    added(
        "list.window",
        (
            "Mistral",
            "vLLM",
        ),
        "Models say how much context they take.",
        ("$.data[*].max_model_len", "$.data[*].max_context_length"),
        kinds=MODEL_LISTS,
    ),
    added(
        "llama.cpp.meta",
        ("llama.cpp", "Portkey", "Hugging Face router"),
        "Models say what is inside them; llama.cpp lists them again under models.",
        (
            "$.models",
            "$.data[*].aliases",
            "$.data[*].tags",
            "$.data[*].meta",
            "$.data[*].architecture",
            "$.data[*].providers",
        ),
        kinds=MODEL_LISTS,
    ),
    added(
        "mistral.capabilities",
        ("Mistral",),
        "Mistral's models say what they can do and when they end.",
        (
            "$.data[*].capabilities",
            "$.data[*].name",
            "$.data[*].description",
            "$.data[*].aliases",
            "$.data[*].deprecation",
            "$.data[*].deprecation_replacement_model",
            "$.data[*].default_model_temperature",
            "$.data[*].type",
        ),
        kinds=MODEL_LISTS,
    ),
    added(
        "perplexity.pricing",
        ("Perplexity",),
        "Perplexity's models have a price.",
        ("$.data[*].pricing",),
        kinds=MODEL_LISTS,
        sources=(RECORDED,),
    ),
)
