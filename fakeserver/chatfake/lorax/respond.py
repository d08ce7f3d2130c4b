"""From a request that could be read to what is said to it: the same for the native routes and for OpenAI's."""

from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers
from chatfake.generation.identity import Identity, identity
from chatfake.generation.reply import Reply
from chatfake.handling.request_context import RequestContext
from chatfake.lorax.effects import failure_answer, failure_event
from chatfake.lorax.generation import Generation, Limit, generated
from chatfake.lorax.headers import Counted, generated_headers, stream_headers
from chatfake.lorax.parameters import Ask, base_model
from chatfake.lorax.select_plan import plan_for_text
from chatfake.lorax.validation import ask_failure, limits_of
from chatfake.lorax.writing import Said
from chatfake.scripting.plan import Plan

__all__ = ["Completion", "answer_headers", "complete", "events_headers", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is said to a request, and by which plan."""

    plan: Plan
    identity: Identity
    #: None where nobody speaks.
    said: Said | None


def complete(context: RequestContext, ask: Ask) -> Completion | ApiError:
    """Validates, chooses, speaks."""
    failure = None if context.settings.lenient else ask_failure(ask, limits_of(context.settings))
    plan = failure or plan_for_text(context, ask.chat(context.settings), ask.adapter)
    if isinstance(plan, ApiError):
        return plan
    chat = ask.chat(context.settings)
    replies = plan.scenario.speak(chat)
    mark = identity(chat, replies, context.settings.clock, context.settings.new_id)
    said = _said(context, ask, replies, mark.digest) if replies else None
    return Completion(plan=plan, identity=mark, said=said)


def _said(context: RequestContext, ask: Ask, replies: tuple[Reply, ...], mark: str) -> Said:
    """As many sequences as are asked for, the likeliest first, the others as they came."""
    limit = Limit(
        room=ask.room(context.settings),
        stops=ask.stops,
        ignore_end=ask.flag("ignore_eos_token"),
        alternatives=ask.whole("return_k_alternatives"),
        tools=ask.tools,
    )
    # where there are choices, a scenario may have more of them than were asked for
    count = ask.best_of if ask.talk is None else max(ask.best_of, len(replies))
    padded = (*replies, *(replies[-1:] * count))[:count]
    sequences = [
        generated(reply, limit, f"{mark}{number}", _seed(ask, f"{mark}{number}"))
        for number, reply in enumerate(padded)
    ]
    best = max(sequences, key=_mean)
    return Said(
        best=best,
        others=tuple(one for one in sequences if one is not best) if count > 1 else None,
        prompt=ask.prompt,
        before=ask.before,
        prefill=ask.flag("decoder_input_details"),
    )


def _mean(sequence: Generation) -> float:
    return sequence.mean


def _seed(ask: Ask, mark: str) -> int | None:
    """The one that was asked for, else one of the request's own; only where it means something."""
    if not ask.samples:
        return None
    given = ask.whole("seed")
    return int(mark[-16:], 16) if given is None else given


def failed(context: RequestContext, ask: Ask, failure: ApiError) -> Answer:
    """A stream has begun before anything is validated: its error comes under status 200."""
    if not ask.stream:
        return failure_answer(failure)
    return Answer(status=200, headers=events_headers(context, ask), steps=(failure_event(failure),))


def answer_headers(context: RequestContext, ask: Ask, said: Said, mark: str) -> Headers:
    """Those of a JSON answer."""
    return generated_headers(
        Counted(
            model=base_model(context.settings),
            adapter=ask.adapter,
            characters=len(ask.inputs),
            prompt_tokens=said.prompt_tokens,
            generated_tokens=len(said.best.tokens),
            mark=mark,
        )
    )


def events_headers(context: RequestContext, ask: Ask) -> Headers:
    """Those of a stream."""
    return stream_headers(base_model(context.settings), ask.adapter, len(ask.inputs))
