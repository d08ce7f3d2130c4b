"""Whatever an endpoint does: a reply or one sentence, nothing that a terminal obeys, and its key nowhere."""

import re
from pathlib import Path

import click.testing
import pytest
from click.testing import CliRunner

from chatproof.cli import main
from tests.hostile.clean import KEY, flaws
from tests.hostile.endpoint import serving
from tests.hostile.kind import Kind
from tests.hostile.kinds import CATALOGUE

BRIEF = (
    "handshake that hangs", "reset", "hangs in the head", "endless chunks", "gzip bomb", "long number",
    "lone surrogates", "redirect to no URL", "key its middle", "key in two chunks", "key in tokens",
    "OSC in an answer",
)  # fmt: skip
"""In the default suite; the others are its exhaustive part."""

NO_KEY = "\x00" * 12
"""Of which no piece stands anywhere."""

OF_A_REPLY = re.compile(
    "[\\t\\r\\xa0\\ufeff\\u00ad\\u200b-\\u200f\\u2060\\ue000-\\uf8ff]|^(?:::|##)", re.MULTILINE
)
"""What may stand in a reply: nothing that a terminal obeys. What a CI system makes of one is its own matter."""


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=kind.name, marks=() if kind.name in BRIEF else pytest.mark.exhaustive)
        for kind in CATALOGUE.values()
    ],
)
@pytest.mark.parametrize("way", ["listed", "stream", "whole"])
def test_a_hostile_endpoint(kind: Kind, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True)
    file = tmp_path / "history.json"
    more = {"listed": [], "stream": ["--model", "m"], "whole": ["--model", "m", "--no-stream"]}[way]
    with serving(kind) as url:
        words = ["chat", url, "hi", "--history-file", str(file), "--timeout", "0.2", *more]
        ran = CliRunner().invoke(main, words, env={"OPENAI_API_KEY": KEY, "NO_PROXY": "*"})
    assert ran.exit_code == (0 if file.exists() else 1)
    reply = OF_A_REPLY.sub("", ran.stdout_bytes.decode()).encode()
    kept = file.read_bytes() if file.exists() else b""
    assert flaws({"stderr": ran.stderr_bytes, "history.json": kept, "reply": reply}, NO_KEY) == []
    assert flaws({"stderr": ran.stderr_bytes}) == []
    assert KEY.encode() not in reply + kept  # a piece of it may be a part of a word there
    assert bool(ran.stderr_bytes) == (ran.exit_code == 1)
