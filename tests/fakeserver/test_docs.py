"""What docs/fake.md shows can be done as it shows it."""

import json
import re
from pathlib import Path

from chatfake import FAULTS, SCENARIOS, Fake
from chatfake.routes import ROUTES
from chatfake.scripting.plan import parse_plan
from tests.fakeserver.asking import chat, post

TEXT = (Path(__file__).parents[2] / "docs" / "fake.md").read_text(encoding="utf-8")


def test_script_in_the_docs_is_read_and_answers(fake: Fake) -> None:
    (script,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    fake.script(script)
    answer = post(fake, chat(messages=[{"role": "user", "content": "x"}] * 3))
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == "Hello!"


def test_every_call_in_the_docs_can_be_made(fake: Fake) -> None:
    calls = re.findall(r"`(handle\.(?:by_turn|when|script|answer_with|scenario|fault|plan)\([^`…]+\))`", TEXT)
    assert len(calls) == 7
    for call in calls:
        eval(call, {"handle": fake.handle()})  # noqa: S307  the docs' own words


def test_every_route_in_the_docs_is_there() -> None:
    named = set(re.findall(r"`(?:GET |POST |PUT |DELETE )(?:/v1)?(/[a-z_/]+)", TEXT))
    assert {path.removesuffix("/") for path in named} <= {*ROUTES, "/_fake/wait", "/_fake/events"}
    assert len(named) > 8


def test_every_plan_in_the_docs_is_one() -> None:
    for name in ("unicode+stream-cut", "http-429*2", "delay-first-byte=2.5"):
        assert f"`{name}`" in TEXT
        assert parse_plan(name).name == name


def test_tables_list_every_scenario_and_fault() -> None:
    listed = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in listed or f"| {name} " in listed for name in (*SCENARIOS, *FAULTS))
