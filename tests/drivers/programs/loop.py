"""A chat loop. `loop.py MANNER`: how it prompts, prints, and what it does wrong."""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
chat = import_module("chat")

manner = sys.argv[1]
if manner == "readline":
    import_module("readline")
PROMPTS = {
    "counts": "[{}] you> ",
    "coloured": "\x1b[32mYou:\x1b[0m ",
    "silent": "",
    "on-a-line": "Your message:\n",
}
prompt = PROMPTS.get(manner, "> ")
path = Path(os.environ["HOME"], "talk.json")
history = json.loads(path.read_text()) if path.exists() else []
if manner != "silent":
    chat.show("Welcome to the bot.\nCtrl-D ends it.\n\n")
asked = 0
while True:
    asked += 1
    if manner in ("readline", "input"):
        try:
            line = input(prompt)
        except EOFError:
            break
        except KeyboardInterrupt:
            chat.show("\n")
            continue
    else:
        chat.show(prompt.format(asked))
        line = sys.stdin.readline()
        if not line:
            break
        line = line.removesuffix("\n")
    if line == "/clear":
        history = []
        continue
    if line == "/quit":
        break
    if manner == "dies" and asked == 2:
        sys.exit("no more")
    if manner == "hangs" and asked == 2:
        time.sleep(1000)
    if manner == "floods" and asked == 2:
        for _ in range(1000):
            chat.show("flood " * 20_000)
    try:
        reply = chat.ask(history, line)
    except KeyboardInterrupt:
        if manner == "leaves":
            raise
        chat.show("(stopped)\n")
        continue
    except Exception as error:
        if manner != "says-nothing":
            chat.show(f"error: {error}, sk-proj-{'a' * 40}\x1b]0;owned\x07\n")
        continue
    if manner != "loses-replies":
        history += chat.rounds(line, reply)
    if os.environ.get("STORED"):
        path.write_text(json.dumps(history))
        path.chmod(0o600)
    shown = reply[: len(reply) // 2] if manner == "prints-half" else reply
    if manner == "framed":
        width = 40
        lines = [shown[at : at + width] for at in range(0, len(shown), width)]
        shown = "\n".join(["assistant>", *(f"\x1b[1m|\x1b[0m {one}" for one in lines), "+---"])
    chat.show(shown if manner == "no-line-end" else f"{shown}\n")
