"""The process of a client: `python -m chatproof.drivers.child READ WRITE TARGET`, two open files and a factory's name.

The client lives in the main thread, as in a program of its own; another thread listens to the parent.
"""

import faulthandler
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

from chatproof.drivers.driver import CannotError, ClientFailedError
from chatproof.drivers.factory import load_factory
from chatproof.drivers.python_client import PythonClient
from chatproof.drivers.surroundings import Surroundings
from chatproof.drivers.variables import put, variables_at
from chatproof.drivers.wire import (
    ending_to_json,
    endpoint_from_json,
    line_of,
    saying_from_json,
    write_all,
)
from chatproof.drivers.worker import Worker
from chatproof.history.model.endpoint import CannotBuildError, told

__all__ = ["main"]

_CUT_OFF = 70
"""The status of a process whose parent cannot be told anything."""

_FAILURES = (CannotBuildError, CannotError, ClientFailedError)


class _Child:
    def __init__(self, reading: int, writing: int, target: str) -> None:
        self._reading = reading
        self._writing = writing
        self._worker = Worker()
        self._client = PythonClient(load_factory(target), self._worker)
        self._surroundings = Surroundings()
        self._ops: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "open": self._open,
            "say": lambda call: ending_to_json(self._client.say(saying_from_json(call["saying"]))),
            "again": lambda call: ending_to_json(self._client.again(call["to"])),
            "together": self._together,
            "restart": lambda _: self._client.restart(),
            "clear": lambda call: self._client.clear(call["to"]),
            "fork": lambda call: self._client.fork(call["to"], call["at"], call["new"]),
            "load": lambda call: self._client.load(tuple(call["texts"]), call["new"]),
            "older": lambda _: self._client.older(),
            "window": lambda call: self._client.window(call["n"]),
            "tear": lambda call: self._surroundings.kill_beyond(call["size"]),
            "spoil": lambda _: self._surroundings.forbid_files(),
            "close": lambda _: self._client.close(),
        }

    def run(self) -> None:
        """Do what the parent says, until it says no more."""
        self._tell({"id": 0, "value": None})
        threading.Thread(target=self._listen, name="chatproof parent", daemon=True).start()
        self._worker.run()

    def _listen(self) -> NoReturn:
        with suppress(OSError, ValueError), os.fdopen(self._reading, "rb") as lines:
            for line in lines:
                call = json.loads(line)
                if call["op"] == "cancel":
                    self._client.cancel()
                elif call["op"] == "proceed":
                    self._client.proceed()
                else:
                    self._worker.submit(lambda call=call: self._answer(call))  # type: ignore[misc]
        os._exit(0)  # whatever the client has left behind

    def _answer(self, call: Mapping[str, Any]) -> None:
        try:
            value = self._ops[call["op"]](call)
        except _FAILURES as error:
            answer: dict[str, Any] = {"failed": type(error).__name__, "text": str(error)}
        except BaseException as error:  # noqa: BLE001  the client's, in whatever it has overridden
            answer = {"failed": ClientFailedError.__name__, "text": told(error)}
        else:
            counts = {name: self._client.kind(name) for name in ("say", "stream")}
            answer = {
                "value": value,
                "can": sorted(self._client.can),
                "kinds": counts,
                "altered": self._client.altered(),
            }
        self._surroundings.restore_folder()
        self._tell({"id": call["id"], **answer})

    def _open(self, call: Mapping[str, Any]) -> None:
        self._surroundings.restore()
        endpoint = endpoint_from_json(call["endpoint"])
        put(variables_at(endpoint.home, os.environ))
        self._client.open(endpoint)

    def _together(self, call: Mapping[str, Any]) -> Any:
        both = self._client.together(saying_from_json(call["first"]), saying_from_json(call["second"]))
        return [ending_to_json(one) for one in both]

    def _tell(self, answer: Mapping[str, Any]) -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        try:
            write_all(self._writing, line_of(answer))
        except OSError:  # the client has closed what was not its own, and nobody would ever hear of it again
            os._exit(_CUT_OFF)


def main(reading: int, writing: int, target: str) -> None:
    """Live until the parent ends."""
    for fd in (reading, writing):
        os.set_inheritable(fd, False)  # noqa: FBT003  it takes no name
    sys.argv = [target]
    faulthandler.enable()
    try:
        child = _Child(reading, writing, target)
    except CannotBuildError as error:
        write_all(writing, line_of({"id": 0, "failed": "CannotBuildError", "text": str(error)}))
        return
    child.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
