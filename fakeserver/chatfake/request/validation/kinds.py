"""Words out of a few: roles, modes, and the `type` in which parts, tools, formats and choices say what they are."""

from chatfake.core.api_error import ApiError, not_given, unsupported
from chatfake.core.json_text import JsonObject, JsonValue


def kind_refusal(item: JsonObject, path: str, kinds: tuple[str, ...]) -> ApiError | None:
    """What is wrong with the `type` of the thing at that path; None where it is one of these."""
    return word_refusal(item.get("type"), f"{path}.type", kinds)


def word_refusal(word: JsonValue, path: str, known: tuple[str, ...]) -> ApiError | None:
    """What is wrong with a required word; None where it is one of these."""
    if not isinstance(word, str):
        return not_given(path, "a string", word)
    return None if word in known else unsupported(path, word, known)
