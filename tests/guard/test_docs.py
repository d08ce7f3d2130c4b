"""docs/guard.md names what there is; its examples are run by tests/docs."""

import re
from pathlib import Path

from chatproof.guard import LIMIT, LORAX
from chatproof.guard.routes import request_kind
from chatproof.probe.route import Route, route_of

TEXT = (Path(__file__).parents[2] / "docs" / "guard.md").read_text(encoding="utf-8")


def route(method: str, path: str) -> Route:
    found = route_of(method, f"https://a{path}", LORAX) or route_of(method, f"https://a{path}")
    assert found is not None, path
    return found


def test_table_of_routes_is_what_is_judged() -> None:
    rows = [line.split("|")[1:-1] for line in TEXT.splitlines() if line.startswith(("| `POST", "| `GET"))]
    assert len(rows) == 8
    for row in rows:
        address, answer, stream, request = (cell.strip("` ") for cell in row)
        method, path = address.split()
        found = route_of(method, "https://a" + path.replace("…", "/v1").replace("/v1/v1", "/v1"))
        assert found is not None
        assert (answer or stream) == found.answer
        assert (stream or None) == found.stream
        assert method == "GET" or request == request_kind(found)


def test_routes_of_lorax_are_named() -> None:
    (named,) = re.findall(r"LoRAX's other routes.*?: (.*?)\n\n", TEXT, re.DOTALL)
    paths = re.findall(r"`(?:GET |POST )?(/\w*)`", named)
    assert {route("GET" if path == "/info" else "POST", path).error for path in paths} == {"lorax.error"}
    assert len(paths) == len(LORAX) + 1  # two are one


def test_limit_is_the_one_that_is_told() -> None:
    assert f"{LIMIT // 1024**2} MB" in TEXT
