"""The kinds of bodies that the contract knows. The names are public: `check`'s argument, `--kind`, schema names."""

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """What a body can be.

    `.request` is what a client sends, `.chunk` and `.event` are one event of a stream, `.sse` is the whole stream.
    """

    # chat completions, OpenAI
    COMPLETION = "chat.completion"
    CHUNK = "chat.completion.chunk"
    STREAM = "chat.completion.sse"
    CHAT_REQUEST = "chat.completion.request"
    # completions of a text, OpenAI
    TEXT = "completion"
    TEXT_CHUNK = "completion.chunk"
    TEXT_STREAM = "completion.sse"
    TEXT_REQUEST = "completion.request"
    # the rest of OpenAI that we know
    EMBEDDINGS = "embeddings"
    EMBEDDINGS_REQUEST = "embeddings.request"
    MODEL = "model"
    MODELS = "models"
    ERROR = "error"
    # Open Responses
    RESPONSE = "response"
    RESPONSE_EVENT = "response.event"
    RESPONSE_STREAM = "response.sse"
    RESPONSE_REQUEST = "response.request"
    # LoRAX, native
    LORAX_GENERATE = "lorax.generate"
    LORAX_GENERATE_REQUEST = "lorax.generate.request"
    LORAX_ROOT = "lorax.root"  # the answer of `POST /`: a list of one
    LORAX_EVENT = "lorax.generate.event"
    LORAX_STREAM = "lorax.generate.sse"
    LORAX_ERROR = "lorax.error"
    LORAX_INFO = "lorax.info"
    LORAX_TOKENIZE = "lorax.tokenize"
    LORAX_TOKENIZE_REQUEST = "lorax.tokenize.request"
    LORAX_EMBED = "lorax.embed"
    LORAX_EMBED_REQUEST = "lorax.embed.request"
    LORAX_CLASSIFY = "lorax.classify"
    LORAX_CLASSIFY_REQUEST = "lorax.classify.request"
    LORAX_CLASSIFY_BATCH = "lorax.classify_batch"
    LORAX_CLASSIFY_BATCH_REQUEST = "lorax.classify_batch.request"
    # LoRAX, its OpenAI routes as they are
    LORAX_CHAT = "lorax.chat.completion"
    LORAX_CHAT_CHUNK = "lorax.chat.completion.chunk"
    LORAX_CHAT_STREAM = "lorax.chat.completion.sse"
    LORAX_CHAT_REQUEST = "lorax.chat.completion.request"
    LORAX_TEXT = "lorax.completion"
    LORAX_TEXT_CHUNK = "lorax.completion.chunk"
    LORAX_TEXT_STREAM = "lorax.completion.sse"
    LORAX_TEXT_REQUEST = "lorax.completion.request"
    LORAX_EMBEDDINGS = "lorax.embeddings"
    LORAX_EMBEDDINGS_REQUEST = "lorax.embeddings.request"
