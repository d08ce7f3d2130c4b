"""LoRAX's `POST /embed`: the vector of one text."""

from chatfake.core.json_text import JsonValue
from chatfake.dialects.requests.lorax_errors import Failure, failure_answer
from chatfake.generation.embedding import vector
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, written
from chatfake.lorax.forms import EMBED
from chatfake.lorax.parameters import adapter_of, f32, prompt_pieces, text_chat
from chatfake.lorax.select_plan import plan_without_script
from chatfake.lorax.validation import limits_of, merge_failure, source_failure, text_failure

__all__ = ["DIMENSIONS", "answer_embed", "embedded"]

#: Of a small model for sentences.
DIMENSIONS = 384


def answer_embed(context: RequestContext) -> Handled:
    """The same vectors as `/v1/embeddings` gives for as many dimensions."""
    body = extracted(context, EMBED)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    found = body.get("parameters")
    parameters = found if isinstance(found, dict) else {}
    adapter = adapter_of(parameters)
    inputs = str(body["inputs"])
    chat = text_chat(context.settings, body, (inputs,), adapter)
    failure = source_failure(adapter)
    if not context.settings.lenient:
        length = len(prompt_pieces(inputs))
        failure = merge_failure(parameters) or text_failure(length, limits_of(context.settings)) or failure
    plan = failure or plan_without_script(context, chat, adapter)
    if isinstance(plan, Failure):
        return Handled(answer=failure_answer(plan), json=body)
    answer = written({"embeddings": embedded(inputs)})
    return Handled(
        answer=apply_lorax_effects(context, plan, answer, identity(chat, ()).digest), json=body, plan=plan
    )


def embedded(text: str) -> list[JsonValue]:
    """The vector of a text, each number in as few digits as tell its 32 bits from its neighbours."""
    return [_shortest(number) for number in vector(text, DIMENSIONS)]


def _shortest(number: float) -> float:
    rounded = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next((one for one in rounded if f32(one) == number), number)
