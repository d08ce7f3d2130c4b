"""The fake itself: from a request to an answer, and nothing else. It keeps no conversation.

request -> route -> plan -> replies -> dialect (dicts) -> bytes -> effects (what happens to the bytes, and when)
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from chatfake.core.http import Answer, Ending, Request, VirtualClock
from chatfake.core.secret_names import without_secret_headers, without_secret_members
from chatfake.dialects import dialect_named
from chatfake.faults.latency import NONE, latency_of
from chatfake.handle import Handle
from chatfake.handling.request_context import RequestContext, address_of
from chatfake.handling.settings import CONTEXT_LENGTH, MAX_BODY, Models, Settings
from chatfake.journal.journal import Recorded
from chatfake.routes import handle
from chatfake.scripting.key_sessions import KeySessions
from chatfake.scripting.plan import Plan

if TYPE_CHECKING:
    from chatfake.recording.replay import Replay
    from chatfake.transports.httpx import HandlerTransport
    from chatfake.transports.httpx2 import HandlerTransport as HandlerTransport2

#: No such host exists (RFC 6761): a client that forgets its transport fails at once.
IN_PROCESS_URL = "http://chatfake.invalid/v1"


class Fake:
    """A fake OpenAI-compatible server without a socket: `answer` is the whole of it.

    `models` serves just those names (and the scenarios); none given, any name. `clock` and `new_id` give real
    timestamps and ids; without them both are derived from the request. `context_length` is in tokens of
    `chatfake.core.tokens`, `latency` a model as in `chatfake.faults.latency`, `dialect` a name in `chatfake.dialects`;
    `lenient` refuses nothing that can be read as a request. Safe to use from several threads. `workers`
    says how many processes will serve it. `replay` answers from recordings alone: a folder, or a `Replay`.
    `UnknownDialectError` and `LatencyError` say what there is instead.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = (),
        clock: Callable[[], float] | None = None,
        new_id: Callable[[], str] | None = None,
        context_length: int = CONTEXT_LENGTH,
        max_body: int = MAX_BODY,
        latency: str = "",
        dialect: str = "openai",
        lenient: bool = False,
        workers: int = 1,
        replay: "str | Path | Replay | None" = None,
    ) -> None:
        self.settings = Settings(
            models=Models(models),
            clock=clock,
            new_id=new_id,
            context_length=context_length,
            max_body=max_body,
            latency=latency_of(latency) if latency else NONE,
            dialect=dialect_named(dialect),
            lenient=lenient,
            workers=workers,
        )
        #: Time that pauses take in process; shared by this fake's in-process transports.
        self.time = VirtualClock()
        self.sessions = KeySessions()
        self._replay = _replay_of(replay)

    # -- handles ------------------------------------------------------------------------------------------

    def handle(self, key: str | None = None, *, base_url: str = IN_PROCESS_URL) -> Handle:
        """The handle of a key, a new key if none is given. The same key gives the same script and journal."""
        name, session = self.sessions.opened(key)
        return Handle(key=name, session=session, base_url=base_url)

    def forget(self, key: str) -> None:
        """Drops a key's script and journal; its requests are then anyone's."""
        self.sessions.forget(key)

    def script(self, text: str | bytes, name: str = "script") -> None:
        """Adds a script in YAML or JSON to the keys that it names, and to requests without one.

        Raises `ScriptError`, which names the line.
        """
        from chatfake.scripting.script_file import read_script  # noqa: PLC0415  YAML is not everyone's

        self.sessions.apply(read_script(text, name))

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """The requests that came without the key of a handle."""
        return self.sessions.anyone.journal.entries

    def httpx_transport(self) -> "HandlerTransport":
        """An in-process transport for `httpx` clients, sync and async."""
        from chatfake.transports.httpx import HandlerTransport  # noqa: PLC0415  httpx is not everyone's

        return HandlerTransport(self.answer, self.time)

    def httpx2_transport(self) -> "HandlerTransport2":
        """An in-process transport for `httpx2` clients, sync and async."""
        from chatfake.transports.httpx2 import HandlerTransport  # noqa: PLC0415  httpx2 is not everyone's

        return HandlerTransport(self.answer, self.time)

    # -- the server ---------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """What happens on the connection; the request is written into the journal of its key."""
        return self._answered(request, None)

    def answer_by(self, plan: Plan, request: Request) -> Answer:
        """The same by a plan, in place of what the request or its key's script chooses, for any model."""
        return self._answered(request, plan)

    def _answered(self, request: Request, plan: Plan | None) -> Answer:
        address = address_of(request)
        session = self.sessions.of(address.key)
        context = RequestContext(
            request=request,
            address=address,
            session=session,
            settings=self.settings,
            sessions=self.sessions,
            now=self.stopwatch(),
            plan=plan,
        )
        unknown = context.dialect_refusal
        if self._replay is not None and not address.path.startswith("/_fake"):
            found = self._replay.answered(context)
        else:
            found = handle(context) if unknown is None else context.render_error(unknown)
        answer = replace(found.answer, steps=()) if request.method == "HEAD" else found.answer
        if not found.journaled:
            return answer
        given = found.plan
        number = session.journal.add(
            Recorded(
                method=request.method,
                path=address.path,
                query=without_secret_members(request.query),
                headers=without_secret_headers(request.headers),
                body=request.body,
                json=found.json,
                status=answer.status,
                scenario="" if given is None else given.name,
                outcome=f"which was refused with status {answer.status}" if given is None else given.outcome,
                arrived=self.stopwatch(),
                answer=answer,
            )
        )

        def ended(ending: Ending) -> None:
            session.journal.finish(number, ending, self.stopwatch())

        return replace(answer, on_end=ended)

    @property
    def replays(self) -> bool:
        """Whether it answers from recordings."""
        return self._replay is not None

    def stopwatch(self) -> float:
        """Seconds for the journal: those that passed, and those that passed on `time` in process."""
        return monotonic() + self.time.now


def _replay_of(recordings: "str | Path | Replay | None") -> "Replay | None":
    if not isinstance(recordings, str | Path):
        return recordings
    from chatfake.recording.replay import Replay  # noqa: PLC0415  most fakes replay nothing

    return Replay(recordings)
