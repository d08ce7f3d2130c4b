"""`chat_endpoint`, and the marks of cases."""

from pathlib import Path

import pytest

from chatfake import Fake, LiveServer
from chatproof.testing.endpoint import CAPABILITIES
from tests.conformance.test_plugin import run_pytest

KEY = "sk-own-tests-5Tq8Xw"

OWN = f"""
import httpx
import pytest


def test_it_is_asked_with_httpx(chat_endpoint):
    body = chat_endpoint.body({{"role": "user", "content": "Say hello."}}, limit=5)
    answer = chat_endpoint.client.post("chat/completions", json=body)
    assert answer.status_code == 200
    assert answer.json()["model"] == chat_endpoint.model == "tiny"
    assert str(answer.request.url) == chat_endpoint.base_url + "/chat/completions"
    assert answer.request.headers["authorization"] == "Bearer {KEY}"
    assert answer.request.headers["x-tenant"] == "t-4711"
    assert "{KEY}" not in repr(chat_endpoint)


def test_it_is_asked_with_the_sdk(chat_endpoint):
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(**chat_endpoint.openai)
    messages = [{{"role": "user", "content": "Hi"}}]
    assert client.chat.completions.create(model=chat_endpoint.model, messages=messages).choices


def test_what_it_can(chat_endpoint):
    assert chat_endpoint.supports("tools")
    assert chat_endpoint.capabilities == {set(CAPABILITIES)!r}
    with pytest.raises(ValueError, match="no capability is called 'tool'"):
        chat_endpoint.supports("tool")
"""


def test_an_endpoint_for_own_tests(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(OWN)
    with LiveServer(Fake(models=("tiny",))) as server:
        run = run_pytest(
            "--chatproof-url", server.base_url, "--chatproof-header", "X-Tenant: t-4711", "-W", "error",
            cwd=tmp_path, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "3 passed" in run.stdout
    assert "nothing was judged" not in run.stdout
    assert KEY not in run.stdout


def test_without_a_url_it_is_the_embedded_fake(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "def test_own(chat_endpoint):\n    assert chat_endpoint.client.get('models').json()['data']\n"
    )
    assert run_pytest(cwd=tmp_path).returncode == 0


def test_own_tests_fail_where_nobody_answers_and_others_run(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_asks(chat_endpoint): pass\n\ndef test_other(): pass\n")
    run = run_pytest("--chatproof-url", "http://127.0.0.1:1/v1", cwd=tmp_path)
    assert run.returncode == 1
    assert "Nobody answers at http://127.0.0.1:1/v1" in run.stdout
    assert "1 passed, 1 error" in run.stdout


@pytest.mark.parametrize(
    ("marks", "chosen"),
    [
        ("must and history", {"history.grows", "history.stateless"}),
        ("chat and not must", {"chat.json.seed"}),
        ("chat.sse", {"chat.sse.done"}),
    ],
)
def test_cases_are_chosen_by_their_marks(marks: str, chosen: set[str], tmp_path: Path) -> None:
    run = run_pytest(
        "--pyargs", "chatproof", "-m", marks, "--strict-markers", "-W", "error", "--collect-only", "-q",
        cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    found = {line.partition("[")[2][:-1] for line in run.stdout.splitlines() if "::test_case[" in line}
    assert found
    assert all(id_.startswith(("history.", "chat.")) for id_ in found)
    assert chosen <= found
