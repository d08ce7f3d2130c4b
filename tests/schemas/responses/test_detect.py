"""What is known for a response, an event, a stream or a request, and what is not."""

import pytest

from chatschema import JsonValue, Kind, check
from chatschema.judging.detect import response_kind_of
from tests.schemas.responses.samples import dump, numbered, piece, response, stream


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (response(), Kind.RESPONSE),
        ({"object": "response", "error": None}, Kind.RESPONSE),
        (piece("Hi"), Kind.RESPONSE_EVENT),
        ({"type": "keepalive", "sequence_number": 2}, Kind.RESPONSE_EVENT),
        ({"type": "error", "sequence_number": 0, "message": "no"}, Kind.RESPONSE_EVENT),
        ({"model": "m", "input": [{"role": "user", "content": "Hi"}]}, Kind.RESPONSE_REQUEST),
        ({"model": "m", "input": [{"type": "item_reference", "id": "x"}]}, Kind.RESPONSE_REQUEST),
        ({"model": "m", "input": "Hi", "store": False}, Kind.RESPONSE_REQUEST),
        ({"model": "m", "input": "Hi"}, None),  # for embeddings or moderation just as well
        ({"model": "m", "input": ["Hi"], "encoding_format": "float"}, None),
        ({"model": "m", "input": "Hi", "voice": "alloy", "stream": True}, None),
        ({"messages": [], "input": "Hi", "stream": True}, None),
        ({"object": "response.compaction"}, None),
        ({"type": ["response.created"], "sequence_number": 1}, None),
        ([], None),
        ("response", None),
    ],
)
def test_body_is_known_where_it_can_be_nothing_else(value: JsonValue, kind: Kind | None) -> None:
    assert response_kind_of(value) is kind


def test_stream_is_known_by_its_first_events() -> None:
    events = numbered(stream())
    assert check(dump(events)).kind == "response.sse"
    assert check(": waiting\n\n" + dump(events[4:])).kind == "response.sse"
    assert check(dump([{"type": "error", "sequence_number": 0, "message": "no"}])).kind == "response.sse"
