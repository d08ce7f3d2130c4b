"""What is said to a request as the answer on the wire: one JSON body, or a stream of named events."""

from chatfake.core.http import Answer, named_event
from chatfake.core.json_text import JsonObject
from chatfake.dialects import Dialect
from chatfake.responses.completion import Completion
from chatfake.responses.events import events_of, numbered
from chatfake.responses.output import output_of
from chatfake.responses.request import object_in
from chatfake.responses.reshape import ResponseReshape
from chatfake.responses.response_object import finished, started, with_billing


def written(completion: Completion, shape: ResponseReshape, dialect: Dialect) -> Answer:
    """JSON or a stream, as the request asks. OpenAI's streams of responses have no `[DONE]` (0 of 319 recorded)."""
    completion = shape.completion(completion)
    output = output_of(completion)
    items = shape.items(output)
    end = finished(completion, items)
    if not completion.chat.stream:
        return dialect.written(
            shape.whole(shape.response(with_billing(end))), completion.identity.request_mark
        )
    told = shape.events(events_of(shape.response(started(completion)), items, shape.response(end)))
    events = (
        named_event(str(event.get("type", "")), dialect.event_json(event))
        for event in numbered(told, _padding(completion.chat.body, completion.identity.digest))
    )
    return dialect.event_stream(events, completion.identity.request_mark)


def _padding(body: JsonObject, digest: str) -> str:
    """What the padding is derived from; nothing where the request wants none."""
    return "" if object_in(body, "stream_options").get("include_obfuscation") is False else digest
