"""Things that say in `type` what they are: parts, tools, formats, choices."""

from chatfake.core.api_error import ApiError, missing, unsupported, wrong_type
from chatfake.core.json_text import JsonObject

__all__ = ["kind_refusal"]


def kind_refusal(item: JsonObject, path: str, kinds: tuple[str, ...]) -> ApiError | None:
    """What is wrong with the `type` of the thing at that path; None where it is one of these."""
    kind = item.get("type")
    if kind is None:
        return missing(f"{path}.type")
    if not isinstance(kind, str):
        return wrong_type(f"{path}.type", "a string", kind)
    return None if kind in kinds else unsupported(f"{path}.type", kind, kinds)
