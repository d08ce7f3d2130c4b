"""The JSON bodies of LoRAX's native routes, and its errors."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .classify import ClassifyBatchRequest, ClassifyRequest, Entities, EntityLists
from .embed import EmbedRequest, EmbedResponse
from .error import LoraxError
from .generate import GenerateEvent, GenerateResponse, GenerateRoot
from .generate_request import GenerateRequest
from .generate_rules import EVENT_RULES, GENERATE_RULES
from .info import LoraxInfo
from .item_rules import ENTITY_RULES, ERROR_RULES, INFO_RULES, PIECE_RULES
from .list_contract import ListContract
from .request_rules import EMBED_RULES, GENERATE_REQUEST_RULES
from .tokenize import TokenizeRequest, TokenPieces

__all__ = ["ERROR", "EVENT", "GENERATE", "NATIVE_CONTRACTS"]

_LIB = "router/src/lib.rs"

GENERATE = Contract(
    kind=Kind.LORAX_GENERATE,
    form=GenerateResponse,
    rules=GENERATE_RULES,
    summary="The answer to LoRAX's `POST /generate`.",
    reference=f"{_LIB}, GenerateResponse",
    examples=({"generated_text": " Hi"},),
)
EVENT = Contract(
    kind=Kind.LORAX_EVENT,
    form=GenerateEvent,
    rules=EVENT_RULES,
    summary="The data of one event of a text that LoRAX streams.",
    reference=f"{_LIB}, StreamResponse",
    examples=(
        {
            "token": {"id": 1, "text": " Hi", "logprob": -0.34, "special": False, "skipped": False},
            "generated_text": None,
            "details": None,
        },
    ),
)
ERROR = Contract(
    kind=Kind.LORAX_ERROR,
    form=LoraxError,
    rules=ERROR_RULES,
    summary="The body of LoRAX's answers with an error status, and an event of its streams.",
    reference=f"{_LIB}, ErrorResponse",
    examples=({"error": "Input validation error: `inputs` cannot be empty", "error_type": "validation"},),
)

NATIVE_CONTRACTS: tuple[Contract, ...] = (
    GENERATE,
    EVENT,
    ERROR,
    Contract(
        kind=Kind.LORAX_GENERATE_REQUEST,
        form=GenerateRequest,
        rules=GENERATE_REQUEST_RULES,
        summary="What LoRAX's `POST /generate`, `/generate_stream` and `/` are asked.",
        reference=f"{_LIB}, CompatGenerateRequest",
        examples=({"inputs": "Who?", "parameters": {"max_new_tokens": 20, "details": True}},),
    ),
    ListContract(
        kind=Kind.LORAX_ROOT,
        form=GenerateRoot,
        rules=GENERATE_RULES,
        summary="The answer to LoRAX's `POST /`: a list of one.",
        reference="router/src/server.rs, compat_generate",
        examples=([{"generated_text": " Hi"}],),
    ),
    Contract(
        kind=Kind.LORAX_INFO,
        form=LoraxInfo,
        rules=INFO_RULES,
        summary="The answer to LoRAX's `GET /info`.",
        reference=f"{_LIB}, Info",
        examples=(
            {
                "model_id": "mistralai/Mistral-7B-v0.1",
                "model_sha": None,
                "model_dtype": "torch.float16",
                "model_device_type": "cuda",
                "model_pipeline_tag": "text-generation",
                "max_concurrent_requests": 1024,
                "max_best_of": 2,
                "max_stop_sequences": 4,
                "max_input_length": 4095,
                "max_total_tokens": 4096,
                "waiting_served_ratio": 1.2,
                "max_batch_total_tokens": 32000,
                "max_waiting_tokens": 20,
                "validation_workers": 2,
                "eager_prefill": False,
                "version": "0.1.0",
                "sha": None,
                "docker_label": None,
                "request_logger_url": None,
            },
        ),
    ),
    ListContract(
        kind=Kind.LORAX_TOKENIZE,
        form=TokenPieces,
        rules=PIECE_RULES,
        summary="The answer to LoRAX's `POST /tokenize`: a bare list.",
        reference=f"{_LIB}, TokenizeResponse",
        examples=([{"id": 1, "text": "▁Hi", "start": 0, "stop": 2}],),
    ),
    Contract(
        kind=Kind.LORAX_TOKENIZE_REQUEST,
        form=TokenizeRequest,
        summary="What LoRAX's `POST /tokenize` is asked.",
        reference=f"{_LIB}, TokenizeRequest",
        examples=({"inputs": "Hi", "add_special_tokens": False},),
    ),
    Contract(
        kind=Kind.LORAX_EMBED,
        form=EmbedResponse,
        summary="The answer to LoRAX's `POST /embed`.",
        reference=f"{_LIB}, EmbedResponse",
        examples=({"embeddings": [0.5, -0.25]},),
    ),
    Contract(
        kind=Kind.LORAX_EMBED_REQUEST,
        form=EmbedRequest,
        rules=EMBED_RULES,
        summary="What LoRAX's `POST /embed` is asked.",
        reference=f"{_LIB}, EmbedRequest",
        examples=({"inputs": "Hi"},),
    ),
    ListContract(
        kind=Kind.LORAX_CLASSIFY,
        form=Entities,
        rules=ENTITY_RULES,
        summary="The answer to LoRAX's `POST /classify`: a bare list.",
        reference=f"{_LIB}, Entity",
        examples=([{"entity_group": "LOC", "score": 0.99, "word": "oslo", "start": 8, "end": 12}],),
    ),
    Contract(
        kind=Kind.LORAX_CLASSIFY_REQUEST,
        form=ClassifyRequest,
        summary="What LoRAX's `POST /classify` is asked.",
        reference=f"{_LIB}, ClassifyRequest",
        examples=({"inputs": "I am in Oslo"},),
    ),
    ListContract(
        kind=Kind.LORAX_CLASSIFY_BATCH,
        form=EntityLists,
        rules=ENTITY_RULES,
        summary="The answer to LoRAX's `POST /classify_batch`: a list of lists.",
        reference="router/src/server.rs, classify_batch",
        examples=([[], [{"entity_group": "LOC", "score": 0.99, "word": "oslo", "start": 8, "end": 12}]],),
    ),
    Contract(
        kind=Kind.LORAX_CLASSIFY_BATCH_REQUEST,
        form=ClassifyBatchRequest,
        summary="What LoRAX's `POST /classify_batch` is asked.",
        reference=f"{_LIB}, BatchClassifyRequest",
        examples=({"inputs": ["Hi", "I am in Oslo"]},),
    ),
)
