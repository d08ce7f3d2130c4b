"""LoRAX's `POST /tokenize`: a text in the fake's tokens."""

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, failure_answer, written
from chatfake.lorax.forms import TOKENIZE
from chatfake.lorax.generation import token_id
from chatfake.lorax.parameters import prompt_pieces, text_chat
from chatfake.lorax.select_plan import plan_without_script

__all__ = ["answer_tokenize"]

#: How a vocabulary writes a space.
_SPACE = "▁"


def answer_tokenize(context: RequestContext) -> Handled:
    """A bare list; the mark before the text covers none of it."""
    body = extracted(context, TOKENIZE)
    if isinstance(body, ApiError):
        return Handled(answer=failure_answer(body))
    inputs = str(body["inputs"])
    chat = text_chat(context.settings, body, (inputs,))
    plan = plan_without_script(context, chat)
    if isinstance(plan, ApiError):
        return Handled(answer=failure_answer(plan), json=body)
    mark = identity(chat, ()).digest
    pieces = _pieces(inputs, marked=body.get("add_special_tokens") is not False)
    return Handled(answer=apply_lorax_effects(context, plan, written(pieces), mark), json=body, plan=plan)


def _pieces(inputs: str, *, marked: bool) -> list[JsonValue]:
    pieces: list[JsonValue] = []
    start = 0
    for number, piece in enumerate(prompt_pieces(inputs)):
        if number == 0:
            if marked:
                pieces.append(_piece(piece, 0, 0))
            continue
        pieces.append(_piece(piece, start, start + len(piece)))
        start += len(piece)
    return pieces


def _piece(piece: str, start: int, stop: int) -> JsonObject:
    return {"id": token_id(piece), "text": piece.replace(" ", _SPACE), "start": start, "stop": stop}
