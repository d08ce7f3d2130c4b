"""Judges recorded exchanges and writes docs/deviations.md: `python -m tools.count_deviations CORPUS [RECORDINGS]`.

CORPUS is a gzipped file and RECORDINGS a folder of files with one exchange a line; without them, the environment's
CHATPROOF_CORPUS and CHATPROOF_RECORDINGS are taken. Ends with 1 where a must is broken that nothing explains.
"""

import os
import sys
import time
from pathlib import Path

from tools.deviation_count.exchange import digest, read_corpus, read_recordings
from tools.deviation_count.page import page
from tools.deviation_count.tally import count


def main(arguments: list[str]) -> int:
    """Read, judge, write; the exit code."""
    given = [*arguments, *("", "")]
    corpus = given[0] or os.environ.get("CHATPROOF_CORPUS", "")
    recordings = given[1] or os.environ.get("CHATPROOF_RECORDINGS", "")
    if not corpus:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    began = time.monotonic()
    folder = Path(recordings) if recordings else None
    exchanges = [*read_corpus(Path(corpus)), *(read_recordings(folder) if folder else ())]
    sums = count(exchanges)
    text = page(sums, digest(Path(corpus), folder))
    (Path(__file__).parents[1] / "docs" / "deviations.md").write_text(text, encoding="utf-8")
    sys.stderr.write(f"{sums.judged} exchanges judged in {time.monotonic() - began:.0f} s\n")
    unexplained = [(one.name, sign) for one in sums.providers.values() for sign in one.unexplained]
    for name, sign in unexplained:
        sys.stderr.write(f"{name}: {sign} is not explained\n")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
