"""LoRAX's `POST /embed`: the vector of one text."""

from chatfake.core.json_text import JsonValue
from chatfake.dialects.requests.lorax_errors import Failure, failure_answer
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Answered, Asked
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import lorax_befallen, written
from chatfake.lorax.forms import EMBED
from chatfake.lorax.parameters import adapter_of, f32, prompt_pieces, text_chat
from chatfake.lorax.select_plan import beside
from chatfake.lorax.validation import limits_of, merge_failure, source_failure, text_failure
from chatfake.routes.embeddings import vector

__all__ = ["DIMENSIONS", "answer_embed", "embedded"]

#: Of a small model for sentences.
DIMENSIONS = 384


def answer_embed(asked: Asked) -> Answered:
    """The same vectors as `/v1/embeddings` gives for as many dimensions."""
    body = extracted(asked, EMBED)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    found = body.get("parameters")
    parameters = found if isinstance(found, dict) else {}
    adapter = adapter_of(parameters)
    inputs = str(body["inputs"])
    chat = text_chat(asked.house, body, (inputs,), adapter)
    failure = source_failure(adapter)
    if not asked.house.lenient:
        length = len(prompt_pieces(inputs))
        failure = merge_failure(parameters) or text_failure(length, limits_of(asked.house)) or failure
    plan = failure or beside(asked, chat, adapter)
    if isinstance(plan, Failure):
        return Answered(answer=failure_answer(plan), json=body)
    answer = written({"embeddings": embedded(inputs)})
    return Answered(
        answer=lorax_befallen(asked, plan, answer, identity(chat, ()).digest), json=body, plan=plan
    )


def embedded(text: str) -> list[JsonValue]:
    """The vector of a text, each number in as few digits as tell its 32 bits from its neighbours."""
    return [_shortest(number) for number in vector(text, DIMENSIONS)]


def _shortest(number: float) -> float:
    rounded = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next((one for one in rounded if f32(one) == number), number)
