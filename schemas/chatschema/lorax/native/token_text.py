"""Whether the texts of tokens make the text that was answered.

The router decodes both from the same token numbers: each token with its neighbours, special tokens as they are; the
whole text with special tokens left out. So they are the same, but for four things that are not certain. White space
at either end depends on the tokenizer. A special token in the middle may hold back part of a character. A tokenizer
may skip a mark such as `<|end|>` that the router does not call special. And a text that ends inside a character
comes out empty.
"""

from collections.abc import Sequence

from chatschema.core.violation import JsonObject, JsonValue, Level

__all__ = ["disagreement", "is_sound"]

#: Half a character, decoded.
_BROKEN = "\ufffd"


def is_sound(token: JsonValue) -> bool:
    """Whether a token says enough to be joined."""
    return (
        isinstance(token, dict)
        and isinstance(token.get("text"), str)
        and isinstance(token.get("special"), bool)
    )


def disagreement(text: str, tokens: Sequence[JsonObject], reason: JsonValue) -> Level | None:
    """How much it matters that sound `tokens` do not make the end of `text`; None where they do.

    The end alone, for the prompt may stand before it.
    """
    spoken = tokens[:-1] if reason == "eos_token" else tokens
    pieces = [str(token["text"]) for token in spoken if not token["special"]]
    joined = "".join(pieces)
    if text.endswith(joined):
        return None
    if _squeezed(text).endswith(_squeezed(joined)):
        return Level.SHOULD
    doubtful = any(token["special"] for token in tokens[:-1]) or any(map(_is_mark, pieces))
    return Level.SHOULD if doubtful or (not text and _ends_broken(tokens, pieces)) else Level.MUST


def _ends_broken(tokens: Sequence[JsonObject], pieces: Sequence[str]) -> bool:
    return not pieces[-1] or _BROKEN in str(tokens[-1]["text"])


def _is_mark(piece: str) -> bool:
    mark = piece.strip()
    return (mark[:1], mark[-1:]) in (("<", ">"), ("[", "]"))


def _squeezed(text: str) -> str:
    return "".join(text.split())
