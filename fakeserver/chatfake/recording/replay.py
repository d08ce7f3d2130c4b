"""Answers from recordings: the same bytes, after the same times."""

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from chatfake.core.api_error import ApiError, shown
from chatfake.core.http import Answer, Cut, Headers, Pause, Reset, Send, Step
from chatfake.core.json_text import JsonError, JsonValue, parse
from chatfake.faults.raw import with_head
from chatfake.generation.reply import Reply
from chatfake.generation.scenarios import Scenario
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.recording.exchange import Arrival, Exchange, Finish
from chatfake.recording.folder import read_recordings
from chatfake.recording.hop_headers import end_to_end
from chatfake.recording.matching import MatchKey, match_key
from chatfake.recording.nearest import nearest
from chatfake.request.chat_request import Chat
from chatfake.scripting.key_session import KeySession
from chatfake.scripting.plan import Plan

#: Requests of one key whose repeats are counted; past them the first recording answers.
MOST_COUNTED = 100_000


def _says_nothing(_: Chat) -> tuple[Reply, ...]:
    return ()


#: What the journal has in the place of a scenario.
REPLAY = Scenario(
    name="replay", description="from a recording", outcome="which was a recording", speak=_says_nothing
)


class Replay:
    """Answers requests as they were recorded: `Fake(replay=DIR)`.

    A request that was recorded several times is answered in that order, and by the last from then on; each API key
    counts for itself. `speed` divides all pauses. `RecordingError` where a file is none.
    """

    def __init__(self, recordings: str | Path | Sequence[Exchange], *, speed: float = 1.0) -> None:
        exchanges = read_recordings(recordings) if isinstance(recordings, str | Path) else recordings
        if not speed > 0:
            raise ValueError(f"a speed is more than 0, not {speed}")
        self._speed = speed
        self._match_keys: dict[str, tuple[str, MatchKey]] = {}
        self._exchanges: dict[str, list[Exchange]] = {}
        for exchange in exchanges:
            one = match_key(exchange.request)
            self._match_keys.setdefault(one.identity, (Path(exchange.source).name, one))
            self._exchanges.setdefault(one.identity, []).append(exchange)
        self._counts: WeakKeyDictionary[KeySession, Counter[str]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def answered(self, context: RequestContext) -> Handled:
        """What was recorded, or an error that names the nearest."""
        wanted = match_key(context.request)
        json = _json(context.request.body)
        exchanges = self._exchanges.get(wanted.identity)
        if exchanges is None:
            return context.render_error(self._missing(wanted), json)
        place = min(self._repeat(context.session, wanted.identity), len(exchanges) - 1)
        return Handled(answer=replayed(exchanges[place], self._speed), json=json, plan=Plan(scenario=REPLAY))

    def _repeat(self, session: KeySession, identity: str) -> int:
        with self._lock:
            counts = self._counts.setdefault(session, Counter())
            if len(counts) < MOST_COUNTED or identity in counts:
                counts[identity] += 1
            return max(counts[identity] - 1, 0)

    def _missing(self, wanted: MatchKey) -> ApiError:
        near = nearest(wanted, self._match_keys.values())
        count = len(self._match_keys)
        many = "1 recorded request" if count == 1 else f"{count} recorded requests"
        return ApiError(
            message=f"No recording answers {wanted.method} {shown(wanted.path)}. "
            f"The nearest of {many}: {'. '.join(near)}.",
            code="no_recording",
            status=404,
        )


def _json(body: bytes) -> JsonValue:
    try:
        return parse(body)
    except JsonError:
        return None


def replayed(exchange: Exchange, speed: float = 1.0) -> Answer:
    """The answer of a recording: its bytes as steps, and the times between them as pauses."""
    arrival = exchange.arrival
    if arrival.raw:
        return Answer(status=arrival.status, headers=arrival.headers, steps=_steps(arrival, speed), raw=True)
    steps = _steps(arrival, speed)
    answer = Answer(status=arrival.status, headers=_headers(exchange), steps=steps)
    return with_head(answer) if _needs_own_head(answer, exchange) else answer


def _steps(arrival: Arrival, speed: float) -> tuple[Step, ...]:
    steps: list[Step] = []
    now = 0.0

    def wait(ms: float) -> None:
        nonlocal now
        if ms > now:
            steps.append(Pause((ms - now) / 1000 / speed))
            now = ms

    if not arrival.raw:
        wait(arrival.head_ms)
        # the head goes with the first bytes, and these are none
        steps.append(Send(b""))
    for reading in arrival.readings:
        wait(reading.ms)
        steps.append(Send(reading.data))
    wait(arrival.ended_ms)
    if arrival.finish is Finish.RESET:
        steps.append(Reset())
    elif arrival.finish is not Finish.COMPLETE:
        steps.append(Cut())
    return tuple(steps)


def _headers(exchange: Exchange) -> Headers:
    """Those that are not about the connection. A length that is not that of the bytes was edited, and is mended."""
    arrival = exchange.arrival
    headers = end_to_end(arrival.headers)
    if (
        exchange.request.method == "HEAD"
        or arrival.status in (204, 304)
        or arrival.finish is not Finish.COMPLETE
    ):
        return headers
    length = str(len(arrival.data))
    return tuple((name, length if name.lower() == "content-length" else one) for name, one in headers)


def _needs_own_head(answer: Answer, exchange: Exchange) -> bool:
    """Whether a server would refuse to send it: bytes where the status, or the length, has none."""
    data = exchange.arrival.data
    if not data:
        return False
    length = answer.header("content-length")
    return answer.status in (204, 304) or (length.isdecimal() and int(length) < len(data))
