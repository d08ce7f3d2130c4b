"""A real inference server: llama.cpp's, from the xllamacpp wheel, with a tiny real model.

Needs `pip install -e '.[llamacpp]'` and CHATPROOF_GGUF, the path of a small model in GGUF form whose template
knows tools.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatproof.cases import CASES, cases_of
from chatproof.judging.forecast import PLAIN_PROMPT, forecast
from chatproof.probe import Budget
from chatproof.selftest.matrix import rows
from chatproof.stage import Upstream

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(importlib.util.find_spec("xllamacpp") is None, reason="pip install -e '.[llamacpp]'"),
    pytest.mark.skipif(not os.environ.get("CHATPROOF_GGUF"), reason="CHATPROOF_GGUF names no model file"),
]

KEY = "sk-local"

SERVER = """
import sys, threading, xllamacpp as x
p = x.CommonParams()
p.model.path = sys.argv[1]; p.hostnames = ["127.0.0.1"]; p.port = 0; p.n_ctx = 8192; p.n_parallel = 4
p.model_alias = {"tiny"}; p.use_jinja = True; p.api_keys = [sys.argv[2]]
p.cpuparams.n_threads = 1; p.cpuparams_batch.n_threads = 1
server = x.Server(p)
print("LISTENING", server.listening_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The server in a process of its own: it ends with its standard input."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, os.environ["CHATPROOF_GGUF"], KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        line = next((line for line in server.stdout if line.startswith("LISTENING")), "")
        address = line.removeprefix("LISTENING").strip()
        assert address, "the server did not start"
        yield f"{address}/v1" if address.startswith("http") else f"http://{address}/v1"
        server.kill()


def test_every_deviation_of_llamacpp_is_a_known_one(base_url: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "chatproof", "check", base_url, "--json", "r.json"],
        env=os.environ | {"OPENAI_API_KEY": KEY},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    result: dict[str, Any] = json.loads((tmp_path / "r.json").read_text())
    by_outcome: dict[str, set[str]] = {}
    for case in result["cases"]:
        by_outcome.setdefault(case["outcome"], set()).add(case["id"])
    # explained in docs/results.md
    assert by_outcome["failed"] == {
        "chat.errors.missing-role",
        "chat.errors.tools-type",
        "chat.image",
        "responses.sse.events",
        "responses.tools",
    }
    by_the_clock = {"chat.sse.same-head"}  # each chunk bears the second in which it was made
    assert by_outcome["warned"] - by_the_clock == {
        "models.retrieve",
        "chat.json.spec-complete",
        "chat.json.n",
        "chat.tools.orphan-result",
        "chat.tools.unknown-choice",
        "chat.errors.empty-messages",
        "chat.errors.unknown-role",
        "chat.errors.missing-model",
        "chat.errors.temperature-range",
        "chat.errors.top-p-range",
        "chat.errors.stop-too-many",
        "chat.errors.max-tokens-zero",
        "chat.errors.max-tokens-negative",
        "chat.errors.max-tokens-huge",
        "chat.errors.context-length",
        "chat.errors.shape",
        "http.keep-alive",
        "completions.logprobs",
        "responses.json.shape",
        "responses.sequence-numbers",
    }
    embeddings = {id_ for id_ in CASES if id_.startswith("embeddings.")}
    assert by_outcome["unsupported"] == {
        "models.unknown",
        "chat.reasoning.shape",
        "chat.reasoning.replay",
        "completions.echo",
        *embeddings,
    }
    assert by_outcome["inconclusive"] - {"chat.sse.no-broken-characters"} == {
        "history.recall",
        "chat.tools.parallel",
        "chat.tools.parallel-off",
    }
    assert set(by_outcome) == {"passed", "failed", "warned", "unsupported", "inconclusive"}
    spent = result["spent"]
    assert spent["requests"] <= Budget.MAX_REQUESTS
    requests, tokens = forecast(cases_of(("openai", "responses")), PLAIN_PROMPT)
    assert requests == pytest.approx(spent["requests"], abs=4)
    assert tokens == pytest.approx(spent["prompt_tokens"] + spent["completion_tokens"], rel=0.1)


@pytest.mark.parametrize(
    "name", ["plain", "streams", "window-of-six", "uses-tools", "keeps-questions", "responses"]
)
def test_a_right_client_is_not_blamed_for_what_the_model_says(base_url: str, name: str) -> None:
    """It says the same to nearly everything, and refuses what is longer than its context."""
    upstream = Upstream(base_url=base_url, api_key=KEY)
    (row,) = rows([f"right/{name}"], examples=5, upstream=upstream)
    assert (row.broken, row.ended) == (frozenset(), {})


@pytest.mark.parametrize("name", ["trims", "records-twice", "ignores-the-window", "cuts-replies"])
def test_a_mistake_is_seen_before_a_real_model_too(base_url: str, name: str) -> None:
    (row,) = rows([name], upstream=Upstream(base_url=base_url, api_key=KEY))
    assert row.broken & row.declared
