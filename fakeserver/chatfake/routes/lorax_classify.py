"""LoRAX's `POST /classify` and `/classify_batch`: the names in a text. A name is a word that begins with a capital."""

import re
from collections.abc import Callable
from zlib import crc32

from chatfake.core.json_text import JsonObject, JsonValue, encode
from chatfake.dialects.requests.lorax_errors import Failure, failure_answer
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Answered, Asked
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import lorax_befallen, written
from chatfake.lorax.forms import CLASSIFY, CLASSIFY_BATCH
from chatfake.lorax.headers import classified_headers
from chatfake.lorax.parameters import prompt_pieces, text_chat
from chatfake.lorax.select_plan import beside
from chatfake.lorax.validation import limits_of, text_failure

__all__ = ["answer_classify", "answer_classify_batch"]

_GROUPS = ("PER", "ORG", "LOC", "MISC")
_WORD = re.compile(r"\w{2,}")
_NOTHING = Failure(status=500, error="Classification Failure", error_type="classification_failure")


def answer_classify(asked: Asked) -> Answered:
    """A bare list."""
    body = extracted(asked, CLASSIFY)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    inputs = str(body["inputs"])
    return _answered(asked, body, (inputs,), lambda: _entities(inputs))


def answer_classify_batch(asked: Asked) -> Answered:
    """A list of lists, in the order of the texts; none is the server's failure."""
    body = extracted(asked, CLASSIFY_BATCH)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    given = body["inputs"]
    texts = tuple(map(str, given if isinstance(given, list) else []))
    if not texts:
        return Answered(answer=failure_answer(_NOTHING), json=body)
    return _answered(asked, body, texts, lambda: [_entities(text) for text in texts])


def _answered(
    asked: Asked, body: JsonObject, texts: tuple[str, ...], payload: Callable[[], list[JsonValue]]
) -> Answered:
    chat = text_chat(asked.house, body, texts)
    longest = max(len(prompt_pieces(text)) for text in texts)
    failure = None if asked.house.lenient else text_failure(longest, limits_of(asked.house))
    plan = failure or beside(asked, chat)
    if isinstance(plan, Failure):
        return Answered(answer=failure_answer(plan), json=body)
    mark = identity(chat, ()).digest
    answer = written(payload(), classified_headers(mark))
    return Answered(answer=lorax_befallen(asked, plan, answer, mark), json=body, plan=plan)


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
