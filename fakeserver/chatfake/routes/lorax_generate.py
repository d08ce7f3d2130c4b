"""LoRAX's `POST /`, `/invocations`, `/generate` and `/generate_stream`: one prompt, and how a model goes on."""

from chatfake.asked import Answered, Asked
from chatfake.framing import event
from chatfake.identity import identity
from chatfake.jsontext import dump
from chatfake.lorax.befalling import lorax_befallen, written
from chatfake.lorax.choosing import speaks
from chatfake.lorax.extract import extracted
from chatfake.lorax.failure import INCOMPLETE, Failure, failure_answer, failure_event
from chatfake.lorax.forms import COMPAT_GENERATE, GENERATE
from chatfake.lorax.generation import Generation, Limit, generated
from chatfake.lorax.heads import Counted, generated_headers, stream_headers
from chatfake.lorax.parameters import Ask, base_model, read_ask
from chatfake.lorax.validation import ask_failure, limits_of
from chatfake.lorax.writing import Said, answer_body, events
from chatfake.plan import Plan
from chatfake.reply import Reply
from chatfake.wire import Answer, Headers

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
    failure = None if asked.house.lenient else ask_failure(ask, limits_of(asked.house))
    plan = failure or speaks(asked, ask.chat(asked.house))
    if isinstance(plan, Failure):
        return Answered(answer=_failed(asked, ask, plan), json=ask.body)
    return Answered(answer=_spoken(asked, ask, plan, in_list=in_list), json=ask.body, plan=plan)


def _failed(asked: Asked, ask: Ask, failure: Failure) -> Answer:
    """A stream has begun before anything is validated: its error comes under status 200."""
    if not ask.stream:
        return failure_answer(failure)
    return Answer(status=200, headers=_stream_headers(asked, ask), steps=(failure_event(failure),))


def _spoken(asked: Asked, ask: Ask, plan: Plan, *, in_list: bool) -> Answer:
    chat = ask.chat(asked.house)
    replies = plan.scenario.speak(chat)
    mark = identity(chat, replies, asked.house.clock, asked.house.new_id).digest
    if not replies:  # nobody speaks: the router says so where the model's side ends without a word
        return lorax_befallen(asked, plan, _failed(asked, ask, INCOMPLETE), mark)
    said = _said(asked, ask, replies, mark)
    if ask.stream:
        steps = tuple(event(dump(one)) for one in events(said, details=ask.flag("details")))
        answer = Answer(status=200, headers=_stream_headers(asked, ask), steps=steps)
    else:
        body = answer_body(said, details=ask.details)
        answer = written([body] if in_list else body, _headers(asked, ask, said, mark))
    return lorax_befallen(asked, plan, answer, mark)


def _said(asked: Asked, ask: Ask, replies: tuple[Reply, ...], mark: str) -> Said:
    """As many sequences as are asked for, the likeliest first, the others as they came."""
    limit = Limit(
        room=ask.room(asked.house),
        stops=ask.stops,
        ignore_end=ask.flag("ignore_eos_token"),
        alternatives=ask.whole("return_k_alternatives"),
    )
    padded = (*replies, *(replies[-1:] * ask.best_of))[: ask.best_of]
    sequences = [
        generated(reply, limit, f"{mark}{number}", _seed(ask, f"{mark}{number}"))
        for number, reply in enumerate(padded)
    ]
    best = max(sequences, key=_mean)
    others = tuple(one for one in sequences if one is not best)
    return Said(
        best=best,
        others=others if ask.best_of > 1 else None,
        prompt=ask.prompt,
        before=ask.before,
        prefill=ask.flag("decoder_input_details"),
    )


def _mean(sequence: Generation) -> float:
    return sequence.mean


def _seed(ask: Ask, mark: str) -> int | None:
    """The one that was asked for, else one of the request's own; only where it means something."""
    given = ask.whole("seed")
    if not ask.samples:
        return None
    return int(mark[-17:-1], 16) ^ int(mark[-1]) if given is None else given


def _headers(asked: Asked, ask: Ask, said: Said, mark: str) -> Headers:
    return generated_headers(
        Counted(
            model=base_model(asked.house),
            adapter=ask.adapter,
            characters=len(ask.inputs),
            prompt_tokens=said.prompt_tokens,
            generated_tokens=len(said.best.tokens),
            mark=mark,
        )
    )


def _stream_headers(asked: Asked, ask: Ask) -> Headers:
    return stream_headers(base_model(asked.house), ask.adapter, len(ask.inputs))
