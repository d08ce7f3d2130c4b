"""Why there is no reply: one sentence on standard error that says what to do, exit code 1, nothing kept."""

import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from chatfake import Fake, LiveServer
from chatproof.chat.address import Address
from chatproof.chat.advice import advice
from chatproof.cli import main
from chatproof.clients import AnswerError, NoReplyError, RefusedError, SilentError, UnreachedError

KEY = "sk-proj-4f9QzR71mXw2"


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(Fake(models=("tiny", "small"))) as live:
        yield live


def chat(url: str, *args: str, key: str = KEY) -> Result:
    environment = {"MY_KEY": key, "NO_PROXY": "*"}
    command = ["chat", url, "hi", "--no-history", "--timeout", "20", "--api-key-env", "MY_KEY", *args]
    return CliRunner().invoke(main, command, env=environment)


def told(done: Result) -> str:
    """The one sentence of a failure."""
    assert done.exit_code == 1, done.output
    assert done.stderr.startswith("chatproof: ")
    assert done.stderr.count("\n") == 1
    assert KEY not in done.output
    return done.stderr


@pytest.mark.parametrize("way", [[], ["--no-stream"]])
@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("fake/http-401", "refuses the key in $MY_KEY (HTTP 401"),
        ("fake/http-429", "Try again in 1 s."),
        ("fake/http-429-date", "Try again at 2050-01-01"),
        ("fake/http-500", "failed (HTTP 500): The server had an error"),
        ("fake/http-503", "is not ready (HTTP 503)"),
        ("fake/html-200", "is a web page and no API"),
        ("fake/redirect", "If you trust it, use http://"),
        ("fake/error-object-200", "it failed: The model is overloaded."),
        ("fake/refusal", "the model refused: I'm sorry"),
        ("fake/tool-call-only", "it calls tools, and there are none"),
        ("fake/refuse", "it was closed without an answer. Try again"),
        ("nix", "has no model nix; it has "),
    ],
)
def test_a_failure_says_what_to_do(server: LiveServer, way: list[str], model: str, says: str) -> None:
    assert says in told(chat(server.base_url, "--model", model, *way))


def test_a_stream_that_breaks_off_says_so_below_what_came(server: LiveServer) -> None:
    done = chat(server.base_url, "--model", "fake/stream-cut")
    assert "broke off: it was closed in the middle of the body." in told(done)
    assert done.stdout.endswith("\n")


def test_a_wrong_url_is_told_the_right_one(server: LiveServer) -> None:
    wrong = server.base_url.removesuffix("/v1") + "/nowhere"
    assert "has no list of models (HTTP 404)" in told(chat(wrong))
    assert "does not chat with tiny (HTTP 404)" in told(chat(wrong, "--model", "tiny"))


def test_nobody_there_is_told_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        url = f"http://127.0.0.1:{found.getsockname()[1]}/v1"
    for args in ([], ["--model", "m"]):
        assert "Nobody answers at" in told(chat(url, *args))
        assert "(connection refused). Is the server up" in told(chat(url, *args))


def address(key: str = "") -> Address:
    return Address(url="http://127.0.0.1:9/v1", key=key, key_variable="MY_KEY")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RefusedError(401, '{"error": {"message": "no"}}'), "put it into $MY_KEY, or name its variable"),
        (
            RefusedError(400, '{"detail": "maximum context length is 8 tokens"}'),
            "--history-limit N sends less of it",
        ),
        (RefusedError(429, "slow down", {"retry-after": "oops"}), "slow down. Try again later."),
        (RefusedError(429, "", {"retry-after": "9" * 40}), "it does not say why. Try again later."),
        (RefusedError(307, "", {"location": "http://[bad/v1"}), "points to what is no URL"),
        (RefusedError(418, '{"error": "teapot'), "refuses (HTTP 418): teapot."),
        (UnreachedError("certificate verify failed: the TLS certificate is not trusted: x"), "--cacert FILE"),
        (SilentError("timed out"), "does not answer in time: timed out. (--timeout SECONDS)"),
        (AnswerError("the stream has no chunks"), "--no-stream asks for the reply in one piece"),
        (AnswerError("x" * 9999), "…"),
        (
            NoReplyError([("a", RefusedError(500, "one")), ("b\x1b", RefusedError(500, "two"))]),
            r"No model replied. a: http://127.0.0.1:9/v1 failed (HTTP 500): one. b\x1b: ",
        ),
    ],
)
def test_each_kind_of_failure_has_its_sentence(error: AnswerError, says: str) -> None:
    sentence = advice(error, address())
    assert says in sentence
    assert len(sentence) < 900


def test_a_key_and_escapes_in_an_answer_are_not_told() -> None:
    error = RefusedError(500, f"\x1b[31m{KEY}\n", {})
    assert r"\x1b[31m$MY_KEY" in advice(error, address(KEY))


def test_another_model_answers_and_that_is_said(server: LiveServer) -> None:
    done = chat(server.base_url, "--model", "fake/http-500", "--model", "tiny")
    assert done.exit_code == 0
    assert "tiny answered in the place of fake/http-500" in done.stderr
