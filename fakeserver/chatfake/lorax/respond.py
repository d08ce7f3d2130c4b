"""From a request that could be read to what is said to it: the same for the native routes and for OpenAI's."""

from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers
from chatfake.generation.identity import Identity, identity
from chatfake.generation.reply import Reply
from chatfake.handling.request_context import RequestContext
from chatfake.lorax.effects import failure_answer, failure_event
from chatfake.lorax.generate_request import GenerateRequest, base_model
from chatfake.lorax.generation import Generation, GenerationLimits, generate
from chatfake.lorax.headers import AnswerCounts, generated_headers, stream_headers
from chatfake.lorax.native_rendering import Generations
from chatfake.lorax.select_plan import plan_for_generation
from chatfake.lorax.validation import limits_of, request_failure
from chatfake.scripting.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is said to a request, and by which plan."""

    plan: Plan
    identity: Identity
    #: None where nobody speaks.
    generations: Generations | None


def complete(context: RequestContext, request: GenerateRequest) -> Completion | ApiError:
    """Validates, chooses, speaks."""
    failure = None if context.settings.lenient else request_failure(request, limits_of(context.settings))
    plan = failure or plan_for_generation(context, request.chat(context.settings), request.adapter)
    if isinstance(plan, ApiError):
        return plan
    chat = request.chat(context.settings)
    replies = plan.scenario.speak(chat)
    mark = identity(chat, replies, context.settings.clock, context.settings.new_id)
    generations = _generations(context, request, replies, mark.digest) if replies else None
    return Completion(plan=plan, identity=mark, generations=generations)


def _generations(
    context: RequestContext, request: GenerateRequest, replies: tuple[Reply, ...], mark: str
) -> Generations:
    """As many sequences as are asked for, the likeliest first, the others as they came."""
    limit = GenerationLimits(
        room=request.room(context.settings),
        stops=request.stops,
        ignore_end=request.flag("ignore_eos_token"),
        alternatives=request.integer("return_k_alternatives"),
        tools=request.tools,
    )
    # where there are choices, a scenario may have more of them than were asked for
    count = request.best_of if request.conversation is None else max(request.best_of, len(replies))
    padded = (*replies, *(replies[-1:] * count))[:count]
    sequences = [
        generate(reply, limit, f"{mark}{number}", _seed(request, f"{mark}{number}"))
        for number, reply in enumerate(padded)
    ]
    best = max(sequences, key=_mean_logprob)
    return Generations(
        best=best,
        others=tuple(one for one in sequences if one is not best) if count > 1 else None,
        prompt=request.prompt,
        before=request.before,
        prefill=request.flag("decoder_input_details"),
    )


def _mean_logprob(sequence: Generation) -> float:
    return sequence.mean_logprob


def _seed(request: GenerateRequest, mark: str) -> int | None:
    """The one that was asked for, else one of the request's own; only where it means something."""
    if not request.samples:
        return None
    given = request.integer("seed")
    return int(mark[-16:], 16) if given is None else given


def failed(context: RequestContext, request: GenerateRequest, failure: ApiError) -> Answer:
    """A stream has begun before anything is validated: its error comes under status 200."""
    if not request.stream:
        return failure_answer(failure)
    return Answer(status=200, headers=events_headers(context, request), steps=(failure_event(failure),))


def answer_headers(
    context: RequestContext, request: GenerateRequest, generations: Generations, mark: str
) -> Headers:
    """Those of a JSON answer."""
    return generated_headers(
        AnswerCounts(
            model=base_model(context.settings),
            adapter=request.adapter,
            characters=len(request.inputs),
            prompt_tokens=generations.prompt_tokens,
            generated_tokens=len(generations.best.tokens),
            mark=mark,
        )
    )


def events_headers(context: RequestContext, request: GenerateRequest) -> Headers:
    """Those of a stream."""
    return stream_headers(base_model(context.settings), request.adapter, len(request.inputs))
