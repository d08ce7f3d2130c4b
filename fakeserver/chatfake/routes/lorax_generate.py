"""LoRAX's routes that generate: `POST /`, `/invocations`, `/generate` and `/generate_stream`, and its OpenAI routes.

What is asked of an OpenAI route through the chat template becomes a native request, and its answer a likeness of
OpenAI's. One pipeline for all five: read, refuse, select a plan, render, apply effects.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from chatfake.core.api_error import ApiError
from chatfake.core.http import DONE, Answer, Send, event
from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.dialects.requests.lorax_errors import INCOMPLETE
from chatfake.dialects.requests.serde import Shape
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.settings import Settings
from chatfake.lorax.body import parse_body
from chatfake.lorax.effects import apply_lorax_effects, failure_answer, lorax_answer
from chatfake.lorax.generate_request import GenerateRequest, base_model, read_generate_request
from chatfake.lorax.generation import Generation, Token
from chatfake.lorax.native_rendering import Generations, answer_body, events
from chatfake.lorax.native_shapes import COMPAT_GENERATE, GENERATE
from chatfake.lorax.openai_rendering import OpenAIAnswer, chat_body, chat_chunks, text_body, text_chunks
from chatfake.lorax.openai_requests import chat_request, completion_request
from chatfake.lorax.openai_shapes import CHAT, COMPLETION
from chatfake.lorax.respond import Completion, answer_headers, complete, events_headers, failed


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateEndpoint:
    """What one route brings to the pipeline."""

    form: Shape
    read: Callable[[JsonObject, Settings], GenerateRequest | ApiError]
    render: Callable[[RequestContext, GenerateRequest, Completion], Answer]

    def answer(self, context: RequestContext) -> Handled:
        """An error of the body, the template or the tools comes before a stream, all others in it."""
        body = parse_body(context, self.form)
        if isinstance(body, ApiError):
            return Handled(answer=failure_answer(body))
        request = self.read(body, context.settings)
        if isinstance(request, ApiError):
            return Handled(answer=failure_answer(request), json=body)
        found = complete(context, request)
        if isinstance(found, ApiError):
            return Handled(answer=failed(context, request, found), json=body)
        answer = self.render(context, request, found)
        answer = apply_lorax_effects(context, found.plan, answer, found.identity.digest)
        return Handled(answer=answer, json=body, plan=found.plan)


def _stream(
    context: RequestContext, request: GenerateRequest, payloads: Iterable[JsonValue], *end: Send
) -> Answer:
    steps = tuple(event(dump(one)) for one in payloads)
    return Answer(status=200, headers=events_headers(context, request), steps=(*steps, *end))


# -- native ---------------------------------------------------------------------------------------------------


def _native(
    context: RequestContext, request: GenerateRequest, found: Completion, *, in_list: bool = False
) -> Answer:
    generations = found.generations
    if generations is None:  # the router says so where the model's side ends without a word
        return failed(context, request, INCOMPLETE)
    if request.stream:
        return _stream(context, request, events(generations, details=request.flag("details")))
    body = answer_body(generations, details=request.details)
    return lorax_answer(
        [body] if in_list else body, answer_headers(context, request, generations, found.identity.digest)
    )


#: JSON in a list of one, or a stream, as `stream` says.
NATIVE_ROOT = GenerateEndpoint(
    form=COMPAT_GENERATE,
    read=lambda body, _: read_generate_request(body, stream=body.get("stream") is True),
    render=partial(_native, in_list=True),
)
#: JSON, whatever `stream` says.
NATIVE = GenerateEndpoint(
    form=GENERATE, read=lambda body, _: read_generate_request(body, stream=False), render=_native
)
NATIVE_STREAM = GenerateEndpoint(
    form=GENERATE, read=lambda body, _: read_generate_request(body, stream=True), render=_native
)

# -- OpenAI's -------------------------------------------------------------------------------------------------


def _openai(
    context: RequestContext,
    request: GenerateRequest,
    found: Completion,
    body: Callable[[OpenAIAnswer], JsonObject | ApiError],
    chunks: Callable[[OpenAIAnswer], Iterator[JsonObject]],
) -> Answer:
    nobody = Generation(tokens=(Token(text="", logprob=0.0),), finish_reason="eos_token")
    generations = found.generations or Generations(
        best=nobody, others=None, prompt=request.prompt, before="", prefill=False
    )
    answer = OpenAIAnswer(
        generations=generations,
        model=base_model(context.settings),
        created=found.identity.created,
        tools=request.tools,
        empty=found.generations is None,
    )
    reshape = found.plan.scenario.reshape
    if request.stream:
        return _stream(context, request, reshape.pieces(chunks(answer)), DONE)
    payload = body(answer)
    if isinstance(payload, ApiError):
        return failure_answer(payload)
    return lorax_answer(
        reshape.whole(payload), answer_headers(context, request, generations, found.identity.digest)
    )


LORAX_CHAT = GenerateEndpoint(
    form=CHAT, read=chat_request, render=partial(_openai, body=chat_body, chunks=chat_chunks)
)
LORAX_COMPLETIONS = GenerateEndpoint(
    form=COMPLETION, read=completion_request, render=partial(_openai, body=text_body, chunks=text_chunks)
)
