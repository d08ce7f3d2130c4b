"""The fake itself: from a request to an answer, and nothing else. It keeps no conversation.

request -> plan (who speaks) -> replies -> dialect (dicts) -> framing (bytes) -> faults (what befalls them)
"""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from chatfake.address import Address, address_of
from chatfake.chat import read_chat
from chatfake.dialect import Spoken, chunks, completion
from chatfake.framing import empty_answer, json_answer, refusal_answer, sse_answer
from chatfake.handle import Desk, Handle
from chatfake.identity import identity
from chatfake.journal import Recorded, redacted
from chatfake.jsontext import JsonError, JsonObject, JsonValue, canonical, digest, parse
from chatfake.limits import limited
from chatfake.models import Models
from chatfake.plan import OWNER, Plan, UnknownNameError, plan_named
from chatfake.refusal import BODY_TOO_LARGE, MALFORMED_JSON, NO_MODEL, Refusal, unknown_url, wrong_method
from chatfake.validation import refusal_of
from chatfake.wire import Answer, Request

if TYPE_CHECKING:
    from chatfake.transport_httpx import HandlerTransport
    from chatfake.transport_httpx2 import HandlerTransport as HandlerTransport2

MAX_BODY = 32 * 1024 * 1024
CONTEXT_LENGTH = 8192
#: No such host exists (RFC 6761): a client that forgets its transport fails at once.
IN_PROCESS_URL = "http://chatfake.invalid/v1"


class Fake:
    """A fake OpenAI-compatible server without a socket: `answer` is the whole of it.

    `models` serves just those names (and the scenarios); none given, any name. `clock` and `new_id` give real
    timestamps and ids; without them both are derived from the request. `context_length` is in tokens of
    `chatfake.tokens`. Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = (),
        clock: Callable[[], float] | None = None,
        new_id: Callable[[], str] | None = None,
        context_length: int = CONTEXT_LENGTH,
        max_body: int = MAX_BODY,
    ) -> None:
        self.models = Models(models)
        self.max_body = max_body
        self._clock = clock
        self._new_id = new_id
        self._context_length = context_length
        self._desks: dict[str, Desk] = {}
        self._anyone = Desk()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    # -- handles ------------------------------------------------------------------------------------------

    def handle(self, key: str | None = None, *, base_url: str = IN_PROCESS_URL) -> Handle:
        """The handle of a key, a new key if none is given. The same key gives the same script and journal."""
        with self._lock:
            name = f"sk-fake-{next(self._numbers)}" if key is None else key
            desk = self._desks.setdefault(name, Desk())
        return Handle(key=name, desk=desk, base_url=base_url)

    def forget(self, key: str) -> None:
        """Drops a key's script and journal; its requests are then anyone's."""
        with self._lock:
            self._desks.pop(key, None)

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """The requests that came without the key of a handle."""
        return self._anyone.journal.entries

    def httpx_transport(self) -> "HandlerTransport":
        """An in-process transport for `httpx` clients, sync and async."""
        from chatfake.transport_httpx import HandlerTransport  # noqa: PLC0415  httpx is not everyone's

        return HandlerTransport(self.answer)

    def httpx2_transport(self) -> "HandlerTransport2":
        """An in-process transport for `httpx2` clients, sync and async."""
        from chatfake.transport_httpx2 import HandlerTransport  # noqa: PLC0415  httpx2 is not everyone's

        return HandlerTransport(self.answer)

    # -- the server ---------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """What happens on the connection; the request is written into the journal of its key."""
        address = address_of(request)
        with self._lock:
            desk = self._desks.get(address.key, self._anyone)
        body, answer, plan = self._answered(request, address, desk)
        if request.method == "HEAD":
            answer = replace(answer, steps=())
        desk.journal.add(
            Recorded(
                method=request.method,
                path=address.path,
                query=request.query,
                headers=redacted(request.headers),
                body=request.body,
                json=body,
                status=answer.status,
                scenario="" if plan is None else plan.name,
                outcome=f"which was refused with status {answer.status}" if plan is None else plan.outcome,
            )
        )
        return answer

    def _answered(
        self, request: Request, address: Address, desk: Desk
    ) -> tuple[JsonValue, Answer, Plan | None]:
        methods = _methods(address.path)
        method = "GET" if request.method == "HEAD" else request.method
        if not methods:
            return None, refusal_answer(unknown_url(request.method, request.path)), None
        allow = (("allow", ", ".join(methods)),)
        if method == "OPTIONS":
            return None, empty_answer(204, allow), None
        if request.method not in methods:
            return None, refusal_answer(wrong_method(request.method, request.path), allow), None
        if method == "GET":
            return None, self._models(address.path), None
        return self._chat(request, address, desk)

    def _models(self, path: str) -> Answer:
        name = path.removeprefix("/models").removeprefix("/")
        if not name:
            return json_answer(self.models.listing())
        refusal = self.models.refusal(name)
        return json_answer(self.models.entry(name)) if refusal is None else refusal_answer(refusal)

    def _chat(self, request: Request, address: Address, desk: Desk) -> tuple[JsonValue, Answer, Plan | None]:
        if len(request.body) > self.max_body:
            return None, refusal_answer(BODY_TOO_LARGE), None
        if not request.body.strip():
            return None, refusal_answer(NO_MODEL), None
        try:
            body = parse(request.body)
        except JsonError:
            return None, refusal_answer(MALFORMED_JSON), None
        refusal = refusal_of(body, self._context_length)
        if refusal is not None or not isinstance(body, dict):
            return body, _refused(refusal or MALFORMED_JSON, body), None
        plan = self._plan(str(body["model"]), address, desk)
        if isinstance(plan, Refusal):
            return body, _refused(plan, body), None
        return body, self._spoken(body, plan), plan

    def _plan(self, model: str, address: Address, desk: Desk) -> Plan | Refusal:
        """What the request chooses itself (path or header, then model), else the next of its key's script."""
        refusal = self.models.refusal(model)
        if refusal is not None:
            return refusal
        if address.plan:
            try:
                return plan_named(address.plan)
            except UnknownNameError as unknown:
                return Refusal(message=f"{unknown}.", code="scenario_not_found", status=404)
        return plan_named(model.removeprefix(OWNER)) if model.startswith(OWNER) else desk.take()

    def _spoken(self, body: JsonObject, plan: Plan) -> Answer:
        chat = read_chat(
            {key: value for key, value in body.items() if value is not None}, self._context_length
        )
        replies = tuple(limited(reply, chat) for reply in plan.scenario.speak(chat))
        spoken = Spoken(
            chat=chat, replies=replies, identity=identity(chat, replies, self._clock, self._new_id)
        )
        headers = (("x-request-id", spoken.identity.request_id),)
        answer = (
            sse_answer(chunks(spoken), headers)
            if chat.stream
            else json_answer(completion(spoken), headers=headers)
        )
        for fault in plan.faults:
            answer = fault.befall(answer)
        return answer


def _refused(refusal: Refusal, body: JsonValue) -> Answer:
    """A refusal of a parsed body, which has a request id of its own."""
    return refusal_answer(refusal, (("x-request-id", f"req_{digest(canonical(body))[:32]}"),))


def _methods(path: str) -> tuple[str, ...]:
    """The methods of a route; none for a path that is no route."""
    if path == "/chat/completions":
        return ("POST", "OPTIONS")
    if path == "/models" or path.startswith("/models/"):
        return ("GET", "HEAD", "OPTIONS")
    return ()
