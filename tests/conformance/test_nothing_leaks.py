"""No key and no control character of a stranger is in anything that `check` writes or prints."""

import base64
import contextlib
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from chatfake import Answer, Fake, LiveServer, Request, Send
from chatproof.cli import main
from chatproof.gate import Gate
from chatproof.selftest.endpoint.wrapping import as_json, asked, is_chat, with_type
from tests.hostile.clean import flaws
from tests.portion import share

CANARY = "sk-canary-5f8Qw2Zt7Lx0"

keys = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=48).filter(
    lambda key: len(set(key)) > 5
)

CONTROLS = "\x1b]0;owned\x07\x08\x00\x7f\x9b31m\u202e\u2028\r\n::error file=x::owned\n\ud800"
"""What a terminal, a log or a CI system obeys, and what is no text."""

HIDINGS: dict[str, Callable[[str], str]] = {
    "bare": str,
    "among letters": lambda key: f"x{key}7",
    "escaped": json.dumps,
    "in base64": lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    "in base64, as a pair": lambda key: base64.b64encode(f"user:{key}x".encode()).decode(),
    "with per cent": lambda key: quote(key, safe=""),
}
"""How a key can stand in an answer."""

Answering = Callable[[str, Request], Answer | None]


def refusal(status: int) -> Answering:
    """Refuses every chat with the text."""

    def answer(text: str, request: Request) -> Answer | None:
        error = {"message": text, "type": text, "param": text, "code": text}
        return as_json(status, {"error": error}) if is_chat(request) else None

    return answer


def models(text: str, request: Request) -> Answer | None:
    """Lists models that are called so."""
    listed = [{"id": f"{text}{n}", "object": "model", "created": 1, "owned_by": text} for n in range(3)]
    return as_json(200, {"object": "list", "data": listed}) if request.path.endswith("/models") else None


def no_models(text: str, request: Request) -> Answer | None:
    """Refuses to list models."""
    return as_json(400, {"detail": text}) if request.path.endswith("/models") else None


def completion(text: str, request: Request) -> Answer | None:
    """Says so, in every member."""
    if not is_chat(request) or asked(request).get("stream"):
        return None
    message = {"role": text, "content": text, text: text}
    choice = {"index": 0, "message": message, "finish_reason": text}
    return as_json(200, {"id": text, "object": text, "model": text, "choices": [choice], "usage": {text: 1}})


def stream(text: str, request: Request) -> Answer | None:
    """Streams so."""
    if not (is_chat(request) and asked(request).get("stream")):
        return None
    event = json.dumps({"id": text, "object": text, "choices": [{"delta": {text: text}}]})
    body = f"data: {event}\n\nevent: {text}\ndata: {text}\n\n".encode("utf-8", "replace")
    return Answer(status=200, headers=(("content-type", "text/event-stream"),), steps=(Send(body),))


def no_json(text: str, request: Request) -> Answer | None:
    """Answers in plain text."""
    body = (text * 3).encode("utf-8", "replace")
    return Answer(status=200, headers=(("content-type", "text/plain"),), steps=(Send(body),))


def header(text: str, request: Request) -> Answer | None:
    """Names its content so."""
    if not is_chat(request):
        return None
    printable = "".join(c for c in text if 0x20 <= ord(c) < 0x7F)
    return with_type(as_json(200, {}), f"text/{printable}")


def redirect(text: str, request: Request) -> Answer | None:
    """Points elsewhere."""
    del request
    there = f"/{quote(text, errors='replace')}?key={quote(text, errors='replace')}"
    return Answer(status=302, headers=(("location", there), ("content-length", "0")))


FIELDS: dict[str, Answering] = {
    "a refusal": refusal(400),
    "no such model": refusal(404),
    "a fault": refusal(500),
    "a model's name": models,
    "no models": no_models,
    "a completion": completion,
    "a stream": stream,
    "no JSON": no_json,
    "a header": header,
    "a redirect": redirect,
}
"""Where an endpoint can put a text."""


class Hostile(Fake):
    """An endpoint that puts a text into a place of its answers."""

    def __init__(self) -> None:
        super().__init__(models=("tiny",), clock=time.time)
        self.field, self.text = "", ""

    def answer(self, request: Request) -> Answer:
        """What it was told to, or what the fake says."""
        found = FIELDS[self.field](self.text, request) if self.field else None
        return found or super().answer(request)


@pytest.fixture(scope="module")
def hostile() -> Iterator[tuple[Hostile, str]]:
    """The endpoint, and its URL."""
    endpoint = Hostile()
    with LiveServer(endpoint) as server:
        yield endpoint, server.base_url


