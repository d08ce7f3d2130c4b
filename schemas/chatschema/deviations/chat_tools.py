"""What calls of tools are known to look like otherwise."""

from .deviation import RECORDED, Deviation
from .families import CHAT, CHAT_EVENTS, CHAT_JSON
from .sources import LORAX_LIB, SGLANG

__all__ = ["CHAT_TOOLS"]

_CALL = "$.choices[*].message.tool_calls[*]"
_FRAGMENT = "$.choices[*].delta.tool_calls[*]"

CHAT_TOOLS: tuple[Deviation, ...] = (
    Deviation(
        id="mistral.call-without-type",
        vendors=("Mistral",),
        kinds=CHAT,
        signs=(f"shape.missing {_CALL}.type", f"chat.tools.sse-fragments {_FRAGMENT}.type"),
        sentence="Mistral's tool calls have no type.",
        breaks="Typed clients refuse the answer; the llm crate of Rust did.",
        sources=(RECORDED, "https://github.com/graniet/llm/issues/67"),
    ),
    Deviation(
        id="tools.fragment-without-index",
        vendors=("Mistral", "Gemini", "Ollama"),
        kinds=CHAT_EVENTS,
        signs=(f"chat.tools.sse-fragments {_FRAGMENT}.index",),
        sentence="Fragments of a tool call have no index (Ollama until 0.4.7).",
        breaks="OpenAI's Python SDK raises a TypeError in its stream helper, the AI SDK refuses the chunk, others lose "
        "the arguments.",
        sources=(
            RECORDED,
            "https://github.com/openai/openai-python/issues/2806",
            "https://github.com/THU-MAIC/OpenMAIC/issues/1556",
            "https://github.com/AstrBotDevs/AstrBot/issues/6661",
            "https://github.com/ollama/ollama/issues/7881",
        ),
    ),
    Deviation(
        id="tools.one-index-for-all",
        vendors=("Ollama", "LiteLLM"),
        kinds=CHAT_EVENTS,
        signs=(f"chat.tools.sse-fragments {_FRAGMENT}.id",),
        seen=r'^"[^"]',
        sentence="Parallel calls all have index 0, so that a later fragment changes the call's id.",
        breaks="Clients join the arguments of two calls into one text that is no JSON.",
        sources=(
            "https://github.com/ollama/ollama/issues/15457",
            "https://github.com/BerriAI/litellm/issues/33678",
            "https://github.com/vercel/ai/pull/14277",
        ),
    ),
    Deviation(
        id="gemini.empty-call-id",
        vendors=("Gemini",),
        kinds=CHAT,
        signs=(f"shape.value {_CALL}.id", f"chat.tools.sse-fragments {_FRAGMENT}.id"),
        seen=r'^""',
        sentence="Gemini's tool calls had the empty string for an id.",
        breaks="A result cannot name its call, and two calls in one answer are the same.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="openrouter.no-arguments",
        vendors=("OpenRouter",),
        kinds=CHAT_JSON,
        signs=(f"shape.missing {_CALL}.function.arguments",),
        sentence="A call without arguments came through OpenRouter without the member.",
        breaks="Clients that parse the text of the arguments fail.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="snowflake.empty-members",
        vendors=("Snowflake",),
        kinds=CHAT_JSON,
        signs=(
            "shape.value $.choices[*].message.function_call.name",
            "shape.value $.choices[*].message.audio.id",
        ),
        seen=r'^""',
        sentence="Snowflake's messages have a function_call with an empty name and an empty audio, and mean neither.",
        breaks="Clients that still know function_call take every answer for a call.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="vllm.finish-without-call",
        vendors=("vLLM",),
        kinds=CHAT,
        signs=(
            "chat.tools.finish-reason $.choices[*].finish_reason",
            "chat.tools.finish-reason $",
        ),
        sentence="Under tool_choice required, finish_reason may be tool_calls although no call was parsed.",
        breaks="An agent takes the branch for tools and finds nothing to run.",
        sources=("https://github.com/vllm-project/vllm/issues/53255",),
    ),
    Deviation(
        id="tools.null-without-call",
        vendors=(
            "Mistral",
            "TGI",
            "Snowflake",
            "Writer",
            "LiteLLM",
            "llama-cpp-python",
            "Azure",
            "an unnamed local proxy",
            "SGLang",
        ),
        kinds=CHAT,
        signs=(
            "chat.tools.absent-is-absent $.choices[*].message.tool_calls",
            "chat.tools.absent-is-absent $.choices[*].delta.tool_calls",
        ),
        seen=r"^null",
        sentence="Without a call, tool_calls is null (on Azure: DeepSeek models).",
        sources=(RECORDED, SGLANG),
    ),
    Deviation(
        id="tools.empty-without-call",
        vendors=(
            "Hugging Face router",
            "Together",
            "vLLM",
            "Writer",
        ),
        kinds=CHAT,
        signs=(
            "chat.tools.absent-is-absent $.choices[*].message.tool_calls",
            "chat.tools.absent-is-absent $.choices[*].delta.tool_calls",
        ),
        seen=r"^\[\]",
        sentence="Without a call, tool_calls is an empty list (vLLM until 2026).",
        breaks="Loops that run while tool_calls is not None fail on its first item; AutoGen sent the list back and "
        "was refused.",
        sources=(
            RECORDED,
            "https://github.com/vllm-project/vllm/issues/44104",
            "https://github.com/microsoft/autogen/issues/3120",
        ),
    ),
    Deviation(
        id="groq.no-content-beside-calls",
        vendors=(
            "Groq",
            "Cerebras",
            "Hugging Face router",
            "Gemini",
            "Mistral",
            "LoRAX",
        ),
        kinds=CHAT_JSON,
        signs=("chat.tools.content-null $.choices[*].message.content",),
        sentence="Beside tool calls the member content is missing, not null.",
        sources=(
            RECORDED,
            f"{LORAX_LIB}#L1050",
        ),
    ),
)
