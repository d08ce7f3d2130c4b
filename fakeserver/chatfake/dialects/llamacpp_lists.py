"""How llama.cpp lists models and embeddings."""

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.identity import Identity


def listed_embeddings(body: JsonObject, _: Identity) -> JsonObject:
    data = body["data"]
    entries: list[JsonValue] = []
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, dict):
            written: JsonObject = {name: entry[name] for name in ("embedding", "index", "object")}
            form: JsonObject = {"encoding_format": "base64"} if isinstance(entry["embedding"], str) else {}
            entries.append({**written, **form})
    return {"model": body["model"], "object": "list", "usage": body["usage"], "data": entries}


def listed_model(entry: JsonObject) -> JsonObject:
    return {
        "id": entry["id"],
        "aliases": [entry["id"]],
        "tags": [],
        "object": "model",
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "created": entry["created"],
        "owned_by": "llamacpp",
        "meta": {
            "vocab_type": 2,
            "n_vocab": 151936,
            "n_ctx": 8192,
            "n_ctx_train": 40960,
            "n_embd": 1024,
            "n_params": 596049920,
            "size": 1198182400,
            "ftype": "F16",
        },
    }


def listed_models(entries: list[JsonValue]) -> JsonValue:
    """Ollama's list stands before OpenAI's."""
    names = [entry["id"] for entry in entries if isinstance(entry, dict)]
    details: JsonObject = {
        "parent_model": "",
        "format": "gguf",
        "family": "",
        "families": [""],
        "parameter_size": "",
        "quantization_level": "",
    }
    models: list[JsonValue] = [
        {
            "name": name,
            "model": name,
            "modified_at": "",
            "size": "",
            "digest": "",
            "type": "model",
            "description": "",
            "tags": [""],
            "capabilities": ["completion"],
            "parameters": "",
            "details": details,
        }
        for name in names
    ]
    return {"models": models, "object": "list", "data": entries}
