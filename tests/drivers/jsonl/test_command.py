"""`chatproof client --jsonl`: what cannot be run ends with 2, the cause and a way out."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.drivers.jsonl.test_jsonl_driver import ODD
from tests.history.command.commanding import GOOD, client

PYTHON = f"{sys.executable} -S -E"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-program", "there is no program no-such-program on the PATH"),
        (
            f"{PYTHON} -c 'raise SystemExit(5)'",
            "ended with status 5 before it had answered, and a driver answers",
        ),
        (f"{PYTHON} -c 'print(input()[:5])'", 'It printed: {"id". Nothing was judged.'),
        ("node driver.mjs {api_key}", "{api_key} is no placeholder here"),
        (f"{PYTHON} {ODD} refuses", "the driver opened no client: no licence"),
    ],
)
def test_what_cannot_be_run_ends_with_2_and_says_why(command: str, told: str) -> None:
    result = client("--jsonl", command, "--examples", "0")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_a_driver_that_speaks_wrongly_in_mid_run_ends_it_with_2(tmp_path: Path) -> None:
    late = tmp_path / "late.py"
    late.write_text(
        "import json, sys, urllib.request\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    answer = {'id': asked['id'], 'ok': True}\n"
        "    setup = asked if asked['op'] == 'open' else setup\n"
        "    if asked['op'] == 'say':\n"
        "        head = {'content-type': 'application/json'}\n"
        "        body = {'model': setup['model'], 'messages': [{'role': 'user', 'content': asked['text']}]}\n"
        "        url = setup['base_url'] + '/chat/completions'\n"
        "        sent = urllib.request.Request(url, json.dumps(body).encode(), head)\n"
        "        reply = json.load(urllib.request.urlopen(sent))['choices'][0]['message']['content']\n"
        "        answer = {'id': asked['id'] + (asked['id'] > 9), 'reply': reply}\n"
        "    print(json.dumps(answer), flush=True)\n"
    )
    result = client(
        "--jsonl", f"{PYTHON} {late}", "--system", "none", "--window", "0", "--examples", "0", "-k", "answer"
    )
    assert result.exit_code == 2
    assert re.search(
        r"there was no client any more: the driver's answer has id \d+, and the last request had \d+",
        result.stdout,
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([GOOD, "--jsonl", "node driver.mjs"], "TARGET and --jsonl exclude each other"),
        (["--jsonl", "node driver.mjs", "--can", "clear=x"], "what another client can do it says itself"),
        (["--jsonl", "node 'driver.mjs"], "is no command line: no closing quotation"),
    ],
)
def test_what_does_not_go_together_is_refused(options: list[str], told: str) -> None:
    result = client(*options)
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr


def test_a_driver_that_asks_nobody_is_not_judged() -> None:
    result = client("--jsonl", shlex.join([sys.executable, "-S", "-E", ODD, "echoes"]), "--examples", "0")
    assert result.exit_code == 2
    assert "say(text) gave back 'hello'. Requests that came: none. Nothing was judged." in result.stderr
