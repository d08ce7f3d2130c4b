"""A play that never ends is refused at some point, and what is kept stays bounded."""

from chatfake.core.http import Answer as Sent
from chatproof.history.model.plan import ORDINARY
from chatproof.stage.room import Room
from chatproof.stage.source import Performed

SOURCE = Performed(planned=ORDINARY, route="chat", sending=Sent(status=200))


def test_a_room_is_full_at_some_point() -> None:
    room = Room(lambda side: side)
    taken = 0
    while not room.is_full:
        room.take("chat", b"x" * 1024, (), SOURCE, streamed=False)
        taken += 1
        assert taken <= 2_000
    other = Room(lambda side: side)
    other.take("chat", bytes(256 * 1024 * 1024), (), SOURCE, streamed=False)
    assert other.is_full