def artefacts(url: str, key: str, selection: str) -> dict[str, str]:
    """All that a run prints and writes, by name; of what is JSON, its texts too."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("r.json", "r.xml")}
        ran = CliRunner().invoke(
            main,
            ["check", url, "-k", selection, "--json", str(files["r.json"]), "--junit", str(files["r.xml"])],
            env={"OPENAI_API_KEY": key},
            prog_name="chatproof",
        )
        assert ran.exit_code in {0, 1, 2}
        found = {"stdout": ran.stdout, "stderr": ran.stderr, "raised": repr(ran.exception)}
        found |= {name: path.read_text(encoding="utf-8") for name, path in files.items() if path.exists()}
    return found


def assert_clean(found: dict[str, str], key: str) -> None:
    """No piece of the key, and nothing that is obeyed."""
    data = {name: text.encode("utf-8", "surrogatepass") for name, text in found.items()}
    assert flaws(data, key) == []


@settings(
    share(0.2), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # a run an example: too slow to shrink
@example(  # a plus of base64 is %2B in a URL
    key=">_<I)Js1P<Pt~^s", field="a redirect", hiding="in base64, as a pair", before="", after="e" * 156
)
@example(  # what is quoted already is quoted again
    key="}V${6_EB.Rh.KkodM", field="a redirect", hiding="with per cent", before=CONTROLS, after="e" * 112
)
@example(  # the id of a model stands in a URL
    key='tWh20"3$9<2!qJYcsIQ~ipEyuRzJPO3Od',
    field="a model's name",
    hiding="escaped",
    before="b" * 94,
    after="z",
)
@given(
    key=keys,
    field=st.sampled_from(sorted(FIELDS)),
    hiding=st.sampled_from(sorted(HIDINGS)),
    before=st.sampled_from(["", "a", CONTROLS, "Incorrect API key: "])
    | st.integers(0, 2100).map("b".__mul__),
    after=st.sampled_from(["", "z", CONTROLS, " is wrong."]) | st.integers(0, 2100).map("e".__mul__),
)
def test_no_artefact_holds_the_key_nor_what_a_terminal_obeys(
    hostile: tuple[Hostile, str], key: str, field: str, hiding: str, before: str, after: str
) -> None:
    endpoint, url = hostile
    endpoint.field, endpoint.text = field, f"{before}{HIDINGS[hiding](key)}{after}"
    assert_clean(artefacts(url, key, "models or sse.done or json.shape or errors.bad-json"), key)


@given(st.data(), keys, st.text(max_size=9), st.text(max_size=9))
def test_pieces_of_a_key_are_masked_wherever_they_stand(
    data: st.DataObject, key: str, before: str, after: str
) -> None:
    gate = Gate.of_key(key, "KEY")
    start = data.draw(st.integers(0, len(key) - 8))
    piece = key[start : data.draw(st.integers(start + 8, len(key)))]
    text = gate.masked(f"{before}<{piece}>{after}")
    if any(c.isdigit() for c in piece[:8]) and any(c.isalpha() for c in piece[:8]):
        assert piece.lower() not in text.lower()


def test_words_that_a_key_is_made_of_are_no_pieces_of_it() -> None:
    gate = Gate.of_key("local-completions-Key-77aQ", "KEY")
    told = "POST /v1/chat/completions: a local-completions-server"
    assert gate.masked(told) == told
    assert gate.masked("completions-Key-77 and s-key-77aq") == "$KEY and $KEY"


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_plain_pytest_shows_no_key(
    hostile: tuple[Hostile, str], field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    endpoint, url = hostile
    endpoint.field, endpoint.text = field, f"{'b' * 190}x{CANARY}7{CONTROLS}"
    said = io.StringIO()
    options = ["-k", "models or sse.done or json.shape", "--showlocals", "--chatproof-json", "r.json", "--chatproof-junit", "r.xml"]  # fmt: skip
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main(
            [*options, "--pyargs", "chatproof", "--chatproof-url", url, "-s", "-p", "no:cacheprovider"]
        )
    found = {"stdout": said.getvalue()}
    found |= {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("r.*")}
    assert len(found) == 3
    assert_clean(found, CANARY)


@pytest.mark.parametrize(
    "key",
    [
        f"{CANARY}\n",
        f"{CANARY}\r",
        f"{CANARY}\x7f",
        f"{CANARY}é",
        f"{CANARY}\u2028",
        f" {CANARY}\t",
    ],
)
def test_a_key_that_is_no_header_value_is_told_before_the_first_request(
    hostile: tuple[Hostile, str], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, url = hostile
    asked_for: list[Request] = []
    monkeypatch.setattr(endpoint, "answer", asked_for.append)
    ran = CliRunner().invoke(main, ["check", url], env={"OPENAI_API_KEY": key}, prog_name="chatproof")
    assert ran.stderr.startswith("chatproof: the key in $OPENAI_API_KEY ")
    assert ran.stderr.count("\n") == 1
    assert_clean({"stderr": ran.stderr}, CANARY)
