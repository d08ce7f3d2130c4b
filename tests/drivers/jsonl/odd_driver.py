"""A driver that does what it is told to say: one word for each way to speak the protocol rightly or wrongly."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Odd:
    """The request that it is at, and one that waits."""

    def __init__(self) -> None:
        self.id = self.held = 0

    def tell(self, **answer: Any) -> None:
        self.out(json.dumps({"id": self.id, **answer}))

    def out(self, *lines: str, end: str = "\n") -> None:
        sys.stdout.write("\n".join(lines) + end)
        sys.stdout.flush()

    def raw(self, data: bytes) -> None:
        os.write(1, data.replace(b"ID", str(self.id).encode()))

    def pieces(self) -> None:
        self.tell(piece="one ")
        self.tell(piece="two")
        self.tell(ok=True)

    def whole(self) -> None:
        self.tell(piece="one ")
        self.tell(reply="one two")

    def prints(self) -> None:
        self.out("thinking", '{"level": 30, "msg": "x"}')
        self.out("no end", end="")
        self.tell(reply="hello")

    def prints_json(self) -> None:
        self.out('{"id": 7, "name": "x"}', "[1]", "{" * 200_000)
        self.tell(reply="hello")

    def no_text(self) -> None:
        self.raw(b"\xff\xfe{\n")
        self.tell(reply="hello")

    def floods(self) -> None:
        for _ in range(35):
            self.out("x" * 1_000_000, end="")
        self.out("")
        self.tell(reply="hello")

    def errs(self) -> None:
        sys.stderr.write("what went wrong\n")
        self.tell(reply="hello")

    def writes(self) -> None:
        try:
            Path(os.environ["HOME"], "file").write_text("x")
        except OSError as error:
            self.tell(error=type(error).__name__)
        else:
            self.tell(reply="written")

    def beside(self) -> None:
        """The first of two is answered after the second."""
        if not self.held:
            self.held = self.id
            return
        self.tell(reply="second")
        self.id, self.held = self.held, 0
        self.tell(reply="first")

    def holds(self) -> None:
        self.held = self.id
        self.tell(piece="so far")

    def twice(self) -> None:
        self.tell(reply="a")
        self.tell(reply="b")

    def late(self) -> None:
        self.tell(reply="a")
        self.tell(piece="b")

    def variables(self) -> None:
        self.tell(reply=f"{os.environ['OPENAI_BASE_URL']} {os.environ.get('MY_TOKEN')}")

    def says(self) -> dict[str, Callable[[], Any]]:
        return {
            "plain": lambda: self.tell(reply="hello"),
            "nothing": lambda: self.tell(reply=None),
            "fails": lambda: self.tell(error="status 500 sk-proj-" + "a" * 40 + "\x1b[31m"),
            "fails silently": lambda: self.tell(error=""),
            "cannot": lambda: self.tell(cannot="there is nobody to talk to"),
            "nulls": lambda: self.tell(reply="hello", error=None, ok=None, more=[1]),
            "float": lambda: self.raw(b'{"id": ID.0, "reply": "hello"}\r\n'),
            "in a line": lambda: self.raw(b'...{"id": ID, "piece": "a"}{"id": ID, "ok": true} done\n'),
            "home": lambda: self.tell(reply=os.environ["HOME"]),
            "exits": lambda: sys.exit(3),
            "dies": lambda: os.kill(os.getpid(), signal.SIGKILL),
            "hangs": lambda: time.sleep(600),
            "never": lambda: None,
            "ok": lambda: self.tell(ok=True),
            "both": lambda: self.tell(ok=True, reply="a"),
            "says nothing": lambda: self.tell(ok=None),
            "undefined": self.tell,
            "not ok": lambda: self.tell(ok=False),
            "number": lambda: self.tell(reply=7),
            "parts": lambda: self.tell(reply=[{"text": "a"}]),
            "another id": lambda: self.raw(b'{"id": 999, "reply": "a"}\n'),
            "text id": lambda: self.raw(b'{"id": "ID", "reply": "a"}\n'),
            "latin": lambda: self.raw(b'{"id": ID, "reply": "caf\xe9"}\n'),
            "long": lambda: self.out(f'{{"id": {self.id}, "reply": "{"x" * 33 * 1024 * 1024}"}}'),
        }

    def say(self, text: str) -> None:
        (self.says().get(text) or getattr(self, text))()


def main(how: str) -> None:
    odd, home = Odd(), Path()
    if how == "banner":
        odd.out("Odd driver, version 1")
    for line in sys.stdin:
        request = json.loads(line)
        odd.id = request["id"]
        match request["op"]:
            case "open" if how == "refuses":
                odd.tell(error="no licence")
            case "open" if how == "mistypes":
                odd.tell(ok=True, can=["agian"])
            case "open" if how == "reads on":
                home = Path(request["home"])
                odd.tell(ok=True, can=["stream"])
            case "say" if how == "reads on":
                odd.tell(piece="so far")
                (home / "begun").touch()
                while not (home / "go").exists():
                    time.sleep(0.001)
                odd.tell(reply="so far, and all the rest")
            case "open":
                odd.tell(ok=True, can=["cancel", "clear", "stream", "window"])
            case "say" if how == "echoes":
                odd.tell(reply="hello")
            case "say":
                odd.say(request["text"])
            case "cancel":
                odd.tell(ok=True)
                if odd.held == request["of"]:
                    odd.id, odd.held = odd.held, 0
                    odd.tell(error="aborted")
            case "window":
                odd.tell(reply="no")
            case "close":
                odd.tell(ok=True)
                if how == "ends":
                    return
            case other:
                odd.tell(cannot=f"there is no {other}")


main(sys.argv[1])
