"""LoRAX's OpenAI routes: what is asked through the chat template becomes a native request, and its answer a likeness
of OpenAI's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatfake.core.framing import DONE, event
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.dialects.requests.lorax_errors import Failure, failure_answer, from_refusal
from chatfake.generation.identity import identity
from chatfake.handling.request_context import Answered, Asked
from chatfake.lorax.body import extracted
from chatfake.lorax.effects import lorax_befallen, written
from chatfake.lorax.generation import Generation, Token
from chatfake.lorax.openai_ask import chat_ask, completion_ask
from chatfake.lorax.openai_forms import CHAT, COMPLETION, EMBEDDINGS
from chatfake.lorax.openai_writing import Page, chat_body, chat_chunks, text_body, text_chunks
from chatfake.lorax.parameters import Ask, adapter_of, base_model, prompt_pieces, text_chat
from chatfake.lorax.respond import Spoken, answer_headers, events_headers, failed, spoken
from chatfake.lorax.select_plan import beside
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


def answer_lorax_chat(asked: Asked) -> Answered:
    """`/v1/chat/completions`: an error of template or tools comes before the stream, all others in it."""
    body = extracted(asked, CHAT)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    ask = chat_ask(body, asked.house)
    if isinstance(ask, Failure):
        return Answered(answer=failure_answer(ask), json=body)
    return _answered(asked, ask, _CHAT)


def answer_lorax_completions(asked: Asked) -> Answered:
    """`/v1/completions`."""
    body = extracted(asked, COMPLETION)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    return _answered(asked, completion_ask(body, asked.house), _TEXT)


def _answered(asked: Asked, ask: Ask, writer: _Writer) -> Answered:
    found = spoken(asked, ask)
    if isinstance(found, Failure):
        return Answered(answer=failed(asked, ask, found), json=ask.body)
    answer = _written(asked, ask, found, writer)
    befallen = lorax_befallen(asked, found.plan, answer, found.identity.digest)
    return Answered(answer=befallen, json=ask.body, plan=found.plan)


def _written(asked: Asked, ask: Ask, found: Spoken, writer: _Writer) -> Answer:
    nobody = Generation(tokens=(Token(text="", logprob=0.0),), finish_reason="eos_token")
    said = found.said or Said(best=nobody, others=None, prompt=ask.prompt, before="", prefill=False)
    page = Page(
        said=said,
        model=base_model(asked.house),
        created=found.identity.created,
        tools=ask.tools,
        empty=found.said is None,
    )
    reshape = found.plan.scenario.reshape
    if ask.stream:
        steps = tuple(event(dump(one)) for one in reshape.pieces(writer.chunks(page)))
        return Answer(status=200, headers=events_headers(asked, ask), steps=(*steps, DONE))
    body = writer.body(page)
    if isinstance(body, Failure):
        return failure_answer(body)
    return written(reshape.whole(body), answer_headers(asked, ask, said, found.identity.digest))


def answer_lorax_embeddings(asked: Asked) -> Answered:
    """`/v1/embeddings`, which no OpenAI SDK can read: a bare list of numbered vectors."""
    body = extracted(asked, EMBEDDINGS)
    if isinstance(body, Failure):
        return Answered(answer=failure_answer(body))
    given, found = body["input"], body.get("parameters")
    texts = tuple(map(str, given)) if isinstance(given, list) else (str(given),)
    parameters = found if isinstance(found, dict) else {}
    adapter = adapter_of(parameters)
    chat = text_chat(asked.house, body, texts, adapter)
    plan = _embeddings_failure(asked, parameters, texts) or beside(asked, chat, adapter)
    if isinstance(plan, Failure):
        return Answered(answer=failure_answer(plan), json=body)
    vectors: list[JsonValue] = [
        {"index": index, "embedding": embedded(text), "object": "embedding"}
        for index, text in enumerate(texts)
    ]
    answer = written({"embeddings": vectors})
    return Answered(
        answer=lorax_befallen(asked, plan, answer, identity(chat, ()).digest), json=body, plan=plan
    )


def _embeddings_failure(asked: Asked, parameters: JsonObject, texts: tuple[str, ...]) -> Failure | None:
    source = source_failure(adapter_of(parameters))
    if crowd := too_many_inputs(texts, 0):  # a bound of the fake's own
        return from_refusal(crowd)
    if asked.house.lenient:
        return source
    if not texts:
        return Failure(status=500, error="Embedding Failure", error_type="embedding_failure")
    longest = max(len(prompt_pieces(text)) for text in texts)
    return merge_failure(parameters) or text_failure(longest, limits_of(asked.house)) or source
