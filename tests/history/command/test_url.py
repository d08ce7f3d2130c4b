"""`chatproof client --url`: a client before an endpoint, for which a second fake stands here."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatfake import Fake, LiveServer
from chatfake.core.asgi_connection import Receive, Scope, Sender, body_of
from tests.history.command.commanding import BAD, GOOD, TWO, client

KEY = "upstream-key-of-this-test-0123456789"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MY_KEY", KEY)
    with LiveServer(Fake(models=("small", "large"))) as server:
        server.fake.handle(KEY).usually("The same to everybody.")
        yield server.base_url


def test_plain_answers_are_the_endpoints(url: str, folder: Path) -> None:
    result = client(GOOD, *TWO, "--url", url, "--api-key-env", "MY_KEY", "--json", "r.json")
    assert result.exit_code == 0, result.output
    assert f"before {url}, small" in result.stdout
    assert "none of 2 rules broken, 2 kept " in result.stdout
    document = json.loads((folder / "r.json").read_text())
    assert (document["target"]["url"], document["target"]["model"]) == (url, "small")
    assert KEY not in result.output + json.dumps(document)


def test_what_is_broken_is_told_with_the_same_command(url: str) -> None:
    header = ["-H", f"X-Token: {KEY}", "-H", "X-Team: blue", "--insecure"]
    result = client(BAD, *TWO, "--url", url, "--api-key-env", "MY_KEY", "--model", "large", *header)
    assert result.exit_code == 1
    assert "BROKEN  record.empty-choices" in result.stdout
    again = next(line for line in result.stdout.splitlines() if line.startswith("  again"))
    assert f"--url {url} --model large --api-key-env MY_KEY" in again
    assert "-H 'X-Token: ***' -H 'X-Team: blue' --insecure" in again
    assert KEY not in result.output


def test_the_client_does_not_see_the_key(url: str, folder: Path) -> None:
    (folder / "nosy.py").write_text(
        "import os\n"
        "from chatproof.selftest.bots.bot import Bot\n"
        "class Nosy(Bot):\n"
        "    def say(self, text):\n"
        f"        assert {KEY!r} not in os.environ.values()\n"
        "        assert os.environ['MY_KEY']\n"
        "        return super().say(text)\n"
    )
    result = client("nosy.py:Nosy", *TWO, "--url", url, "--api-key-env", "MY_KEY")
    assert result.exit_code == 0, result.output


def test_a_policys_models_are_asked(url: str, folder: Path) -> None:
    (folder / "two.toml").write_text('models = ["large", "small"]')
    args = ["--policy", "two.toml", "--url", url, "--api-key-env", "MY_KEY"]
    result = client(GOOD, *TWO, *args)
    assert "large" in result.stdout.splitlines()[0]
    both = client(GOOD, *TWO, *args, "--model", "small")
    assert both.exit_code == 2
    assert "leave one of them out" in both.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--model", "tiny"], "name it with --url"),
        (["-H", "nothing"], "name it with --url"),
        (["--url", "http://127.0.0.1:9/v1"], "Nobody answers at http://127.0.0.1:9/v1"),
        (["--url", "http://127.0.0.1:9/v1", "-H", "nothing"], "a header is given that is none"),
    ],
)
def test_what_cannot_be_ends_with_2(args: list[str], told: str) -> None:
    result = client(GOOD, *TWO, *args)
    assert result.exit_code == 2
    assert told in result.stderr.replace("\n", " ")


def test_an_endpoint_that_goes_away_ends_the_run_with_2(folder: Path) -> None:
    """It sends everybody elsewhere when it has been asked a few times."""
    del folder
    fake = Fake()
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] != "http":
            return
        await body_of(receive, 1_000_000)
        asked.append(scope["path"])
        if len(asked) > 40:
            await send({"type": "http.response.start", "status": 307, "headers": [(b"location", b"/")]})
            await send({"type": "http.response.body", "body": b""})
            return
        models = json.dumps({"object": "list", "data": [{"id": "tiny", "object": "model"}]})
        message = {"role": "assistant", "content": "Yes."}
        reply = {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }
        body = models if scope["method"] == "GET" else json.dumps(reply)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body.encode()})

    with LiveServer(fake, app=app) as server:
        result = client(GOOD, "--examples", "0", "--url", server.base_url)
    assert result.exit_code == 2, result.output
    assert "points elsewhere (HTTP 307)" in result.stdout
    assert " not run, after " in result.stdout
    assert "BROKEN" not in result.stdout
