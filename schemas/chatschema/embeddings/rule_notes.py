"""What the rules of embeddings say is wrong."""

from collections.abc import Mapping

__all__ = ["EMBEDDINGS_NOTES"]

EMBEDDINGS_NOTES: Mapping[str, str] = {
    "embeddings.base64": "A vector in base64 holds what is no finite number.",
    "embeddings.count-and-index": "The vectors are not numbered 0 to n-1, each once, in order.",
    "embeddings.dimensions": "The vectors of one answer are of different length.",
    "embeddings.model": "The model has no name.",
    "embeddings.request.empty": "A text that is to be embedded is empty.",
    "embeddings.request.unknown": "A member is none that OpenAI knows, which it refuses.",
    "embeddings.spec-complete": "A member is missing that the specification requires and clients live without.",
    "embeddings.usage": "The total is not what the inputs have, or they have no tokens.",
    "embeddings.zeros": "Every number of a vector is 0.",
}
