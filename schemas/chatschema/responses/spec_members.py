"""Members that the specification requires and clients live without."""

from collections.abc import Mapping

__all__ = ["EVENTS", "ITEMS", "NOT_NULL", "RESPONSE", "USAGE"]

#: Of a response. OpenAI's answers have all of them; llama.cpp's have the status alone, vLLM's lack `error`.
RESPONSE = (
    "status",
    "error",
    "incomplete_details",
    "instructions",
    "metadata",
    "parallel_tool_calls",
    "temperature",
    "tool_choice",
    "tools",
    "top_p",
)
#: Those of them that the specification does not let be null.
NOT_NULL = frozenset({"status", "parallel_tool_calls", "tool_choice", "tools"})

#: Of its usage: the details, and what they tell apart.
USAGE: Mapping[str, tuple[str, ...]] = {
    "input_tokens_details": ("cached_tokens", "cache_write_tokens"),
    "output_tokens_details": ("reasoning_tokens",),
}

#: Of an item that is at its end, by its type, beyond what its shape asks for.
ITEMS: Mapping[str, tuple[str, ...]] = {
    "message": ("status",),
    "function_call": ("status",),
    "function_call_output": ("status",),
    "custom_tool_call_output": ("status",),
    "tool_search_call": ("call_id", "execution", "arguments", "status"),
    "tool_search_output": ("call_id", "execution", "status"),
    "program": ("fingerprint",),
    "program_output": ("status",),
    "file_search_call": ("status", "queries"),
    "web_search_call": ("status", "action"),
    "code_interpreter_call": ("status", "container_id", "code", "outputs"),
    "image_generation_call": ("status", "result"),
    "computer_call": ("pending_safety_checks", "status"),
    "computer_call_output": ("status",),
    "local_shell_call": ("status",),
    "shell_call": ("status", "environment"),
    "shell_call_output": ("status", "max_output_length"),
    "apply_patch_call": ("status",),
    "apply_patch_call_output": ("status",),
}

#: Of an event, by its type. OpenAI's own lack `name` in 154 of 154, and `logprobs` in 869 of 7,842.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "response.output_text.delta": ("logprobs",),
    "response.output_text.done": ("logprobs",),
    "response.function_call_arguments.done": ("name",),
}
