"""What the package shows, and what importing it costs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import chatfake

HEAVY = (
    "uvicorn",
    "httpx",
    "httpx2",
    "pydantic",
    "h11",
    "openai",
    "asyncio",
    "chatfake.fake",
    "chatfake.serving.live",
)


@pytest.mark.parametrize("module", ["chatfake", "chatfake.plugin"])
def test_import_is_light(module: str) -> None:
    # pytest itself may import asyncio: what counts is what comes on top
    code = (
        f"import sys, pytest; before = set(sys.modules); import {module};"
        f"print([name for name in {HEAVY!r} if name in set(sys.modules) - before])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("dialect", "needed"), [("openai", False), ("lorax", False), ("vllm", True), ("sglang", True)]
)
def test_pydantic_is_imported_by_the_first_request_of_a_dialect_that_has_it(
    dialect: str, needed: bool
) -> None:
    code = (
        f"import sys; from chatfake import Fake, Request; fake = Fake(dialect={dialect!r});"
        "before = 'pydantic' in sys.modules;"
        "fake.answer(Request(method='POST', path='/v1/chat/completions', body=b'{}'));"
        "print(before, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"False {needed}"


def test_all_is_sorted_and_real() -> None:
    assert (
        sorted(chatfake.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
        == chatfake.__all__
    )
    for name in chatfake.__all__:
        shown = getattr(chatfake, name)
        assert name == "Handler" or shown.__doc__ or name.isupper()
    name = "nothing"
    with pytest.raises(AttributeError):
        getattr(chatfake, name)


def test_fixtures_come_with_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import httpx\n"
        "def test_one(fake_server, fake_server_session):\n"
        "    headers = {'authorization': f'Bearer {fake_server.key}'}\n"
        "    fake_server.script('Hello!')\n"
        "    body = {'model': 'm', 'messages': [{'role': 'user', 'content': 'hi'}]}\n"
        "    answer = httpx.post(f'{fake_server.base_url}/chat/completions', json=body, headers=headers).json()\n"
        "    assert answer['choices'][0]['message']['content'] == 'Hello!'\n"
        "    fake_server.assert_sent_history([('user', 'hi')])\n"
        "def test_two(fake_server):\n"
        "    assert fake_server.requests == ()\n"
    )
    arguments = ["-p", "chatfake.plugin", "-p", "no:cacheprovider", "-q", "-W", "error", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *arguments]
    # installed, the plugin would be found by itself, and pytest refuses to be given it twice
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=alone, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr
