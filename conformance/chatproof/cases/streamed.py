"""A stream that is compared with what JSON mode says, for the cases that ask for an option in both modes."""

from chatproof.cases.answer import ChatAnswer, completion
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.stream_answer import ChatStreamAnswer, refuse_cut, stream
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Exchange

__all__ = ["sound", "streamed"]


def sound(text: str) -> str:
    """A text without what its limit left of a character, and without blanks at its end: servers differ in both."""
    return text.rstrip("\ufffd").rstrip()


def streamed(endpoint: Endpoint, exchange: Exchange) -> ChatAnswer:
    """The completion that a stream adds up to, where the plain stream is what the plain JSON answer is.

    Raises:
        InconclusiveError: it is not, or this stream is not whole: whatever this one lacks has nothing to do with what
            was asked for.
    """
    plain, whole = completion(endpoint.plain()), stream(endpoint.plain_stream())
    same = (sound(plain.text), plain.finish_reason) == (
        sound(whole.answer.text),
        whole.answer.finish_reason,
    )
    if whole.cut or not same or len(whole.answer.choices) != len(plain.choices):
        told = "the plain stream is another reply than the plain JSON answer (see chat.sse.equals-json)"
        raise InconclusiveError(told, whole.exchange)
    refuse_cut(ChatStreamAnswer(exchange))
    return stream(exchange).answer
