"""LoRAX's `POST /embed`: the vector of one text."""

from chatfake.asked import Answered, Asked
from chatfake.identity import identity
from chatfake.lorax.befalling import lorax_befallen, written
from chatfake.lorax.choosing import beside
from chatfake.lorax.extract import extracted
from chatfake.lorax.failure import Failure, failure_answer
from chatfake.lorax.forms import EMBED
from chatfake.lorax.parameters import adapter_of, prompt_pieces, text_chat
from chatfake.lorax.validation import limits_of, merge_failure, source_failure, text_failure
from chatfake.routes.embeddings import vector

__all__ = ["DIMENSIONS", "answer_embed"]

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
    plan = failure or beside(asked, chat)
    if isinstance(plan, Failure):
        return Answered(answer=failure_answer(plan), json=body)
    answer = written({"embeddings": list(vector(inputs, DIMENSIONS))})
    return Answered(
        answer=lorax_befallen(asked, plan, answer, identity(chat, ()).digest), json=body, plan=plan
    )
