"""LoRAX's routes about texts, which ask for none: `POST /embed`, `/classify`, `/classify_batch`, `/tokenize`, and its
`/v1/embeddings`.

One pipeline for all five: read, refuse, select a plan, render, apply effects.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from chatfake.core.api_error import ApiError
from chatfake.core.http import Headers
from chatfake.core.json_text import JsonObject, JsonValue, encode
from chatfake.dialects.requests.lorax_errors import CORS
from chatfake.dialects.requests.serde import Shape
from chatfake.generation.embedding import vector
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.settings import Settings
from chatfake.lorax.body import parse_body
from chatfake.lorax.effects import apply_lorax_effects, failure_answer, lorax_answer
from chatfake.lorax.generate_request import Adapter, adapter_of, f32, prompt_pieces, text_chat
from chatfake.lorax.generation import token_id
from chatfake.lorax.headers import classified_headers
from chatfake.lorax.native_shapes import CLASSIFY, CLASSIFY_BATCH, EMBED, TOKENIZE
from chatfake.lorax.openai_shapes import EMBEDDINGS
from chatfake.lorax.select_plan import NONE as BASE_ADAPTER
from chatfake.lorax.select_plan import plan_without_script
from chatfake.lorax.validation import limits_of, merge_failure, source_failure, text_failure
from chatfake.request.batch_limits import too_many_inputs


def _one_text(body: JsonObject) -> tuple[str, ...]:
    return (str(body["inputs"]),)


def _length_failure(texts: tuple[str, ...], settings: Settings) -> ApiError | None:
    return text_failure(max(len(prompt_pieces(text)) for text in texts), limits_of(settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEndpoint:
    """What one route brings to the pipeline."""

    form: Shape
    texts: Callable[[JsonObject], tuple[str, ...]] = _one_text
    adapter: Callable[[JsonObject], Adapter] = lambda _: BASE_ADAPTER
    #: What is wrong with a body of the right form; asked of a lenient fake too.
    refuse: Callable[[JsonObject, tuple[str, ...], Settings], ApiError | None]
    #: The JSON of the answer.
    render: Callable[[JsonObject, tuple[str, ...]], JsonValue]
    headers: Callable[[str], Headers] = lambda _: CORS

    def answer(self, context: RequestContext) -> Handled:
        """A failure, or the answer; of a plan only the faults apply, and of those the ones that a request names."""
        body = parse_body(context, self.form)
        if isinstance(body, ApiError):
            return Handled(answer=failure_answer(body))
        texts, adapter = self.texts(body), self.adapter(body)
        chat = text_chat(context.settings, body, texts, adapter)
        plan = self.refuse(body, texts, context.settings) or plan_without_script(context, chat, adapter)
        if isinstance(plan, ApiError):
            return Handled(answer=failure_answer(plan), json=body)
        mark = identity(chat, ()).digest
        answer = lorax_answer(self.render(body, texts), self.headers(mark))
        return Handled(answer=apply_lorax_effects(context, plan, answer, mark), json=body, plan=plan)


# -- vectors --------------------------------------------------------------------------------------------------

#: Of a small model for sentences.
DIMENSIONS = 384


def _embedded(text: str) -> list[JsonValue]:
    """The vector that `/v1/embeddings` gives for as many dimensions, each number in as few digits as tell its 32 bits
    from its neighbours.
    """
    return [_shortest(number) for number in vector(text, DIMENSIONS)]


def _shortest(number: float) -> float:
    rounded = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next((one for one in rounded if f32(one) == number), number)


def _parameters(body: JsonObject) -> JsonObject:
    found = body.get("parameters")
    return found if isinstance(found, dict) else {}


def _adapter(body: JsonObject) -> Adapter:
    return adapter_of(_parameters(body))


def _refuse_to_embed(body: JsonObject, texts: tuple[str, ...], settings: Settings) -> ApiError | None:
    source = source_failure(_adapter(body))
    if settings.lenient:
        return source
    return merge_failure(_parameters(body)) or _length_failure(texts, settings) or source


LORAX_EMBED = TextEndpoint(
    form=EMBED,
    adapter=_adapter,
    refuse=_refuse_to_embed,
    render=lambda _, texts: {"embeddings": _embedded(texts[0])},
)


def _inputs(body: JsonObject) -> tuple[str, ...]:
    given = body["input"]
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),)


def _refuse_to_embed_all(body: JsonObject, texts: tuple[str, ...], settings: Settings) -> ApiError | None:
    if crowd := too_many_inputs(texts, 0):  # a bound of the fake's own
        return crowd
    if not texts and not settings.lenient:
        return ApiError(status=500, message="Embedding Failure", type="embedding_failure")
    return _refuse_to_embed(body, texts, settings)


def _numbered_vectors(_: JsonObject, texts: tuple[str, ...]) -> JsonValue:
    """The vectors in a form that no OpenAI SDK can read: the member `data` is missing."""
    vectors: list[JsonValue] = [
        {"index": index, "embedding": _embedded(text), "object": "embedding"}
        for index, text in enumerate(texts)
    ]
    return {"embeddings": vectors}


LORAX_EMBEDDINGS = TextEndpoint(
    form=EMBEDDINGS, texts=_inputs, adapter=_adapter, refuse=_refuse_to_embed_all, render=_numbered_vectors
)

# -- names: words that begin with a capital -------------------------------------------------------------------

_GROUPS = ("PER", "ORG", "LOC", "MISC")
_WORD = re.compile(r"\w{2,}")


def _refuse_to_classify(_: JsonObject, texts: tuple[str, ...], settings: Settings) -> ApiError | None:
    if not texts:
        return ApiError(status=500, message="Classification Failure", type="classification_failure")
    return None if settings.lenient else _length_failure(texts, settings)


def _entities(text: str) -> list[JsonValue]:
    return [_entity(found) for found in _WORD.finditer(text) if found.group()[0].isupper()]


def _entity(found: re.Match[str]) -> JsonObject:
    mark = crc32(encode(found.group()))
    return {
        "entity_group": _GROUPS[mark % len(_GROUPS)],
        "score": round(0.8 + mark % 2_000 / 10_000, 4),
        "word": found.group().lower(),
        "start": found.start(),
        "end": found.end(),
    }


def _batch(body: JsonObject) -> tuple[str, ...]:
    given = body["inputs"]
    return tuple(map(str, given if isinstance(given, list) else []))


LORAX_CLASSIFY = TextEndpoint(
    form=CLASSIFY,
    refuse=_refuse_to_classify,
    render=lambda _, texts: _entities(texts[0]),
    headers=classified_headers,
)
LORAX_CLASSIFY_BATCH = TextEndpoint(
    form=CLASSIFY_BATCH,
    texts=_batch,
    refuse=_refuse_to_classify,
    render=lambda _, texts: [_entities(text) for text in texts],
    headers=classified_headers,
)

# -- tokens ---------------------------------------------------------------------------------------------------

#: How a vocabulary writes a space.
_SPACE = "▁"


def _tokens(body: JsonObject, texts: tuple[str, ...]) -> list[JsonValue]:
    """The fake's tokens; the one that begins the sequence covers none of the text."""
    first, *others = prompt_pieces(texts[0])
    tokens = [_token(first, 0, 0)] if body.get("add_special_tokens") is not False else []
    start = 0
    for piece in others:
        tokens.append(_token(piece, start, start + len(piece)))
        start += len(piece)
    return [*tokens]


def _token(piece: str, start: int, stop: int) -> JsonObject:
    return {"id": token_id(piece), "text": piece.replace(" ", _SPACE), "start": start, "stop": stop}


LORAX_TOKENIZE = TextEndpoint(form=TOKENIZE, refuse=lambda _body, _texts, _settings: None, render=_tokens)
