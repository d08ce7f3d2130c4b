"""Counts the fake's source files whose code runs for one plain chat request, and times it: JSON and SSE."""

import json
import sys
import timeit
from pathlib import Path
from types import FrameType

import chatfake
from chatfake import Fake
from chatfake.core.http import Request

ROOT = Path(chatfake.__file__).parent
FORMS = {"JSON": False, "SSE": True}


def plain_request(*, stream: bool) -> Request:
    """A chat request without any extras."""
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hello there"}], "stream": stream}
    return Request(
        method="POST",
        path="/v1/chat/completions",
        headers=(("content-type", "application/json"),),
        body=json.dumps(body).encode(),
    )


def files_touched(*, stream: bool) -> list[str]:
    """The files, as paths below the package, that one warm request runs code of."""
    fake, request = Fake(), plain_request(stream=stream)
    fake.answer(request)
    seen: set[str] = set()

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    sys.setprofile(profile)
    try:
        fake.answer(request)
    finally:
        sys.setprofile(None)
    return sorted(str(Path(name).relative_to(ROOT)) for name in seen if Path(name).is_relative_to(ROOT))


def microseconds(*, stream: bool, requests: int = 1000) -> float:
    """What one request takes, the best of five rounds."""
    fake, request = Fake(), plain_request(stream=stream)
    return min(timeit.repeat(lambda: fake.answer(request), number=requests, repeat=5)) / requests * 1e6


if __name__ == "__main__":
    for name, stream in FORMS.items():
        touched = files_touched(stream=stream)
        print(f"{name}: {len(touched)} files, {microseconds(stream=stream):.0f} us a request")
        print(*(f"  {one}" for one in touched), sep="\n")
