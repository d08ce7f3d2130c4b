"""What `/v1/responses` of OpenAI says where it has words of its own."""

from collections.abc import Sequence
from dataclasses import replace

from chatfake.core.api_error import ApiError, ContextExceededError, UnknownModelError, shown

_REFERENCE = "https://platform.openai.com/docs/api-reference/responses/create"

#: As the server writes it, quotes and all.
MUST_ASK = ApiError(
    message="One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
    code="missing_required_parameter",
)
#: The server shortens the longer name.
ONE_PAST = ApiError(
    message="Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
    code="mutually_exclusive_parameters",
)


def null(path: str) -> ApiError:
    """Null in one of the two members where it is not as absent; the server takes it for an object."""
    words = f"Invalid type for '{path}': expected a string, but got an object instead."
    return _error(words, path, "invalid_type")


def unknown(path: str, near: Sequence[str] = ()) -> ApiError:
    """A member that the API does not have, and one that it has and that is written much like it."""
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return _error(f"Unknown parameter: '{shown(path)}'.{hint}", shown(path), "unknown_parameter")


def moved(name: str, to: str) -> ApiError:
    """A member of chat completions that has another name here."""
    words = (
        f"Unsupported parameter: '{name}'. In the Responses API, this parameter has moved to '{to}'. "
        f"Try again with the new parameter. See the API documentation for more information: {_REFERENCE}."
    )
    return _error(words, None, "unsupported_parameter")


def no_model(error: ApiError) -> ApiError:
    """A model that is not served: status 400 here. Near names stay in a second sentence."""
    if not isinstance(error, UnknownModelError):
        return error
    message = f"The requested model '{error.model}' does not exist.{error.hint}"
    return replace(error, message=message, param="model", status=400)


def no_previous(name: str) -> ApiError:
    """A response to go on after, which nobody has kept."""
    words = f"Previous response with id '{shown(name)}' not found."
    return _error(words, "previous_response_id", "previous_response_not_found")


def not_kept(noun: str, name: str) -> ApiError:
    """A conversation, a prompt or a response that nobody has kept."""
    return ApiError(message=f"{noun} with id '{shown(name)}' not found.", status=404)


def no_item(name: str, *, stored: bool) -> ApiError:
    """A reference to an item that nobody has kept; where nothing was to be stored the server says so."""
    hint = (
        ""
        if stored
        else " Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove "
        "this item from your input."
    )
    return ApiError(message=f"Item with id '{shown(name)}' not found.{hint}", param="input", status=404)


def no_background() -> ApiError:
    """An answer that would have to be fetched later."""
    words = "Unsupported parameter: 'background' is not supported with this model."
    return _error(words, "background", "unsupported_parameter")


def no_call(noun: str, call: str) -> ApiError:
    """A result without its call; `noun` is function call or custom tool call."""
    return _error(f"No tool call found for {noun} output with call_id {shown(call)}.")


def no_output(noun: str, call: str) -> ApiError:
    """A call without its result."""
    return _error(f"No tool output found for {noun} {shown(call)}.")


def no_follower(name: str) -> ApiError:
    """A thought without what was said or done after it."""
    return _error(
        f"Item '{shown(name)}' of type 'reasoning' was provided without its required following item."
    )


def duplicate(name: str) -> ApiError:
    """Two items of one id."""
    words = f"Duplicate item found with id {shown(name)}."
    return _error(f"{words} Remove duplicate items from your input and try again.")


def _error(message: str, param: str | None = "input", code: str | None = None) -> ApiError:
    return ApiError(message=message, param=param, code=code)


def context_exceeded(limit: int, prompt: int) -> ApiError:
    """More than the model reads."""
    return ContextExceededError(
        message="Your input exceeds the context window of this model. Please adjust your input and try again.",
        param="input",
        code="context_length_exceeded",
        limit=limit,
        prompt=prompt,
    )
