"""What can befall an answer on its way, by name. A new fault is one entry here; any can be laid over any scenario."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from chatfake.framing import DONE, refusal_answer
from chatfake.refusal import Refusal
from chatfake.wire import Answer, Cut, Headers, Send

Befall = Callable[[Answer], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A named change to an answer's status, headers or steps. `outcome` goes on a sentence as a scenario's does."""

    name: str
    description: str
    outcome: str
    befall: Befall
    #: It befalls the first so many attempts at a request, and no later one; None: all of them.
    first: int | None = None

    @property
    def written(self) -> str:
        """How it is written in a plan: `http-500`, or `http-500*2` for the first two attempts."""
        return self.name if self.first is None else f"{self.name}*{self.first}"


_FAULTS: dict[str, Fault] = {}


def fault(name: str, description: str, outcome: str) -> Callable[[Befall], Befall]:
    """Registers the decorated function under that name."""

    def register(befall: Befall) -> Befall:
        _FAULTS[name] = Fault(name=name, description=description, outcome=outcome, befall=befall)
        return befall

    return register


SERVER_ERROR = Refusal(
    message="The server had an error while processing your request. Sorry about that!",
    type="server_error",
    status=500,
)
RATE_LIMIT = Refusal(
    message="Rate limit reached in organization org-chatfake on requests per min (RPM): Limit 3, Used 3, "
    "Requested 1. Please try again in 1s. Visit https://platform.openai.com/account/rate-limits to learn more.",
    type="requests",
    code="rate_limit_exceeded",
    status=429,
)
RATE_LIMIT_HEADERS: Headers = (
    ("retry-after", "1"),
    ("retry-after-ms", "1000"),
    ("x-ratelimit-limit-requests", "3"),
    ("x-ratelimit-limit-tokens", "60000"),
    ("x-ratelimit-remaining-requests", "0"),
    ("x-ratelimit-remaining-tokens", "59000"),
    ("x-ratelimit-reset-requests", "1s"),
    ("x-ratelimit-reset-tokens", "1s"),
)


def _request_id(answer: Answer) -> Headers:
    return tuple(header for header in answer.headers if header[0] == "x-request-id")


@fault("http-500", "status 500 with OpenAI's error object", "which failed with status 500")
def _http_500(answer: Answer) -> Answer:
    return refusal_answer(SERVER_ERROR, _request_id(answer))


@fault("http-429", "status 429 with Retry-After and rate-limit headers", "which failed with status 429")
def _http_429(answer: Answer) -> Answer:
    return refusal_answer(RATE_LIMIT, (*_request_id(answer), *RATE_LIMIT_HEADERS))


@fault("stream-cut", "the connection is lost in mid-answer", "whose answer broke off in the middle")
def _stream_cut(answer: Answer) -> Answer:
    """A stream is cut between two events, after at least one; a body of one write in the middle of it."""
    sends = [step for step in answer.steps if isinstance(step, Send)]
    if len(sends) > 1:
        return replace(answer, steps=(*sends[: len(sends) // 2], Cut()))
    return replace(answer, steps=(*(Send(send.data[: len(send.data) // 2]) for send in sends), Cut()))


@fault("stream-no-done", "a stream that ends cleanly without [DONE]", "whose stream ended without [DONE]")
def _stream_no_done(answer: Answer) -> Answer:
    return replace(answer, steps=tuple(step for step in answer.steps if step != DONE))


#: Every fault by name.
FAULTS: Mapping[str, Fault] = MappingProxyType(_FAULTS)
