"""`python -m bench.side_by_side`: install the tools, ask all endpoints, write the results and the page."""

import argparse
import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path

from bench.side_by_side.page import PAGE, page
from bench.side_by_side.results import RESULTS, results_of, write
from bench.side_by_side.run import installed, run
from bench.side_by_side.served import PLAIN, endpoints


@contextlib.contextmanager
def _folder(kept: Path | None) -> Generator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()


def main() -> None:
    """Run it as the options say."""
    parser = argparse.ArgumentParser(prog="python -m bench.side_by_side", description=__doc__)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="where environments and rows are kept; goes on there"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="endpoints at a time [default: 2]")
    parser.add_argument("--only", action="append", metavar="NAME", help="these endpoints, and write nothing")
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="every Nth of the endpoints broken for chatproof, one in N/4 of the others [default: 1]",
    )
    options = parser.parse_args()
    asked = endpoints(options.every)
    with _folder(options.keep) as folder:
        versions = installed(folder)
        names = [PLAIN, *(options.only or asked)]
        rows = run(names, folder, options.jobs)
    if options.only is None:
        found = results_of(versions, asked, rows, options.every)
        write(found, RESULTS)
        PAGE.write_text(page(found))
        print(f"wrote {RESULTS} and {PAGE}")


if __name__ == "__main__":
    main()
