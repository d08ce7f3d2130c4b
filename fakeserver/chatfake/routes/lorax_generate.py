"""LoRAX's `POST /`, `/invocations`, `/generate` and `/generate_stream`: one prompt, and how a model goes on."""

from chatfake.core.http import Answer, event
from chatfake.core.json_text import dump
from chatfake.dialects.requests.lorax_errors import INCOMPLETE, Failure, failure_answer
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, written
from chatfake.lorax.forms import COMPAT_GENERATE, GENERATE
from chatfake.lorax.parameters import Ask, read_ask
from chatfake.lorax.respond import Completion, answer_headers, complete, events_headers, failed
from chatfake.lorax.writing import answer_body, events

__all__ = ["answer_generate", "answer_generate_stream", "answer_root"]


def answer_root(context: RequestContext) -> Handled:
    """JSON in a list of one, or a stream, as `stream` says."""
    body = extracted(context, COMPAT_GENERATE)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    ask = read_ask(body, stream=body.get("stream") is True)
    return _answered(context, ask, in_list=not ask.stream)


def answer_generate(context: RequestContext) -> Handled:
    """JSON, whatever `stream` says."""
    body = extracted(context, GENERATE)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    return _answered(context, read_ask(body, stream=False))


def answer_generate_stream(context: RequestContext) -> Handled:
    """A stream."""
    body = extracted(context, GENERATE)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    return _answered(context, read_ask(body, stream=True))


def _answered(context: RequestContext, ask: Ask, *, in_list: bool = False) -> Handled:
    found = complete(context, ask)
    if isinstance(found, Failure):
        return Handled(answer=failed(context, ask, found), json=ask.body)
    answer = _written(context, ask, found, in_list=in_list)
    answered = apply_lorax_effects(context, found.plan, answer, found.identity.digest)
    return Handled(answer=answered, json=ask.body, plan=found.plan)


def _written(context: RequestContext, ask: Ask, found: Completion, *, in_list: bool) -> Answer:
    said = found.said
    if said is None:  # the router says so where the model's side ends without a word
        return failed(context, ask, INCOMPLETE)
    if ask.stream:
        steps = tuple(event(dump(one)) for one in events(said, details=ask.flag("details")))
        return Answer(status=200, headers=events_headers(context, ask), steps=steps)
    body = answer_body(said, details=ask.details)
    return written([body] if in_list else body, answer_headers(context, ask, said, found.identity.digest))
