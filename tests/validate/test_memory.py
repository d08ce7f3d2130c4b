"""The memory of a run is that of one item, whatever the file's size."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.validate.bodies import COMPLETION, wrong

resource = pytest.importorskip("resource", reason="the peak of a process is not told on this system")

#: Bytes of one item: long texts make a large file that is quick to judge.
ITEM = 100_000

RUN = """
import resource, sys
from chatproof.cli import main
try:
    main(["validate", *sys.argv[1:]])
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak // 1024 if sys.platform == "darwin" else peak, file=sys.stderr)
"""


def bodies(count: int) -> Iterator[str]:
    """Completions, every tenth of them wrong."""
    value = json.loads(COMPLETION)
    value["choices"][0]["message"]["content"] = "x" * ITEM
    right, other = json.dumps(value), wrong(model="x" * ITEM).decode()
    for number in range(count):
        yield other if number % 10 == 0 else right


def exchange(body: str) -> dict[str, Any]:
    request = {"method": "POST", "url": "https://x/v1/chat/completions"}
    content = {"size": len(body), "mimeType": "application/json", "text": body}
    return {"request": request, "response": {"status": 200, "headers": [], "content": content}}


def lines(path: Path, count: int) -> None:
    with path.open("w") as file:
        for body in bodies(count):
            file.write(f"{body}\n")


def archive(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "entries": [\n')
        file.write(",\n".join(json.dumps(exchange(body)) for body in bodies(count)))
        file.write("\n]}}")


def cassette(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write("interactions:\n")
        for body in bodies(count):
            file.write(f"- {json.dumps(exchange(body))}\n")  # which is YAML too


def peak(path: Path, *options: str) -> int:
    """Kilobytes of a process that judges the file."""
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(path), *options], capture_output=True, check=False, encoding="utf-8"
    )
    assert run.returncode == 1, run.stderr
    return int(run.stderr)


@pytest.mark.parametrize(
    ("name", "write", "form"),
    [("a.jsonl", lines, "json"), ("a.har", archive, "text"), ("a.yaml", cassette, "text")],
    ids=["lines", "har", "yaml"],
)
def test_ten_times_the_file_takes_no_more_memory(
    tmp_path: Path, name: str, write: Callable[[Path, int], None], form: str
) -> None:
    small, large = tmp_path / f"small-{name}", tmp_path / f"large-{name}"
    write(small, 20)
    write(large, 200)
    options = ("--format", form)
    grown = peak(large, *options) - peak(small, *options)
    assert large.stat().st_size > 10 * small.stat().st_size - 1000 > 19_000_000
    assert grown < 6_000, f"{grown} kB more for 18 MB more"
