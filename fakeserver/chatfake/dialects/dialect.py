"""How a server writes what is said: members, chunks, errors, headers. OpenAI's manner is the ground of all others."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatfake.dialects import openai
from chatfake.dialects.openai import Spoken
from chatfake.framing import json_answer
from chatfake.jsontext import JsonObject
from chatfake.refusal import Refusal
from chatfake.wire import Answer, Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One server's manner, as data."""

    name: str
    source: str  #: where the manner was read: a recording with its version, or a file of the server's source

    def completion(self, spoken: Spoken) -> JsonObject:
        """The body of a JSON answer."""
        return openai.completion(spoken)

    def chunks(self, spoken: Spoken) -> Iterator[JsonObject]:
        """The chunks of a stream, in order."""
        return openai.chunks(spoken)

    def headers(self, spoken: Spoken) -> Headers:
        """What goes on an answer beside its content type and length."""
        return (("x-request-id", spoken.identity.request_id),)

    def refused(self, refusal: Refusal, headers: Headers = ()) -> Answer:
        """An error."""
        return json_answer(refusal.payload, refusal.status, headers)
