"""LoRAX's small answers: errors, its account of itself, a text in tokens, vectors, entities."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.lorax.tokens import Speech, speeches
from chatproof.strategies.valid.members import among, texts
from chatschema import JsonObject, JsonValue

__all__ = [
    "classify_batches",
    "classify_responses",
    "embed_responses",
    "lorax_embeddings",
    "lorax_errors",
    "lorax_infos",
    "tokenize_responses",
]

#: What the router says before the words of whatever failed, by the error's type.
_ERRORS = (
    ("Input validation error: ", "validation"),
    ("Request failed during generation: Server error: ", "generation"),
    ("Failed applying chat template to inputs: ", "template_error"),
    ("Tool error: ", "tool_error"),
    ("Missing template vatiable: ", "missing_template_variable"),
    ("Model is overloaded", "overloaded"),
    ("Incomplete generation", "incomplete_generation"),
    ("Embedding Failure", "embedding_failure"),
    ("Classification Failure", "classification_failure"),
    ("unhealthy", "healthcheck"),
    ("No fast tokenizer or tokenizer.json for this model", "no fast tokenizer"),
)

#: All of them are whole in f32.
_VECTORS = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=4)


def lorax_errors() -> SearchStrategy[JsonObject]:
    """An error of any type: `{"error": "Input validation error: `inputs` cannot be empty", "error_type":
    "validation"}`.
    """

    def error(kind: tuple[str, str], words: str) -> JsonObject:
        return {"error": kind[0] + words if kind[0].endswith(": ") else kind[0], "error_type": kind[1]}

    return st.builds(error, among(_ERRORS), texts())


def lorax_infos() -> SearchStrategy[JsonObject]:
    """The server's account of itself, with every member of the newest: `{"model_id": "…", "model_sha": null, …}`."""

    def info(number: int, name: str) -> JsonObject:
        maybe = (None, name)[number % 2]
        return {
            "model_id": name or "m",
            "model_sha": maybe,
            "model_dtype": "torch.float16",
            "model_device_type": ("cuda", "cpu")[number // 2 % 2],
            "model_pipeline_tag": maybe,
            "max_concurrent_requests": 1024,
            "max_best_of": 1 + number % 3,
            "max_stop_sequences": 4,
            "max_input_length": number,
            "max_total_tokens": number + 1,
            "waiting_served_ratio": 1.2,
            "max_batch_total_tokens": 32000,
            "max_waiting_tokens": 20,
            "validation_workers": 2,
            "eager_prefill": number % 4 == 3,
            "version": "0.1.0",
            "sha": maybe,
            "docker_label": maybe,
            "request_logger_url": maybe,
        }

    return st.builds(info, st.integers(0, 2**17), texts())


def tokenize_responses() -> SearchStrategy[list[JsonValue]]:
    """One to four pieces of a text: `[{"id": 1, "text": "▁Hi", "start": 0, "stop": 2}]`; a mark covers nothing."""

    def pieces(speech: Speech) -> list[JsonValue]:
        place, answer = 0, list[JsonValue]()
        for number, text in enumerate(speech.pieces):
            answer.append({"id": number, "text": text or "<s>", "start": place, "stop": place + len(text)})
            place += len(text)
        return answer

    return st.builds(pieces, speeches())


def embed_responses() -> SearchStrategy[JsonObject]:
    """One vector: `{"embeddings": [0.5, -0.25]}`."""

    def answer(vector: list[float]) -> JsonObject:
        return {"embeddings": [*vector]}

    return st.builds(answer, _VECTORS)


def lorax_embeddings() -> SearchStrategy[JsonObject]:
    """What LoRAX's `/v1/embeddings` answers: `{"embeddings": [{"index": 0, "embedding": [0.5], "object":
    "embedding"}]}`, for one to three texts.
    """

    def answer(vectors: list[list[float]]) -> JsonObject:
        found: list[JsonValue] = [
            {"index": number, "embedding": [*vector], "object": "embedding"}
            for number, vector in enumerate(vectors)
        ]
        return {"embeddings": found}

    return st.builds(answer, st.lists(_VECTORS, min_size=1, max_size=3))


def classify_responses() -> SearchStrategy[list[JsonValue]]:
    """One to four entities: `[{"entity_group": "LOC", "score": 0.99, "word": "oslo", "start": 8, "end": 12}]`."""
    return st.builds(_entities, speeches())


def classify_batches() -> SearchStrategy[list[JsonValue]]:
    """One to three texts, of which the first has entities: `[[{"entity_group": "LOC", …}], []]`."""

    def batch(speech: Speech) -> list[JsonValue]:
        return [_entities(speech), *([list[JsonValue](), _entities(speech)][: speech.number % 3])]

    return st.builds(batch, speeches())


def _entities(speech: Speech) -> list[JsonValue]:
    place, found = 0, list[JsonValue]()
    for number, word in enumerate(speech.pieces):
        end = place + len(word.encode())
        group = ("PER", "LOC", "ORG")[number % 3]
        found.append({"entity_group": group, "score": 0.5, "word": word.lower(), "start": place, "end": end})
        place = end
    return found
