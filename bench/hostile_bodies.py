"""What a hostile body of a megabyte costs to judge: `python -m bench.hostile_bodies [NAME …]`.

Each body is judged in a process of its own, which imports everything and judges a small body first. Seconds are of the
processor, the best of three; `traced` is the most that Python held at a time beside the body, `resident` by how much
the process grew. `hold` is the longest that an `AsyncGuardTransport` kept the other tasks of its event loop waiting, in
milliseconds of the processor: the body comes as a whole, in pieces as a socket gives them, and in ones that are just
too small for a thread; of each the best of three.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.hostile_json import JSON_BODIES
from bench.hostile_streams import STREAM_BODIES

BODIES = {**JSON_BODIES, **STREAM_BODIES}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a body; all of them by default")
    names: list[str] = parser.parse_args().names or [*BODIES]
    print(
        f"{'body':46} {'kind':24} {'s':>6} {'first':>6} {'traced MB':>10} {'resident MB':>12} {'hold ms':>8}"
    )
    for name in names:
        child = subprocess.run(
            [sys.executable, "-m", "bench.hostile_cost"],
            input=BODIES[name].encode(errors="surrogateescape"),
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(child.stdout)
        row = f"{name:46} {found['kind']:24} {found['seconds']:6.2f} {found['first']:6.2f}"
        row += f" {found['traced']:10.0f} {found['resident']:12.0f} {found['hold']:8.0f}"
        print(row, flush=True)


if __name__ == "__main__":
    try:
        try:
            main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever reads no further, as `head` does, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
