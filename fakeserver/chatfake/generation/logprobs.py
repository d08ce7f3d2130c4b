"""Log probabilities: invented, but the same for the same token at the same place, and consistent with each other."""

from chatfake.core.json_text import JsonObject, JsonValue, digest, encode

#: What stands beside the chosen token, in this order; more than the twenty that can be asked for.
ALTERNATIVES = (
    " the", " a", " and", ".", ",", " of", " to", " in", " is", "\n", " that", " it", " for", " you", " not",
    " with", " as", "!", "?", " I", " be", " on",
)  # fmt: skip


def token_logprob(token: str, place: int, alternatives: int) -> JsonObject:
    """The entry of one token; its `top_logprobs` begin with itself and fall."""
    chosen = -(1 + int(digest(token, str(place))[:4], 16) % 1000) / 1000
    others = [other for other in ALTERNATIVES if other != token]
    ranked = [token, *others][:alternatives]
    tops: list[JsonValue] = [_entry(one, round(chosen - 1.5 * rank, 3)) for rank, one in enumerate(ranked)]
    return {**_entry(token, chosen), "top_logprobs": tops}


def _entry(token: str, logprob: float) -> JsonObject:
    return {"token": token, "logprob": logprob, "bytes": list(encode(token))}
