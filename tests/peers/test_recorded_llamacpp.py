"""A real inference server, recorded and replayed.

Needs what `test_llamacpp.py` needs: `pip install -e '.[llamacpp]'` and CHATPROOF_GGUF.
"""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from chatfake import Fake, LiveServer, Recorder
from tests.peers import test_llamacpp

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(importlib.util.find_spec("xllamacpp") is None, reason="pip install -e '.[llamacpp]'"),
    pytest.mark.skipif(not os.environ.get("CHATPROOF_GGUF"), reason="CHATPROOF_GGUF names no model file"),
]

base_url = test_llamacpp.base_url
BODIES = [
    {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8, "stream": stream}
    for stream in (False, True)
] + [{"model": "tiny", "messages": "none"}]


def _asked(client: httpx.Client) -> Iterator[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    for body in BODIES:
        with client.stream("POST", "/v1/chat/completions", json=body) as response:
            content = b"".join(response.iter_raw())
        yield response.status_code, response.headers.raw, content
    models = client.get("/v1/models")
    yield models.status_code, models.headers.raw, models.content


def test_recorded_server_is_replayed_byte_for_byte_without_its_key(base_url: str, tmp_path: Path) -> None:
    headers = {"authorization": f"Bearer {test_llamacpp.KEY}"}
    with (
        LiveServer(recorder=Recorder(tmp_path, base_url)) as server,
        httpx.Client(base_url=server.base_url.removesuffix("/v1"), headers=headers, timeout=60) as client,
    ):
        first = list(_asked(client))
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) == len(BODIES) + 1
    assert not any(test_llamacpp.KEY in file.read_text(encoding="utf-8") for file in files)
    with LiveServer(Fake(replay=tmp_path)) as server:
        with httpx.Client(base_url=server.base_url.removesuffix("/v1"), timeout=60) as client:
            assert list(_asked(client)) == first
        with openai.OpenAI(base_url=server.base_url, api_key="sk-other") as sdk:
            stream = sdk.chat.completions.create(
                model="tiny", messages=[{"role": "user", "content": "Hello"}], max_tokens=8, stream=True
            )
            assert len(list(stream)) > 1
    assert [status for status, _, _ in first] == [200, 200, 400, 200]
