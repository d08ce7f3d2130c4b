"""`EndpointSuite`: the cases in the tests of whoever writes a server."""

from pathlib import Path

import pytest

import chatproof
from tests.conformance.test_plugin import run_pytest

SERVER = """
import pytest

import chatproof
from chatfake import Fake, LiveServer, Reply
from chatproof.selftest.endpoint.miniatures import MINIATURES


class Broken(Fake):
    def answer(self, request):
        return MINIATURES["bom"].make(super().answer)(request)


@pytest.fixture(scope="module")
def endpoint_url():
    {served}


class TestMyServer(chatproof.EndpointSuite):
    api_key_env = "MY_KEY"
    headers = ("X-Tenant: t-4711",)
    {more}
"""
LIVE = """with LiveServer(Broken(models=("tiny",))) as server:
        yield server.base_url"""


def suite(folder: Path, *arguments: str, more: str = "", served: str = LIVE) -> tuple[int, str]:
    (folder / "test_server.py").write_text(SERVER.format(more=more, served=served))
    run = run_pytest("--strict-markers", "-W", "error", *arguments, cwd=folder, MY_KEY="sk-suite-7Hn4Bv")
    assert "sk-suite-7Hn4Bv" not in run.stdout
    return run.returncode, run.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_what_is_broken_fails(workers: tuple[str, ...], tmp_path: Path) -> None:
    code, said = suite(tmp_path, "-k", "http or models", *workers, more='level = "should"')
    assert code == 1, said
    assert "FAILED  http.no-junk  should" in said
    assert "1 failed, " in said


def test_a_should_is_told_and_passes(tmp_path: Path) -> None:
    code, said = suite(tmp_path, "-m", "should and http", "-rP")
    assert code == 0, said
    assert "WARNED  http.no-junk  should" in said


def test_what_is_known(tmp_path: Path) -> None:
    known = 'xfail = {"http.no-junk": "see #42", "models.list": "once it was"}'
    code, said = suite(tmp_path, "-k", "no-junk or models.list", more=known)
    assert code == 1, said
    assert "1 failed, " in said
    assert "1 xfailed" in said
    assert "remove its row from TestMyServer.xfail" in said


def test_nobody_answers(tmp_path: Path) -> None:
    code, said = suite(tmp_path, "-k", "models.list", served='return "http://127.0.0.1:1/v1"')
    assert code == 1
    assert "Nobody answers at http://127.0.0.1:1/v1" in said


def test_what_was_not_run_is_not_green(tmp_path: Path) -> None:
    code, said = suite(tmp_path, "-k", "history", more="max_requests = 4")
    assert code == 1
    assert "was not run: the limit of 4 requests is reached" in said


def test_a_class_in_which_nothing_was_judged_is_not_green(tmp_path: Path) -> None:
    refusing = """from chatproof.selftest.endpoint.wrapping import as_json, asked, is_chat, where
    refuse = where(lambda r: is_chat(r) and "tools" in asked(r), as_json(400, {"error": {"message": "no"}}))
    class Toolless(Fake):
        def answer(self, request):
            return refuse(super().answer)(request)
    with LiveServer(Toolless(models=("tiny",))) as server:
        yield server.base_url"""
    code, said = suite(tmp_path, "-k", "chat.tools.shape", served=refusing)
    assert code == 1, said
    assert "no case could be judged" in said


def test_a_mistake_is_told_where_the_class_stands() -> None:
    with pytest.raises(ValueError, match=r"near are http\.no-junk"):
        type("TestIt", (chatproof.EndpointSuite,), {"xfail": {"http.no-junks": "?"}})
    with pytest.raises(ValueError, match="there are openai, responses, lorax"):
        type("TestIt", (chatproof.EndpointSuite,), {"profile": "grpc"})
