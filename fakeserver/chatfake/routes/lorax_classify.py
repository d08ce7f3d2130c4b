"""LoRAX's `POST /classify` and `/classify_batch`: the names in a text. A name is a word that begins with a capital."""

import re
from collections.abc import Callable
from zlib import crc32

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject, JsonValue, encode
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, failure_answer, written
from chatfake.lorax.forms import CLASSIFY, CLASSIFY_BATCH
from chatfake.lorax.headers import classified_headers
from chatfake.lorax.parameters import prompt_pieces, text_chat
from chatfake.lorax.select_plan import plan_without_script
from chatfake.lorax.validation import limits_of, text_failure

__all__ = ["answer_classify", "answer_classify_batch"]

_GROUPS = ("PER", "ORG", "LOC", "MISC")
_WORD = re.compile(r"\w{2,}")
_NOTHING = ApiError(status=500, message="Classification Failure", type="classification_failure")


def answer_classify(context: RequestContext) -> Handled:
    """A bare list."""
    body = extracted(context, CLASSIFY)
    if isinstance(body, ApiError):
        return Handled(answer=failure_answer(body))
    inputs = str(body["inputs"])
    return _answered(context, body, (inputs,), lambda: _entities(inputs))


def answer_classify_batch(context: RequestContext) -> Handled:
    """A list of lists, in the order of the texts; none is the server's failure."""
    body = extracted(context, CLASSIFY_BATCH)
    if isinstance(body, ApiError):
        return Handled(answer=failure_answer(body))
    given = body["inputs"]
    texts = tuple(map(str, given if isinstance(given, list) else []))
    if not texts:
        return Handled(answer=failure_answer(_NOTHING), json=body)
    return _answered(context, body, texts, lambda: [_entities(text) for text in texts])


def _answered(
    context: RequestContext, body: JsonObject, texts: tuple[str, ...], payload: Callable[[], list[JsonValue]]
) -> Handled:
    chat = text_chat(context.settings, body, texts)
    longest = max(len(prompt_pieces(text)) for text in texts)
    failure = None if context.settings.lenient else text_failure(longest, limits_of(context.settings))
    plan = failure or plan_without_script(context, chat)
    if isinstance(plan, ApiError):
        return Handled(answer=failure_answer(plan), json=body)
    mark = identity(chat, ()).digest
    answer = written(payload(), classified_headers(mark))
    return Handled(answer=apply_lorax_effects(context, plan, answer, mark), json=body, plan=plan)


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
