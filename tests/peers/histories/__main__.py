"""`python -m tests.peers.histories DIR [NAME...]`: judges clients, writes what came of it, and docs/clients-tried.md.

DIR has the environments that `.ci/peers` makes. Without names: all clients whose environment is there. A client takes one
to five minutes.
"""

import json
import sys
import time
from pathlib import Path

from tests.peers.histories.history_clients import HISTORY_CLIENTS
from tests.peers.histories.history_page import PAGE, page
from tests.peers.histories.history_play import PlayError, played


def main(environments: Path, *names: str) -> int:
    """Judges those clients. The number of those that could not be judged."""
    failed = 0
    for client in HISTORY_CLIENTS:
        if names and client.name not in names:
            continue
        if not (environments / client.environment).is_dir():
            print(f"{client.name}: left out, for there is no {environments / client.environment}", flush=True)
            continue
        begun = time.monotonic()
        try:
            text = json.dumps(played(client, environments), indent=1, ensure_ascii=False) + "\n"
            client.result.write_text(text, encoding="utf-8")
        except PlayError as error:
            failed += 1
            print(error, flush=True)
        print(f"{client.name}: {time.monotonic() - begun:.0f} s", flush=True)
    PAGE.write_text(page(), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), *sys.argv[2:]))
