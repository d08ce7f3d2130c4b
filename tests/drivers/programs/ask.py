"""A command that asks once, and has its history in a file at home. `ask.py MANNER [TEXT]`; else the text is read.

The manner `right` makes no mistake; every other one makes the one that it is named after.
"""

import fcntl
import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
chat = import_module("chat")

manner, *words = sys.argv[1:]
words = words[1:] if words[:1] == ["--"] else words
path = Path(os.environ["HOME"], "chat.json")
lock = os.open(path.with_name("lock"), os.O_CREAT | os.O_RDWR, 0o600)
fcntl.flock(lock, fcntl.LOCK_EX)


def stored() -> list[dict[str, str]]:
    """The history; a file that is none is set aside."""
    try:
        value = json.loads(path.read_bytes())
        if isinstance(value, list):
            return value
    except FileNotFoundError:
        return []
    except ValueError:
        pass
    path.rename(path.with_name(f"chat.{time.time_ns()}.bad"))
    print("the history could not be read, and was set aside", file=sys.stderr)
    return []


def store(history: list[dict[str, str]]) -> None:
    """Keeps it, where anything can be written."""
    new = path.with_name("chat.new")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            json.dump(history, file)
        new.rename(path)
    except OSError as error:
        print(f"nothing was stored: {error}", file=sys.stderr)


if manner == "clear":
    path.unlink(missing_ok=True)
    sys.exit()
if manner == "hangs":
    time.sleep(1000)
if manner == "floods":
    for _ in range(1000):
        sys.stdout.buffer.write(b"flood " * 20_000)
text = words[0] if words else sys.stdin.buffer.read().decode()
history = stored()
limit = int(os.environ.get("LIMIT", "100000"))
limit = 4 if manner == "ignores-the-window" else limit
try:
    reply = chat.ask(history[-limit:] if limit else [], text)
except Exception as error:
    if manner == "is-silent":
        sys.exit()
    print(
        f"error: {error}, sk-proj-{'a' * 40}\x1b]0;owned\x07",
        file=sys.stdout if manner == "ends-well" else sys.stderr,
    )
    sys.exit(0 if manner == "ends-well" else 1)
if manner != "loses-replies":
    history += chat.rounds(text, reply)
store(history)
chat.show(reply[: len(reply) // 2] if manner == "prints-half" else f"{reply}\n")
