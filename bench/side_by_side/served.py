"""The endpoints of the self-test, each served over HTTP on the loopback interface."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bench.side_by_side.theirs import THEIRS

from chatfake import Answer, LiveServer, Request
from chatfake.core.asgi_connection import App, ClientLeft, Receive, Scope, Sender, body_of, request_of
from chatfake.serving.asgi import send_answer
from chatproof.selftest.endpoint.judged import plain
from chatproof.selftest.endpoint.matrix import ENDPOINTS
from chatproof.selftest.endpoint.wrapping import Handler, Wrapper

#: The right fake as it is: what each tool says of it is what its other verdicts are held against.
PLAIN = "plain"

MODEL = "tiny"


_MOST = 16_000_000
"""Bytes of a request: more than any tool sends."""

_AT_ONCE = 16
"""Requests that are answered at once, for some endpoints are broken in what they do then."""

_MADE: dict[str, Wrapper] = {
    PLAIN: lambda handler: handler,
    **{name: one.make for name, one in ENDPOINTS.items()},
    **{name: make for name, (_, make) in THEIRS.items()},
}


def served(name: str, seen: list[Request]) -> LiveServer:
    """The endpoint of that name, made anew, for some remember what they were asked; `seen` gets each request."""
    handler = _MADE[name](plain())

    def answer(request: Request) -> Answer:
        seen.append(request)
        return handler(request)

    return LiveServer(app=_app(answer))


def _app(handler: Handler) -> App:
    threads = ThreadPoolExecutor(_AT_ONCE)

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] != "http":
            return
        try:
            body = await body_of(receive, _MOST)
        except ClientLeft:
            return
        request = request_of(scope, body or b"")
        answer = await asyncio.get_running_loop().run_in_executor(threads, handler, request)
        await send_answer(answer, scope, receive, send)

    return app


def endpoints(every: int = 1) -> dict[str, str]:
    """What each breaks, by name: the id of a case, the tool whose check it is, or nothing where it is right.

    Of those that were broken for chatproof, each `every`th; of the others, four times as many. LoRAX's own routes are
    left out, for none but chatproof speaks them.
    """
    known = {name: one.breaks for name, one in ENDPOINTS.items() if one.profile == "openai"}
    ours = {name: breaks for name, breaks in known.items() if breaks}
    right = {name: breaks for name, breaks in known.items() if not breaks}
    theirs = {name: tool for name, (tool, _) in THEIRS.items()}
    taken = [*[*ours][::every], *[*right][:: rest(every)], *[*theirs][:: rest(every)]]
    return {name: (ours | right | theirs)[name] for name in taken}


def rest(every: int) -> int:
    """Each how many of the others is taken."""
    return max(1, every // 4)
