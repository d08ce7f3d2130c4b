"""Near misses of answers that are something else altogether: one sentence says so, and not all that is missing."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.valid.chat import plain_completions
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, Kind

__all__ = ["NEAR_OTHER_THINGS"]

_KINDS = (Kind.COMPLETION, Kind.TEXT, Kind.EMBEDDINGS, Kind.MODELS, Kind.RESPONSE)


def _error(message: str, form: str) -> Miss:
    if form == "flat":
        return Miss(data={"object": "error", "message": message, "code": 500}, path="$")
    return Miss(data={"error": {"message": message}}, path="$")


_ERRORS: SearchStrategy[Miss] = st.builds(
    _error, st.text("abc ", min_size=1, max_size=9), st.sampled_from(["flat", "nested"])
)


def _wrapped(answer: JsonObject, name: str) -> Miss:
    return Miss(data={"__type__": name, "__data__": answer}, path="$")


_WRAPPED: SearchStrategy[Miss] = st.builds(
    _wrapped, plain_completions(), st.sampled_from(["ChatCompletion", "x"])
)
_BODIES: tuple[JsonObject, ...] = (
    {},
    {"code": 0, "result": "ok"},
    {"detail": "Not Found"},
    {"id": "1", "status": "queued"},
)
_OTHERS: SearchStrategy[Miss] = mapped(st.sampled_from(_BODIES), lambda value: Miss(data=value, path="$"))

NEAR_OTHER_THINGS = catalogue(
    *(
        defect(
            kind,
            "error-object",
            "shape.error",
            "An error object comes with a good status (OpenRouter).",
            _ERRORS,
        )
        for kind in _KINDS
    ),
    *(
        defect(
            kind,
            "something-else",
            "shape.kind",
            "The body has next to nothing of what it should be.",
            _OTHERS,
        )
        for kind in _KINDS
    ),
    defect(Kind.COMPLETION, "wrapped", "shape.kind", "The answer is wrapped into an object.", _WRAPPED),
)
