"""A client in Python behind the protocol: `python -m chatproof.drivers.jsonl.served TARGET`.

It does over JSON lines what the other drivers do with the client itself, so that both can be held to each other.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter

from chatproof.drivers.driver import CannotError, ClientFailedError, Saying
from chatproof.drivers.factory import load_factory
from chatproof.drivers.jsonl import requests as asked
from chatproof.drivers.jsonl.answers import Ability
from chatproof.drivers.python_client import PythonClient
from chatproof.drivers.surroundings import Surroundings
from chatproof.drivers.variables import put, variables_at
from chatproof.drivers.wire import line_of, write_all
from chatproof.drivers.worker import Worker
from chatproof.history.model.endpoint import CannotBuildError, Endpoint, told
from chatproof.history.model.policy_file import policy_from_json
from chatproof.history.model.seen import Cancelled, Displayed, Ending, Hung, Printed, Raised, Returned

__all__ = ["main"]

_REQUEST: TypeAdapter[asked.Request] = TypeAdapter(asked.Request)


class _Served:
    def __init__(self, target: str) -> None:
        factory = load_factory(target)  # where there is none, the answer that says so goes where answers go
        self._writing, self._lock = os.dup(1), threading.Lock()
        os.dup2(2, 1)  # what the client prints is no answer
        self._worker = Worker()
        self._client = PythonClient(factory, self._worker)
        self._surroundings = Surroundings()
        self._under_way: set[int] = set()

    def run(self) -> None:
        """Answer until nothing more is asked."""
        threading.Thread(target=self._listen, name="chatproof requests", daemon=True).start()
        self._worker.run()

    def _listen(self) -> NoReturn:
        with os.fdopen(0, "rb", closefd=False) as lines:
            for line in lines:
                self._take(_REQUEST.validate_json(line))
        os._exit(0)  # whatever the client has left behind

    def _take(self, request: asked.Request) -> None:
        match request:
            case asked.Cancel():
                if request.of in self._under_way:
                    self._client.cancel()
                self._tell(request.id, {"ok": True})
            case asked.Say() if self._under_way:
                work = self._answering(
                    request, lambda: self._told(request.id, self._client.beside(_saying(request)))
                )
                threading.Thread(target=work, daemon=True).start()
            case asked.Say() | asked.Again():
                self._under_way.add(request.id)
                self._worker.submit(
                    self._answering(request, lambda: self._told(request.id, self._asked(request)))
                )
            case _:
                self._worker.submit(self._answering(request, lambda: self._done(request)))

    def _answering(self, request: asked.Request, work: Callable[[], Mapping[str, Any]]) -> Callable[[], None]:
        def run() -> None:
            try:
                answer = work()
            except CannotError as error:
                answer = {"cannot": str(error)}
            except (ClientFailedError, CannotBuildError) as error:
                answer = {"error": str(error)}
            except BaseException as error:  # noqa: BLE001  the client's, in whatever it has overridden
                answer = {"error": told(error)}
            self._under_way.discard(request.id)
            self._surroundings.restore_folder()
            self._tell(request.id, answer)

        return run

    def _asked(self, request: asked.Say | asked.Again) -> Ending:
        if isinstance(request, asked.Say):
            return self._client.say(_saying(request))
        return self._client.again(request.conversation)

    def _told(self, number: int, ending: Ending) -> Mapping[str, Any]:
        match ending:
            case Returned(text=text, shown=shown):
                if text is None and shown:
                    sys.stderr.write(f"it gave back {shown}\n")
                return {"reply": text}
            case Raised(error=error):
                return {"error": error}
            case Cancelled(text=text):
                self._tell(number, {"piece": text})
                return {"error": "cancelled"}
            case Hung() | Printed() | Displayed():
                raise AssertionError(ending)  # a client in Python does none of these

    def _done(self, request: asked.Request) -> Mapping[str, Any]:
        match request:
            case asked.Open():
                self._open(request)
            case asked.Restart():
                self._client.restart()
            case asked.Clear():
                self._client.clear(request.conversation)
            case asked.Fork():
                self._client.fork(request.conversation, request.at, request.new)
            case asked.Window():
                self._client.window(request.n)
            case asked.Load():
                self._client.load(tuple(one.content for one in request.messages), request.new)
            case asked.Older():
                self._client.older()
            case asked.Close():
                self._client.close()
            case asked.Say() | asked.Again() | asked.Cancel():
                raise AssertionError(request)
        return {"ok": True, "can": sorted(self._client.can & {*map(str, Ability)})}

    def _open(self, request: asked.Open) -> None:
        self._surroundings.restore()
        endpoint = Endpoint(
            base_url=request.base_url,
            api_key=request.api_key,
            model=request.model,
            system_prompt=request.system_prompt,
            policy=policy_from_json(request.policy),
            home=Path(request.home),
        )
        put(variables_at(endpoint.home, os.environ))
        self._client.open(endpoint)

    def _tell(self, number: int, answer: Mapping[str, Any]) -> None:
        with self._lock:
            write_all(self._writing, line_of({"id": number, **answer}))


def _saying(request: asked.Say) -> Saying:
    return Saying(text=request.text, to=request.conversation, streamed=request.stream)


def main(target: str) -> None:
    """Serve the clients of a factory, until the other side ends."""
    sys.argv = [target]
    try:
        served = _Served(target)
    except CannotBuildError as error:
        request = json.loads(sys.stdin.readline())
        sys.stdout.write(json.dumps({"id": request["id"], "error": str(error)}) + "\n")
        return
    served.run()


if __name__ == "__main__":
    main(sys.argv[1])
