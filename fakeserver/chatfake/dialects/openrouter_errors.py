"""OpenRouter's errors: a message, the status as a number, and who asked."""

from chatfake.dialects.marks import MIXED, letters
from chatfake.dialects.told import Told, context_tokens, is_unknown_url, is_wrong_method, quoted_model
from chatfake.jsontext import JsonObject, digest
from chatfake.refusal import NO_MODEL, Refusal

__all__ = ["openrouter_error"]


def _words(refusal: Refusal) -> str:
    if refusal.code == "model_not_found":
        return f"{quoted_model(refusal)} is not a valid model ID"
    if refusal is NO_MODEL:
        return "No models provided"
    if refusal.code == "missing_required_parameter" and refusal.param == "messages":
        return 'Input required: specify "prompt" or "messages"'
    if refusal.code == "context_length_exceeded":
        limit, prompt, said = context_tokens(refusal)
        parts = f"{prompt} of text input" + (f", {said} in the output" if said else "")
        return (
            f"This endpoint's maximum context length is {limit} tokens. However, you requested about {prompt + said} "
            f"tokens ({parts}). Please reduce the length of either one, or use the context-compression plugin to "
            "compress your prompt automatically."
        )
    return refusal.message


def openrouter_error(refusal: Refusal) -> Told:
    """A message, the status as a number, and who asked."""
    if is_unknown_url(refusal) or is_wrong_method(refusal):
        return Told(
            status=refusal.status, payload={"error": {"message": "Not Found", "code": refusal.status}}
        )
    status = 400 if refusal.code == "model_not_found" else refusal.status
    error: JsonObject = {"message": _words(refusal), "code": status}
    return Told(
        status=status, payload={"error": error, "user_id": "user_" + letters(digest("chatfake"), MIXED, 27)}
    )
