"""The page as a document: what it may load, what it may do, how large it is. No browser is needed."""

import hashlib
import re
from base64 import b64encode
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from chatfake import Fake, LiveServer, Request
from chatfake.inspector.json_views import MOST_ROUNDS
from chatfake.inspector.page import PAGE, SCRIPTS
from chatfake.inspector.timeline import MOST_ENTRIES
from chatfake.journal.journal import MAX_REQUESTS
from chatfake.routes import ROUTES
from chatfake.routes.inspector import MOST_ROWS

#: Bytes.
LARGEST = 60_000
DOCS = Path(__file__).parents[3] / "docs"
FOLDER = files("chatfake.inspector")
SOURCES = {name: FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS}


def policy() -> dict[str, str]:
    said = dict(PAGE.headers)["content-security-policy"]
    return {name: rest for name, _, rest in (part.partition(" ") for part in said.split("; "))}


@pytest.mark.parametrize("path", ["/_fake/", "/_fake", "/v1/_fake/", "/key/k/_fake/"])
def test_page_is_served_and_is_in_no_journal(path: str, fake: Fake) -> None:
    answer = fake.answer(Request(method="GET", path=path))
    assert (answer.status, answer.body) == (200, PAGE.body)
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert answer.header("x-content-type-options") == "nosniff"
    assert fake.requests == ()


def test_page_is_small() -> None:
    assert len(PAGE.body) < LARGEST


def test_policy_lets_in_the_pages_own_script_and_style_and_nothing_else() -> None:
    text = PAGE.body.decode()
    for tag, directive in (
        (r'<script type="module">(.*?)</script>', "script-src"),
        (r"<style>(.*?)</style>", "style-src"),
    ):
        (inside,) = re.findall(tag, text, re.DOTALL)
        digest = b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert policy()[directive] == f"'sha256-{digest}'"
    assert policy()["default-src"] == "'none'"
    assert policy()["connect-src"] == "'self'"
    assert policy()["require-trusted-types-for"] == "'script'"
    assert policy()["frame-ancestors"] == policy()["base-uri"] == policy()["form-action"] == "'none'"
    assert "unsafe" not in dict(PAGE.headers)["content-security-policy"]


def test_source_makes_no_markup_from_text() -> None:
    for name, source in SOURCES.items():
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "srcdoc",
        ):
            assert word not in source, name


def test_source_names_no_other_host() -> None:
    hosts = re.findall(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]+[^\s"'`]*""", PAGE.body.decode())
    assert set(hosts) == {"http://www.w3.org/2000/svg"}  # the name of a kind of XML; nobody asks for it
    assert not re.search(r"@import|url\(|<link[^>]+stylesheet|<script[^>]+src", PAGE.body.decode())


def test_every_script_of_the_folder_is_in_the_page() -> None:
    assert {one.name for one in FOLDER.iterdir() if one.name.endswith(".js")} == {
        f"{name}.js" for name in SCRIPTS
    }


def test_browser_that_has_the_page_gets_304(fake: Fake) -> None:
    first = fake.answer(Request(method="GET", path="/_fake/"))
    headers = (("if-none-match", first.header("etag")),)
    again = fake.answer(Request(method="GET", path="/_fake/", headers=headers))
    assert (again.status, again.body) == (304, b"")
    assert again.header("etag") == first.header("etag")
    assert again.header("content-security-policy") == first.header("content-security-policy")
    assert first.header("cache-control") == "no-cache"


def test_head_has_the_head_of_get_over_a_socket() -> None:
    with LiveServer() as server, httpx.Client(base_url=server.base_url.removesuffix("/v1")) as client:
        whole, head = client.get("/_fake/"), client.head("/_fake/")
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-length", "content-type", "etag", "content-security-policy"):
            assert head.headers[name] == whole.headers[name]
        assert client.post("/_fake/").status_code == 405


def test_page_is_served_by_several_workers_too_and_the_overview_says_why_it_is_not() -> None:
    fake = Fake(workers=2)
    assert fake.answer(Request(method="GET", path="/_fake/")).status == 200
    refused = fake.answer(Request(method="GET", path="/_fake/overview"))
    assert refused.status == 501
    assert b"needs_one_worker" in refused.body


def test_files_of_the_page_stay_short() -> None:
    for one in Path(str(FOLDER)).iterdir():
        if one.suffix in (".js", ".css", ".html", ".py"):
            assert len(one.read_text(encoding="utf-8").splitlines()) <= 260, one.name


def test_docs_show_the_page_and_what_it_is_made_of() -> None:
    text = (DOCS / "inspector.md").read_text(encoding="utf-8")
    assert "](inspector.md)" in (DOCS / "fake.md").read_text(encoding="utf-8")
    assert "](inspector.png)" in text
    assert (DOCS / "inspector.png").stat().st_size < 150_000
    routes = set(re.findall(r"`GET (/_fake(?:/[a-z]+)?)", text))
    assert {"/_fake", "/_fake/overview", "/_fake/conversations", "/_fake/requests"} <= routes <= set(ROUTES)
    for number in (str(MOST_ROUNDS), f"{MOST_ROWS:,}", f"{MOST_ENTRIES:,}", f"{MAX_REQUESTS:,}"):
        assert number in text


def test_example_in_the_docs_prints_the_time_line(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "inspector.md").read_text(encoding="utf-8"), re.DOTALL
    )
    with LiveServer() as server:
        exec(code.replace("http://127.0.0.1:8080", server.base_url.removesuffix("/v1")), {})  # noqa: S102  our own
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "0.0 event ['assistant']"
    assert printed[1].startswith("0.1 event ['turn")
    assert printed[-1].endswith("done []")
