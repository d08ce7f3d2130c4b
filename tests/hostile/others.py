"""The programs beside `check`: a file to `validate`, a guarded client, a client that means harm."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tests.hostile.checked import VARIABLES, checked
from tests.hostile.endpoint import endpoint
from tests.hostile.kind import Kind
from tests.hostile.kinds import CATALOGUE
from tests.hostile.program import Ran, run

__all__ = ["OTHERS", "Other"]

_MOST = 4 * 2**20
_LIMIT = 60.0

_FORMATS = {
    "json": "report.json",
    "junit": "report.xml",
    "sarif": "report.sarif.json",
    "github": "report.github",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """`program` over what is called `name`; `code` is how it has to end."""

    program: str
    name: str
    code: int
    runs: Callable[[], Coroutine[None, None, Ran]]


async def _validated(kind: Kind, form: str) -> Ran:
    """What a kind answers to a chat request, as a file."""
    with tempfile.TemporaryDirectory() as folder:
        answer, report = Path(folder) / "answer", Path(folder) / _FORMATS[form]
        answer.write_bytes(await _answer(kind))
        words = ["validate", str(answer), "--format", form, "--output", str(report)]
        return await _chatproof(words, {report.name: report})


async def _answer(kind: Kind) -> bytes:
    """The body that it sends, at most so much of it as `_MOST`."""
    body = b'{"model": "tiny", "messages": [], "stream": true}'
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    data = bytearray()
    async with endpoint(kind) as url:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(head.encode() + body)
        with suppress(OSError):
            while len(data) < _MOST and (piece := await reader.read(2**16)):
                data += piece
        writer.close()
    return bytes(data).partition(b"\r\n\r\n")[2]


async def _guarded(kind: Kind) -> Ran:
    async with endpoint(kind) as url:
        command = [sys.executable, "-m", "tests.hostile.guarded", url]
        return await run(command, {}, variables=VARIABLES, limit=_LIMIT)


async def _client(name: str) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        target = f"{Path(__file__).parent / 'client.py'}:{name}"
        rules = ["-k", "record.empty", "--examples", "3", "--timeout", "2"]
        return await _chatproof(["client", target, *rules, "--json", str(report)], {report.name: report})


async def _chatproof(words: list[str], files: dict[str, Path]) -> Ran:
    command = [sys.executable, "-m", "chatproof", *words]
    return await run(command, files, variables=VARIABLES, limit=_LIMIT)


_VALIDATED = {
    "endless events": ("json", 1),
    "endless comments": ("junit", 2),
    "deep lists": ("sarif", 2),
    "long number": ("github", 2),
    "100,000 choices": ("json", 2),
    "a million events": ("sarif", 2),
    "lone surrogates": ("sarif", 1),
    "no UTF-8": ("junit", 1),
    "NUL all over": ("github", 2),
    "OSC in an answer": ("junit", 1),
    "marks of direction in an answer": ("sarif", 1),
    "separators in an answer": ("github", 1),
    "workflow command in an answer": ("github", 1),
    "tags in an answer": ("junit", 1),
}

_GUARDED = (
    "endless body", "endless events", "endless line of a stream", "gzip bomb", "gzip cut", "deep objects", "long number",
    "100,000 choices", "a million events", "no UTF-8", "lone surrogates", "key in an error", "key in an answer",
    "key in two chunks", "OSC in an answer", "workflow command in an answer", "reset in the body", "redirect to no URL",
)  # fmt: skip

_CHECKED = {
    "check --profile lorax": (
        "hangs in the body",
        "endless events",
        "long number",
        "key in an error",
        "OSC in an answer",
    ),
    "check --wait 2": (
        "503",
        "no such port",
        "no such host",
        "hangs before the head",
        "reset",
        "key in an error",
    ),
}

_CLIENTS = {"Prints": 0, "Raises": 2, "Floods": 0, "Answers": 2, "Exits": 2, "Hangs": 2}

OTHERS: tuple[Other, ...] = (
    *(
        Other(
            program=program,
            name=name,
            code=2,
            runs=partial(checked, CATALOGUE[name], more=program.split()[1:]),
        )
        for program, names in _CHECKED.items()
        for name in names
    ),
    *(
        Other(
            program="validate",
            name=name,
            code=code,
            runs=partial(_validated, CATALOGUE[name], form),
        )
        for name, (form, code) in _VALIDATED.items()
    ),
    *(
        Other(program="guard", name=name, code=0, runs=partial(_guarded, CATALOGUE[name]))
        for name in _GUARDED
    ),
    *(
        Other(program="client", name=name, code=code, runs=partial(_client, name))
        for name, code in _CLIENTS.items()
    ),
)
