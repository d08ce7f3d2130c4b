"""An answer as the bytes of its connection, so that a fault can strike in its head or in its framing."""

from dataclasses import replace
from http import HTTPStatus

from chatfake.core.http import Answer, Send, Step


def head_of(answer: Answer) -> bytes:
    """The status line and the headers; without a content length the body is sent in chunks."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    framing = () if answer.header("content-length") else (("transfer-encoding", "chunked"),)
    lines = [f"HTTP/1.1 {answer.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in (*answer.headers, *framing, ("connection", "close"))]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def with_head(answer: Answer) -> Answer:
    """The same answer, raw: its head, then its steps under the framing that the head tells of."""
    if answer.raw:
        return answer
    chunked = not answer.header("content-length")
    body = tuple(_chunk(step) for step in answer.steps) if chunked else answer.steps
    end = (Send(b"0\r\n\r\n"),) if chunked else ()
    return replace(answer, raw=True, steps=(Send(head_of(answer)), *body, *end))


def _chunk(step: Step) -> Step:
    if not isinstance(step, Send) or not step.data:
        return step
    return Send(b"%x\r\n%b\r\n" % (len(step.data), step.data))
