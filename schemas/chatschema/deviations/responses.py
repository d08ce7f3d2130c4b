"""What Open Responses are known to have otherwise."""

from .deviation import RECORDED, Deviation
from .families import RESPONSE_EVENTS, RESPONSES

__all__ = ["RESPONSE_ANSWERS"]

_MISSING = ("error", "incomplete_details", "instructions", "metadata", "temperature", "top_p")
_MISSING_TOOLS = ("parallel_tool_calls", "tool_choice", "tools")


def _complete(*names: str) -> tuple[str, ...]:
    return tuple(f"responses.spec-complete {at}.{name}" for name in names for at in ("$", "$.response"))


RESPONSE_ANSWERS: tuple[Deviation, ...] = (
    Deviation(
        id="llama.cpp.event-members",
        vendors=("llama.cpp", "Portkey"),
        kinds=RESPONSE_EVENTS,
        signs=(
            "responses.sse.shape $.output_index",
            "responses.sse.shape $.content_index",
            "responses.sse.shape $.part.annotations",
        ),
        sentence="llama.cpp's events do not say which item and which part they are about.",
        breaks="OpenAI's SDKs put the pieces together by these numbers.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="llama.cpp.bare-created",
        vendors=("llama.cpp", "Portkey"),
        kinds=RESPONSE_EVENTS,
        signs=(
            "responses.sse.shape $.response.created_at",
            "responses.sse.shape $.response.model",
            "responses.sse.shape $.response.output",
        ),
        sentence="llama.cpp's first events have a response without a model, a time and an output.",
        breaks="OpenAI's SDKs start their snapshot from that response and append to its output.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="llama.cpp.arguments-not-whole",
        vendors=("llama.cpp", "Portkey"),
        kinds=RESPONSE_EVENTS,
        signs=("responses.sse.events $.item",),
        seen=r"^nothing",
        sentence="llama.cpp sends the arguments of a call in pieces and never as a whole.",
        breaks="Clients that wait for response.function_call_arguments.done never run the tool.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="openai.no-sequence",
        vendors=("OpenAI",),
        kinds=RESPONSE_EVENTS,
        signs=("responses.sequence-numbers $.sequence_number",),
        seen=r"^(nothing|1 )",
        sentence="OpenAI's events of early 2025 have no sequence_number; in the background, it may begin with 1.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="llama.cpp.no-sequence",
        vendors=("llama.cpp", "Portkey"),
        kinds=RESPONSE_EVENTS,
        signs=("responses.sequence-numbers $.sequence_number",),
        seen=r"^nothing",
        sentence="llama.cpp's events have no sequence_number.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="transformers.call-over-message",
        vendors=("transformers serve",),
        kinds=RESPONSE_EVENTS,
        signs=(
            "responses.sse.events $.output_index",
            "responses.sse.events $.item_id",
            "responses.sse.events $.type",
            "responses.sse.events $.item",
            "responses.sse.events $.item.id",
            "responses.sse.events $.item.type",
            "responses.sse.events $.item.call_id",
            "responses.sse.events $.item.name",
            "responses.sse.events $.response.output",
        ),
        sentence="Where transformers serve calls a tool, the call and a message have one output_index between them.",
        breaks="Clients put the pieces of two items into one.",
        sources=(
            RECORDED,
            "https://github.com/huggingface/transformers/tree/main/src/transformers/cli/serving",
        ),
    ),
    Deviation(
        id="responses.arguments-at-once",
        vendors=("transformers serve", "LM Studio"),
        kinds=RESPONSE_EVENTS,
        signs=("responses.sse.events $.arguments",),
        sentence="The arguments of a call come whole at its end, and not in pieces.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="responses.unnamed-events",
        vendors=("transformers serve", "OpenRouter"),
        kinds=RESPONSE_EVENTS,
        signs=("responses.sse.framing $",),
        seen=r'^""',
        sentence="Events have no line `event:`; their type stands in the data alone.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="responses.no-written-to-cache",
        vendors=(
            "OpenAI",
            "xAI",
            "Azure",
            "DeepSeek",
            "llama.cpp",
            "Portkey",
            "LM Studio",
            "OpenRouter",
            "Pydantic AI Gateway",
        ),
        kinds=RESPONSES,
        signs=_complete("usage.input_tokens_details.cache_write_tokens"),
        sentence="Token counts do not say how many were written to the cache (OpenAI: older models).",
        sources=(RECORDED,),
    ),
    Deviation(
        id="responses.no-name-of-function",
        vendors=(
            "OpenAI",
            "Azure",
            "xAI",
            "Amazon Bedrock",
            "LM Studio",
            "DeepSeek",
        ),
        kinds=RESPONSE_EVENTS,
        signs=("responses.spec-complete $.name",),
        sentence="The end of a call's arguments does not name the function, which the specification requires.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="responses.members-missing",
        vendors=("llama.cpp", "transformers serve", "Portkey", "vLLM", "xAI"),
        kinds=RESPONSES,
        signs=_complete(*_MISSING),
        sentence="A response leaves out members that the specification requires (vLLM: error alone).",
        sources=(RECORDED,),
    ),
    Deviation(
        id="llama.cpp.tools-missing",
        vendors=("llama.cpp", "Portkey"),
        kinds=RESPONSES,
        signs=_complete(*_MISSING_TOOLS, "usage.output_tokens_details"),
        sentence="llama.cpp's responses say nothing of tools, nor of how many tokens were reasoning.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="responses.no-logprobs",
        vendors=("OpenAI", "xAI", "llama.cpp", "Portkey"),
        kinds=RESPONSE_EVENTS,
        signs=("responses.spec-complete $.logprobs",),
        sentence="Events of a text have no logprobs (OpenAI: until 2025).",
        sources=(RECORDED,),
    ),
    Deviation(
        id="xai.same-item-id",
        vendors=("xAI",),
        kinds=RESPONSES,
        signs=("responses.json.items $.output[*].id",),
        sentence="Two items of one response of xAI's have the same id.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="xai.search-types",
        vendors=("xAI",),
        kinds=RESPONSES,
        signs=(
            "responses.unknown-type $.output[*].type",
            "responses.unknown-type $.tools[*].type",
        ),
        seen=r'^"x_search',
        sentence="xAI's own tool is called x_search, and its calls x_search_call, without a vendor's prefix.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="openai.keepalive",
        vendors=("OpenAI",),
        kinds=RESPONSE_EVENTS,
        signs=("responses.unknown-type $.type",),
        seen=r'^"keepalive"',
        sentence="OpenAI sends a keepalive event, which the specification does not have.",
        sources=(RECORDED,),
    ),
)
