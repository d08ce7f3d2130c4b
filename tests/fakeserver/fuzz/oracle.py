"""What must hold for every answer, whatever was asked."""

import json
import re
import time
from typing import Any

from chatfake import Answer, Fake, Request
from chatfake.core.http import LOSSES, Pause, Repeat, Send
from chatfake.faults import fault_named
from chatfake.handling.pipeline import SCRIPT_IS_DRY

#: Seconds of the processor for one answer: far more than any takes, far less than for ever.
LONGEST = 10.0
#: Bytes and steps of one answer.
MOST_BYTES = 200_000_000
MOST_STEPS = 30_000_000


def ask(fake: Fake, request: Request) -> Answer:
    """The answer, held to what must hold for every one."""
    start = time.process_time()
    answer = fake.answer(request)
    assert time.process_time() - start < LONGEST
    for name, value in answer.headers:
        assert name == name.strip() == name.lower()
        value.encode("latin-1")
        assert not set(value) & set("\r\n\0"), "a header that goes on as another one"
    assert len(answer.steps) < MOST_STEPS
    assert sum(len(step.data) for step in answer.steps if isinstance(step, Send | Repeat)) < MOST_BYTES
    if not befallen(fake, request):
        whole(answer, request)
    return answer


def befallen(fake: Fake, request: Request) -> bool:
    """Whether a fault was asked for, by the request or by a script: then anything may come."""
    key = request.header("authorization").removeprefix("Bearer ").strip()
    session = fake.sessions.of(key)
    entries = session.journal.entries
    plan = entries[-1].scenario if entries else ""
    return any(fault_named(part.partition("*")[0]) for part in plan.split("+"))


def whole(answer: Answer, request: Request) -> None:
    """An answer that nothing befell: no status of 500 and more but those that say whose wish it is, and sound bytes."""
    if answer.status >= 500:
        assert json.loads(answer.body)["error"]["code"] in (SCRIPT_IS_DRY.code, "needs_one_worker")
        return
    assert not any(isinstance(step, LOSSES) for step in answer.steps)
    assert all(isinstance(step, Send | Pause) for step in answer.steps)
    if request.method == "HEAD":
        assert answer.body == b""
    elif length := answer.header("content-length"):
        assert int(length) == len(answer.body)
    if not answer.body:
        return
    kind = answer.header("content-type")
    if kind.startswith("application/json"):
        value = strict(answer.body)
        assert answer.status < 400 or isinstance(value, dict)
    elif kind.startswith("text/event-stream"):
        for line in re.split("\r\n|\n|\r", answer.body.decode()):
            if line.startswith("data:") and line[5:].strip() != "[DONE]":
                strict(line[5:].encode())


def strict(text: bytes) -> Any:
    """JSON that every reader takes."""

    def never(name: str) -> Any:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text.decode(), parse_constant=never)
