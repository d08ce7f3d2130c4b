"""What the small programs have in common: one request of the standard library's, and a history."""

import json
import os
import sys
from urllib.request import Request, urlopen


def ask(history: list[dict[str, str]], text: str) -> str:
    """The reply. Raises where there is none."""
    system = os.environ["CHATPROOF_SYSTEM_PROMPT"]
    first = [{"role": "system", "content": system}] if system else []
    messages = [*first, *history, {"role": "user", "content": text}]
    body = json.dumps({"model": os.environ["OPENAI_MODEL"], "messages": messages}).encode()
    head = {"content-type": "application/json", "authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
    with urlopen(Request(f"{os.environ['OPENAI_BASE_URL']}/chat/completions", body, head)) as answer:
        reply = json.load(answer)["choices"][0]["message"]["content"]
    if not isinstance(reply, str) or not reply:
        raise ValueError("there is no text in the answer")
    return reply


def rounds(text: str, reply: str) -> list[dict[str, str]]:
    """A round."""
    return [{"role": "user", "content": text}, {"role": "assistant", "content": reply}]


def show(text: str) -> None:
    """Print it, whatever is in it."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
