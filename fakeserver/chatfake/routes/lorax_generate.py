"""LoRAX's `POST /`, `/invocations`, `/generate` and `/generate_stream`: one prompt, and how a model goes on."""

from chatfake.core.framing import event
from chatfake.core.http import Answer
from chatfake.core.json_text import dump
from chatfake.dialects.requests.lorax_errors import INCOMPLETE, Failure, failure_answer
from chatfake.handling.request_context import Answered, Asked
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import lorax_befallen, written
from chatfake.lorax.forms import COMPAT_GENERATE, GENERATE
from chatfake.lorax.parameters import Ask, read_ask
from chatfake.lorax.respond import Spoken, answer_headers, events_headers, failed, spoken
from chatfake.lorax.writing import answer_body, events

__all__ = ["answer_generate", "answer_generate_stream", "answer_root"]


def answer_root(asked: Asked) -> Answered:
    """JSON in a list of one, or a stream, as `stream` says."""
    body = extracted(asked, COMPAT_GENERATE)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    ask = read_ask(body, stream=body.get("stream") is True)
    return _answered(asked, ask, in_list=not ask.stream)


def answer_generate(asked: Asked) -> Answered:
    """JSON, whatever `stream` says."""
    body = extracted(asked, GENERATE)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    return _answered(asked, read_ask(body, stream=False))


def answer_generate_stream(asked: Asked) -> Answered:
    """A stream."""
    body = extracted(asked, GENERATE)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    return _answered(asked, read_ask(body, stream=True))


def _answered(asked: Asked, ask: Ask, *, in_list: bool = False) -> Answered:
    found = spoken(asked, ask)
    if isinstance(found, Failure):
        return Answered(answer=failed(asked, ask, found), json=ask.body)
    answer = _written(asked, ask, found, in_list=in_list)
    befallen = lorax_befallen(asked, found.plan, answer, found.identity.digest)
    return Answered(answer=befallen, json=ask.body, plan=found.plan)


def _written(asked: Asked, ask: Ask, found: Spoken, *, in_list: bool) -> Answer:
    said = found.said
    if said is None:  # the router says so where the model's side ends without a word
        return failed(asked, ask, INCOMPLETE)
    if ask.stream:
        steps = tuple(event(dump(one)) for one in events(said, details=ask.flag("details")))
        return Answer(status=200, headers=events_headers(asked, ask), steps=steps)
    body = answer_body(said, details=ask.details)
    return written([body] if in_list else body, answer_headers(asked, ask, said, found.identity.digest))
