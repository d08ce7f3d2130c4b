"""LoRAX as it is written by other hands, or was in other versions: unusual and right."""

from collections.abc import Callable, Mapping

from chatfake import Answer, Request
from chatproof.selftest.endpoint.lorax_miniatures.registry import answers, at, each_event
from chatproof.selftest.endpoint.wrapping import Handler, Object, Wrapper, with_body

__all__ = ["LORAX_VARIANTS", "each_token"]


def each_token(change: Callable[[Object], object]) -> Wrapper:
    """Change each token, in an answer and in a stream."""

    def in_details(value: Object) -> None:
        details: Object = value.get("details") or {}
        tokens: list[Object] = details.get("tokens") or []
        for token in tokens:
            change(token)

    whole, stream = answers(in_details), each_event(lambda _, event: change(event["token"]))
    return lambda handler: whole(stream(handler))


def _tight(_: Request, answer: Answer) -> Answer:
    """LoRAX before 0.12.0: no space after the colon."""
    return with_body(answer, answer.body.replace(b"data: ", b"data:"))


def _waiting(_: Request, answer: Answer) -> Answer:
    return with_body(answer, b":\n\n" + answer.body.replace(b"\n\n", b"\n\n:\n\n"))


def _chained(*wrappers: Wrapper) -> Wrapper:
    def make(handler: Handler) -> Handler:
        for wrapper in wrappers:
            handler = wrapper(handler)
        return handler

    return make


LORAX_VARIANTS: Mapping[str, Wrapper] = {
    "no-space": _chained(at("/generate_stream", _tight), at("/v1/chat/completions", _tight)),
    "keep-alive": at("/generate_stream", _waiting),
    "null-log-probabilities": each_token(lambda token: token.update(logprob=None)),
    "alternatives": each_token(
        lambda token: token.update(alternative_tokens=[{"id": 1, "text": "a", "logprob": None}])
    ),
    "more-info": at("/info", lambda _, a: with_body(a, a.body[:-1] + b',"router":"text-router"}')),
}
