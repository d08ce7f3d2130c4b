"""What a request for embeddings owes beyond its shape; all of it is a should."""

from collections.abc import Iterator
from functools import partial

from chatschema.common.sampling_rules import unknown
from chatschema.core.describe import seen
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .request import EmbeddingsRequest

__all__ = ["REQUEST_RULES"]

_KNOWN = frozenset(EmbeddingsRequest.model_fields)


def texts_are_not_empty(request: JsonObject) -> Iterator[Violation]:
    """The specification forbids an empty text; OpenAI answered the one that was recorded with a vector."""
    given = request.get("input")
    places = ["$.input"] if given == "" else []
    if isinstance(given, list):
        places = [f"$.input[{index}]" for index, text in enumerate(given) if text == ""]
    for place in places:
        yield violation(
            "embeddings.request.empty",
            place,
            "The text is empty.",
            "a text",
            seen(""),
            Level.SHOULD,
            reference="CreateEmbeddingRequest",
        )


REQUEST_RULES: tuple[Rule, ...] = (
    texts_are_not_empty,
    partial(unknown, known=_KNOWN, rule="embeddings.request.unknown", reference="CreateEmbeddingRequest"),
)
