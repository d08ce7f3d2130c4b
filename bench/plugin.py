"""What the pytest plugins cost a project that does not use them: `python bench/plugin.py`.

pytest runs one empty test, with the plugins `chatproof` and `chatfake`, and as with `-p no:chatproof -p no:chatfake`.
Other plugins stay out of both: importing hypothesis alone takes longer than all the rest, and varies by more than ours
cost. Both run in turn, each in a process of its own, and the medians of their wall time and of their time of the
processor are compared.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 25
PLUGINS = ("-p", "chatproof.plugin", "-p", "chatfake.plugin")
#: Milliseconds that the plugins may cost at most.
MOST = 20.0

#: Milliseconds of the wall and of the processor.
Took = tuple[float, float]


def run(folder: Path, *arguments: str) -> Took:
    """One start of pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "test_nothing.py"]
    start = time.perf_counter()
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    alone.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages are compiled once
    process = subprocess.Popen(command, cwd=folder, env=alone, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def main() -> None:
    """Run both in turn, and print the medians, their difference and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text("def test_nothing() -> None: ...\n", encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        run(folder, *PLUGINS)
        run(folder)
        rounds = [(run(folder, *PLUGINS), run(folder)) for _ in range(ROUNDS)]
    print(f"{'ms':20}{'with':>10}{'without':>10}{'difference':>12}{'ratio':>8}")
    cost = 0.0
    for place, clock in enumerate(("wall", "processor")):
        found = [(one[place], other[place]) for one, other in rounds]
        both, neither = (median(values) for values in zip(*found, strict=True))
        # neighbours in time meet the same machine
        cost = median(one - other for one, other in found)
        print(f"{clock:20}{both:10.1f}{neither:10.1f}{cost:12.1f}{both / neither:8.3f}")
    print(
        f"medians of {ROUNDS} rounds; the plugins may cost {MOST:g} ms of the processor, and cost {cost:.1f}"
    )
    raise SystemExit(cost > MOST)


if __name__ == "__main__":
    main()
