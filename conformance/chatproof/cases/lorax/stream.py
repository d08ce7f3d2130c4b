"""Cases about the stream of LoRAX's `/generate_stream`."""

import re
from collections.abc import Iterator

from chatproof.cases.answer import Seen, parted, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.lorax.generation import STREAM, Generated, asked, end_without_route, plain
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import MOST_EVENTS, events_of
from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange
from chatschema.lorax import GenerateStream

__all__ = ["Streamed"]


class Streamed(Seen):
    """The events of one stream, judged, and the text that they add up to."""

    def __init__(self, exchange: Exchange) -> None:
        end_without_route(exchange)
        super().__init__(exchange)
        self.grammar = GenerateStream()
        self.events = events_of(exchange)[0][:MOST_EVENTS]
        for event in self.events:
            self.grammar.feed(event)
        self.grammar.close()

    @property
    def answer(self) -> Generated:
        """The text.

        Raises:
            InconclusiveError: there is none; lorax.stream.last-event reports that.
        """
        value = self.grammar.assembled()
        if value is None:
            raise InconclusiveError(f"no stream to judge: {self.exchange.describe()}", self.exchange)
        return Generated(self.exchange, value)

    def findings(self, rules: str) -> Iterator[Finding]:
        """Violations whose rules fit the pattern."""
        found = self.grammar.violations
        yield from findings((v for v in found if re.fullmatch(rules, v.rule)), self.exchange)


def _plain_stream(endpoint: Endpoint) -> Streamed:
    exchange = endpoint.shared(asked(), STREAM)
    if exchange.status not in {200, 404, 405}:
        raise InconclusiveError(f"no stream to judge: {exchange.describe()}", exchange)
    return Streamed(exchange)


@case(
    "lorax.stream.framing",
    Level.MUST,
    breaks="Clients that read line by line see no events, or take [DONE] for JSON.",
    reference="axum 0.7 response/sse.rs; lorax-client: each line after `data:` is one JSON object",
)
def framing(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /generate_stream gives `text/event-stream`: one JSON object an event, and no [DONE]."""
    exchange = endpoint.shared(asked(), STREAM)
    received = exchange.received
    end_without_route(exchange)
    if exchange.status != 200 or received is None or received.media_type != "text/event-stream":
        yield Finding.instead("200 with text/event-stream", exchange)
        return
    yield from _plain_stream(endpoint).findings(r"lorax\.stream\.framing")


@case(
    "lorax.stream.shape",
    Level.MUST,
    breaks="lorax-client takes the event for an error and ends the stream.",
    reference="router/src/lib.rs StreamResponse, StreamDetails, Token",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Each event has `token`, `generated_text` and `details`, in their types."""
    yield from _plain_stream(endpoint).findings(r"lorax\.stream\.shape|shape\..*|lorax\.spec-complete")


@case(
    "lorax.stream.last-event",
    Level.MUST,
    breaks="A client cannot tell a whole text from one whose connection was lost.",
    reference="router/src/server.rs generate_stream_with_callback",
)
def last_event(endpoint: Endpoint) -> Iterator[Finding]:
    """Only the last event has `generated_text`, and `details` where they were asked for; nothing comes after it."""
    streamed = _plain_stream(endpoint)
    yield from streamed.findings(r"lorax\.stream\.last-event|lorax\.errors\.stream")
    if streamed.exchange.failure is not None:
        breaks = "The text ends in the middle."
        yield Finding.instead("the end of the stream", streamed.exchange, breaks=breaks)
    last = streamed.grammar.last
    if last is not None and not isinstance(last.get("details"), dict):
        path = f"$[{len(streamed.events) - 1}].details"
        yield streamed.unlike("details, which were asked for", last.get("details"), path)


@case(
    "lorax.stream.text-adds-up",
    Level.MUST,
    breaks="What a user saw word by word is not what the program keeps.",
    reference="router/src/infer.rs: generated_text is what the tokens decode to",
)
def text_adds_up(endpoint: Endpoint) -> Iterator[Finding]:
    """The tokens that are not special add up to `generated_text`, and to the count of the details."""
    streamed = _plain_stream(endpoint)
    _ = streamed.answer
    yield from streamed.findings(r"lorax\.stream\.text-adds-up")


@case(
    "lorax.stream.equals-json",
    Level.SHOULD,
    breaks="A program that turns streaming on gets another text, another cost or another ending.",
    reference="one generation, two routes: /generate and /generate_stream",
)
def equals_json(endpoint: Endpoint) -> Iterator[Finding]:
    """The same greedy request gives the same text, count and finish_reason as /generate."""
    ours, theirs = plain(endpoint), _plain_stream(endpoint).answer
    if ours.text != theirs.text:
        expected, seen = parted(ours.text, theirs.text)
        breaks = "A program that turns streaming on gets another text."
        yield theirs.finding(expected, seen, "$.generated_text", breaks=breaks, compared=ours.exchange)
    for name in ("prompt_tokens", "generated_tokens", "finish_reason"):
        one, other = ours.details.get(name), theirs.details.get(name)
        if one is not None and other is not None and one != other:
            what = "ending" if name == "finish_reason" else "cost"
            yield theirs.finding(
                shown(one),
                shown(other),
                f"$.details.{name}",
                breaks=f"A program that turns streaming on gets another {what}.",
                compared=ours.exchange,
            )
