"""A program in a process of its own: how it ended, what it printed and wrote, what it took."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Ran", "run"]

# Between us and the program: a process's peak begins with that of who started it, and this one is small.
_MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(f"{code} {used.ru_maxrss} {used.ru_utime + used.ru_stime}")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """`code` is None where it did not end in time; `seconds` are wall time, `cpu` of the processor."""

    code: int | None
    seconds: float
    cpu: float
    megabytes: float
    artefacts: Mapping[str, bytes]

    @property
    def last_line(self) -> str:
        """The last thing that was said."""
        told = self.artefacts["stderr"].strip() or self.artefacts["stdout"].strip()
        lines = told.decode("utf-8", "replace").splitlines()
        return lines[-1] if lines else ""


async def run(
    command: Sequence[str], files: Mapping[str, Path], *, variables: Mapping[str, str], limit: float
) -> Ran:
    """Run it for at most so many seconds. Files that it wrote are artefacts by the names that they are given."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        begun = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-ISc", _MEASURE, str(figures), *command),
            env={**os.environ, **variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        told = asyncio.ensure_future(child.communicate())
        ended, _ = await asyncio.wait([told], timeout=limit)
        if not ended:
            os.killpg(child.pid, signal.SIGKILL)
        out, err = await told
        code, kilobytes, cpu = figures.read_text().split() if figures.exists() else ("", "0", "0")
        return Ran(
            code=int(code) if ended and code else None,
            seconds=time.monotonic() - begun,
            cpu=float(cpu),
            megabytes=int(kilobytes) / 1024,
            artefacts={
                "stdout": out,
                "stderr": err,
                **{name: path.read_bytes() for name, path in files.items() if path.exists()},
            },
        )
