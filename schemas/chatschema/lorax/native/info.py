"""The server's account of itself."""

from chatschema.core.base import NonEmpty, NonNegative, Strict
from chatschema.lorax.numbers import Finite

__all__ = ["LoraxInfo"]


class LoraxInfo(Strict):
    """The answer of `GET /info`."""

    model_id: NonEmpty
    """The base model."""
    model_sha: str | None
    """Its revision."""
    model_dtype: str
    """The type of its weights, such as torch.float16."""
    model_device_type: str
    """Where it runs, such as cuda."""
    model_pipeline_tag: str | None
    """The hub's tag; where it is "lorax", `POST /` puts the prompt before the text by default."""
    max_concurrent_requests: NonNegative
    """More get 429."""
    max_best_of: NonNegative
    """The limit of `best_of`."""
    max_stop_sequences: NonNegative
    """The limit of stop sequences."""
    max_input_length: NonNegative
    """Tokens of a prompt at most."""
    max_total_tokens: NonNegative
    """Tokens of prompt and text at most."""
    waiting_served_ratio: Finite
    """When waiting requests interrupt running ones."""
    max_batch_total_tokens: NonNegative
    """Tokens in a batch at most."""
    max_waiting_tokens: NonNegative
    """Tokens after which waiting requests are let in."""
    validation_workers: NonNegative
    """Tokenizers at work."""
    eager_prefill: bool = False
    """Whether a prompt is read as soon as it comes; servers before 0.11 do not say."""
    version: str
    """The router's crate, not the release."""
    sha: str | None
    """The source's commit, where the build knew it."""
    docker_label: str | None
    """The image's label, where the build knew it."""
    request_logger_url: str | None = None
    """Where requests are logged; servers before 0.9 do not say."""
