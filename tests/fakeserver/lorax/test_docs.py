"""What docs/fake-lorax.md shows can be done as it shows it."""

import re
from pathlib import Path

from chatfake import SCENARIOS
from chatfake.routes import ROUTES
from chatfake.scripting.plan import parse_plan

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "fake-lorax.md").read_text(encoding="utf-8")


def test_example_runs() -> None:
    _, example = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(example, {})  # noqa: S102 - it is ours


def test_routes_in_the_docs_are_there() -> None:
    named = set(re.findall(r"`(GET|POST) (/[a-z_]*)`", TEXT))
    assert named >= {("POST", "/"), ("POST", "/generate_stream"), ("GET", "/info")}
    assert named <= {(route.method, path) for path, routes in ROUTES.items() for route in routes}


def test_scenarios_in_the_docs_are_there() -> None:
    table = TEXT.partition("| scenario |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)) <= set(SCENARIOS)
    assert parse_plan("unicode+stream-cut").name == "unicode+stream-cut"


def test_page_of_the_fake_leads_here() -> None:
    assert "(fake-lorax.md)" in (DOCS / "fake.md").read_text(encoding="utf-8")
