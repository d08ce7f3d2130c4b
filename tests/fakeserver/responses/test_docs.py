"""What docs/fake-responses.md shows can be done as it shows it."""

import re
from pathlib import Path
from typing import Any

from chatfake import FAULTS, Fake
from chatfake.handle import Handle
from chatfake.responses.scenarios import RESHAPES
from tests.fakeserver.asking import post
from tests.fakeserver.responses.asking import PATH, asked

TEXT = (Path(__file__).parents[3] / "docs" / "fake-responses.md").read_text(encoding="utf-8")


def test_example_runs(fake_server: Handle) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102  our own page
    names["test_my_agent"](fake_server)
    assert len(fake_server.requests) == 2


def test_faults_that_find_nothing_to_change_are_those_that_are_named(fake: Fake) -> None:
    (sentence,) = re.findall(r"\n([^\n]*) find nothing to change", TEXT)
    body = asked(stream=True, model="fake/unicode")
    plain = post(fake, body, PATH)
    befallen = {name: post(fake, body, PATH, (("x-fake-scenario", f"unicode+{name}"),)) for name in FAULTS}
    idle = {name for name, answer in befallen.items() if answer == plain}
    assert set(re.findall(r"`([a-z-]+)`", sentence)) == idle


def test_table_has_every_scenario_that_is_another_thing_here() -> None:
    rows = re.findall(r"\n\| ([a-z0-9-]+) \| ", TEXT.partition("<!-- scenarios -->")[2])
    assert [row for row in rows if row not in ("name", "---")] == [*RESHAPES]
