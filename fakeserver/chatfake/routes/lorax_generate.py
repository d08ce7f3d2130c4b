"""LoRAX's routes that generate: `POST /`, `/invocations`, `/generate` and `/generate_stream`, and its OpenAI routes.

What is asked of an OpenAI route through the chat template becomes a native request, and its answer a likeness of
OpenAI's. One pipeline for all five: read, refuse, select a plan, render, apply effects.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from chatfake.core.http import DONE, Answer, Send, event
from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.dialects.requests.lorax_errors import INCOMPLETE, Failure, failure_answer
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.settings import Settings
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, written
from chatfake.lorax.forms import COMPAT_GENERATE, GENERATE
from chatfake.lorax.generation import Generation, Token
from chatfake.lorax.openai_ask import chat_ask, completion_ask
from chatfake.lorax.openai_forms import CHAT, COMPLETION
from chatfake.lorax.openai_writing import Page, chat_body, chat_chunks, text_body, text_chunks
from chatfake.lorax.parameters import Ask, base_model, read_ask
from chatfake.lorax.respond import Completion, answer_headers, complete, events_headers, failed
from chatfake.lorax.shapes import Record
from chatfake.lorax.writing import Said, answer_body, events

__all__ = ["LORAX_CHAT", "LORAX_COMPLETIONS", "NATIVE", "NATIVE_ROOT", "NATIVE_STREAM", "GenerateEndpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateEndpoint:
    """What one route brings to the pipeline."""

    form: Record
    read: Callable[[JsonObject, Settings], Ask | Failure]
    render: Callable[[RequestContext, Ask, Completion], Answer]

    def answer(self, context: RequestContext) -> Handled:
        """An error of the body, the template or the tools comes before a stream, all others in it."""
        body = extracted(context, self.form)
        if isinstance(body, Failure):
            return Handled(answer=failure_answer(body))
        ask = self.read(body, context.settings)
        if isinstance(ask, Failure):
            return Handled(answer=failure_answer(ask), json=body)
        found = complete(context, ask)
        if isinstance(found, Failure):
            return Handled(answer=failed(context, ask, found), json=body)
        answer = self.render(context, ask, found)
        answer = apply_lorax_effects(context, found.plan, answer, found.identity.digest)
        return Handled(answer=answer, json=body, plan=found.plan)


def _stream(context: RequestContext, ask: Ask, payloads: Iterable[JsonValue], *end: Send) -> Answer:
    steps = tuple(event(dump(one)) for one in payloads)
    return Answer(status=200, headers=events_headers(context, ask), steps=(*steps, *end))


# -- native ---------------------------------------------------------------------------------------------------


def _native(context: RequestContext, ask: Ask, found: Completion, *, in_list: bool = False) -> Answer:
    said = found.said
    if said is None:  # the router says so where the model's side ends without a word
        return failed(context, ask, INCOMPLETE)
    if ask.stream:
        return _stream(context, ask, events(said, details=ask.flag("details")))
    body = answer_body(said, details=ask.details)
    return written([body] if in_list else body, answer_headers(context, ask, said, found.identity.digest))


#: JSON in a list of one, or a stream, as `stream` says.
NATIVE_ROOT = GenerateEndpoint(
    form=COMPAT_GENERATE,
    read=lambda body, _: read_ask(body, stream=body.get("stream") is True),
    render=partial(_native, in_list=True),
)
#: JSON, whatever `stream` says.
NATIVE = GenerateEndpoint(form=GENERATE, read=lambda body, _: read_ask(body, stream=False), render=_native)
NATIVE_STREAM = GenerateEndpoint(
    form=GENERATE, read=lambda body, _: read_ask(body, stream=True), render=_native
)

# -- OpenAI's -------------------------------------------------------------------------------------------------


def _openai(
    context: RequestContext,
    ask: Ask,
    found: Completion,
    body: Callable[[Page], JsonObject | Failure],
    chunks: Callable[[Page], Iterator[JsonObject]],
) -> Answer:
    nobody = Generation(tokens=(Token(text="", logprob=0.0),), finish_reason="eos_token")
    said = found.said or Said(best=nobody, others=None, prompt=ask.prompt, before="", prefill=False)
    page = Page(
        said=said,
        model=base_model(context.settings),
        created=found.identity.created,
        tools=ask.tools,
        empty=found.said is None,
    )
    reshape = found.plan.scenario.reshape
    if ask.stream:
        return _stream(context, ask, reshape.pieces(chunks(page)), DONE)
    payload = body(page)
    if isinstance(payload, Failure):
        return failure_answer(payload)
    return written(reshape.whole(payload), answer_headers(context, ask, said, found.identity.digest))


LORAX_CHAT = GenerateEndpoint(
    form=CHAT, read=chat_ask, render=partial(_openai, body=chat_body, chunks=chat_chunks)
)
LORAX_COMPLETIONS = GenerateEndpoint(
    form=COMPLETION, read=completion_ask, render=partial(_openai, body=text_body, chunks=text_chunks)
)
