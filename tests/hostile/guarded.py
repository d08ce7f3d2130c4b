"""A program with a guard in its client: `python -m tests.hostile.guarded URL`, the key in OPENAI_API_KEY.

It asks for an answer and for a stream, logs what is wrong with each, and prints what is raised.
"""

import logging
import os
import sys

import httpx

from chatproof.guard import ContractError, Observation, log, raise_must
from chatproof.guard.httpx import GuardTransport

_MOST = 4 * 2**20


def _told(observation: Observation) -> None:
    log()(observation)
    raise_must(observation)


def main() -> None:
    """Ask twice."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    transport = GuardTransport(on_violation=_told, limit=_MOST)
    headers = {"authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}
    with httpx.Client(transport=transport, headers=headers, timeout=5) as client:
        for more in ({}, {"stream": True}):
            try:
                with client.stream("POST", f"{sys.argv[1]}/chat/completions", json=body | more) as response:
                    size = 0
                    for piece in response.iter_raw():
                        size += len(piece)
                        if size > 2 * _MOST:  # the guard bounds what is judged, its program what it reads
                            break
                sys.stdout.write(f"{response.status_code}\n")
            except ContractError as error:
                sys.stdout.write(f"{error}\n")
            except httpx.HTTPError as error:
                sys.stdout.write(f"{type(error).__name__}\n")  # its text is httpx's own


if __name__ == "__main__":
    main()
