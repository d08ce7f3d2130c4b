"""LoRAX's OpenAI routes: what is asked through the chat template becomes a native request, and its answer a likeness
of OpenAI's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatfake.core.http import DONE, Answer, event
from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.dialects.requests.lorax_errors import Failure, failure_answer, from_refusal
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import apply_lorax_effects, written
from chatfake.lorax.generation import Generation, Token
from chatfake.lorax.openai_ask import chat_ask, completion_ask
from chatfake.lorax.openai_forms import CHAT, COMPLETION, EMBEDDINGS
from chatfake.lorax.openai_writing import Page, chat_body, chat_chunks, text_body, text_chunks
from chatfake.lorax.parameters import Ask, adapter_of, base_model, prompt_pieces, text_chat
from chatfake.lorax.respond import Completion, answer_headers, complete, events_headers, failed
from chatfake.lorax.select_plan import plan_without_script
from chatfake.lorax.validation import limits_of, merge_failure, source_failure, text_failure
from chatfake.lorax.writing import Said
from chatfake.request.batch_limits import too_many_inputs
from chatfake.routes.lorax_embed import embedded

__all__ = ["answer_lorax_chat", "answer_lorax_completions", "answer_lorax_embeddings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """How one route writes."""

    body: Callable[[Page], JsonObject | Failure]
    chunks: Callable[[Page], Iterator[JsonObject]]


_CHAT = _Writer(body=chat_body, chunks=chat_chunks)
_TEXT = _Writer(body=text_body, chunks=text_chunks)


def answer_lorax_chat(context: RequestContext) -> Handled:
    """`/v1/chat/completions`: an error of template or tools comes before the stream, all others in it."""
    body = extracted(context, CHAT)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    ask = chat_ask(body, context.settings)
    if isinstance(ask, Failure):
        return Handled(answer=failure_answer(ask), json=body)
    return _answered(context, ask, _CHAT)


def answer_lorax_completions(context: RequestContext) -> Handled:
    """`/v1/completions`."""
    body = extracted(context, COMPLETION)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    return _answered(context, completion_ask(body, context.settings), _TEXT)


def _answered(context: RequestContext, ask: Ask, writer: _Writer) -> Handled:
    found = complete(context, ask)
    if isinstance(found, Failure):
        return Handled(answer=failed(context, ask, found), json=ask.body)
    answer = _written(context, ask, found, writer)
    answered = apply_lorax_effects(context, found.plan, answer, found.identity.digest)
    return Handled(answer=answered, json=ask.body, plan=found.plan)


def _written(context: RequestContext, ask: Ask, found: Completion, writer: _Writer) -> Answer:
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
        steps = tuple(event(dump(one)) for one in reshape.pieces(writer.chunks(page)))
        return Answer(status=200, headers=events_headers(context, ask), steps=(*steps, DONE))
    body = writer.body(page)
    if isinstance(body, Failure):
        return failure_answer(body)
    return written(reshape.whole(body), answer_headers(context, ask, said, found.identity.digest))


def answer_lorax_embeddings(context: RequestContext) -> Handled:
    """`/v1/embeddings`, which no OpenAI SDK can read: a bare list of numbered vectors."""
    body = extracted(context, EMBEDDINGS)
    if isinstance(body, Failure):
        return Handled(answer=failure_answer(body))
    given, found = body["input"], body.get("parameters")
    texts = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
    parameters = found if isinstance(found, dict) else {}
    adapter = adapter_of(parameters)
    chat = text_chat(context.settings, body, texts, adapter)
    plan = _embeddings_failure(context, parameters, texts) or plan_without_script(context, chat, adapter)
    if isinstance(plan, Failure):
        return Handled(answer=failure_answer(plan), json=body)
    vectors: list[JsonValue] = [
        {"index": index, "embedding": embedded(text), "object": "embedding"}
        for index, text in enumerate(texts)
    ]
    answer = written({"embeddings": vectors})
    return Handled(
        answer=apply_lorax_effects(context, plan, answer, identity(chat, ()).digest), json=body, plan=plan
    )


def _embeddings_failure(
    context: RequestContext, parameters: JsonObject, texts: tuple[str, ...]
) -> Failure | None:
    source = source_failure(adapter_of(parameters))
    if crowd := too_many_inputs(texts, 0):  # a bound of the fake's own
        return from_refusal(crowd)
    if context.settings.lenient:
        return source
    if not texts:
        return Failure(status=500, error="Embedding Failure", error_type="embedding_failure")
    longest = max(len(prompt_pieces(text)) for text in texts)
    return merge_failure(parameters) or text_failure(longest, limits_of(context.settings)) or source
