"""Open Responses as cases see them: what a client without a server's memory asks, and what came."""

from chatproof.cases.answer import Answer, dicts_in
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.route_answer import Streamed, readable
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Json
from chatschema import ResponseStream

__all__ = [
    "PLAIN_INPUT",
    "RESPONSES",
    "ResponseAnswer",
    "exactly",
    "resent",
    "response",
    "response_body",
    "response_stream",
    "said",
]

RESPONSES = "/responses"
_SHAPE = "responses.json.shape"
_LIMIT = 32
"""OpenAI takes no fewer than 16."""

PLAIN_INPUT = "Count from one to ten."


class ResponseAnswer(Answer):
    """An answer, or a stream put together, seen as a response."""

    @property
    def items(self) -> list[dict[str, Json]]:
        """The items of the output that are objects."""
        return dicts_in(self.value, "output")

    @property
    def text(self) -> str:
        """The texts of all messages, joined as SDKs join them."""
        parts = [
            part for item in self.items if item.get("type") == "message" for part in dicts_in(item, "content")
        ]
        texts = (part.get("text") for part in parts if part.get("type") == "output_text")
        return "".join(text for text in texts if isinstance(text, str))

    @property
    def calls(self) -> list[dict[str, Json]]:
        """The calls of functions."""
        return [item for item in self.items if item.get("type") == "function_call"]


def response_body(
    endpoint: Endpoint, input_: Json = PLAIN_INPUT, *, limit: int = _LIMIT, **members: Json
) -> dict[str, Json]:
    """The body of a request; without more it is the one that tells whether there is this route."""
    made: dict[str, Json] = {
        "model": endpoint.profile.model,
        "input": input_,
        "max_output_tokens": limit,
        "store": False,
    }
    return made | members


def response(endpoint: Endpoint) -> ResponseAnswer:
    """The shared JSON answer to a plain request.

    Raises:
        UnsupportedError: the route is not there.
        InconclusiveError: it answers with something else; `responses.json.shape` reports that.
    """
    answer = ResponseAnswer(readable(endpoint, RESPONSES, response_body(endpoint), told_by=_SHAPE))
    if not isinstance(answer.value.get("output"), list):
        raise InconclusiveError(
            f"no response to judge (see {_SHAPE}): {answer.exchange.describe()}", answer.exchange
        )
    return answer


def response_stream(endpoint: Endpoint) -> Streamed:
    """The shared stream of a plain request."""
    return Streamed(endpoint.shared(response_body(endpoint, stream=True), RESPONSES), ResponseStream())


def said(text: str) -> dict[str, Json]:
    """A message of the user, as an item of the input."""
    return {"type": "message", "role": "user", "content": text}


def resent(answer: ResponseAnswer) -> list[Json]:
    """What came, as input of the next request: the items as they are, as SDKs and their guides do it.

    Reasoning cannot come back from where nothing is stored, unless it came encrypted: then the text alone is resent.
    """
    items: list[Json] = [*answer.items]
    lost = any(i.get("type") == "reasoning" and not i.get("encrypted_content") for i in answer.items)
    if lost or not items:
        return [{"type": "message", "role": "assistant", "content": answer.text or "One, two."}]
    return items


def exactly(answer: Answer) -> int:
    """The tokens of the input.

    Raises:
        InconclusiveError: there is no count; `responses.json.shape` reports that.
    """
    found = answer.count("input_tokens")
    if found is None:
        raise InconclusiveError(f"no input_tokens to compare: {answer.exchange.describe()}", answer.exchange)
    return found
