"""Every case says how servers usually fail it and what to do; no advice is left over for a case that is none."""

import tomllib
from importlib.resources import files

import pytest
from click.testing import CliRunner

from chatproof.cases import EVERY, cases_of
from chatproof.cases.advice import advice
from chatproof.cli.explain import explain_command
from chatproof.findings.ids import group_of

IDS = list(cases_of(EVERY))


@pytest.mark.parametrize("id_", IDS)
def test_a_case_has_advice(id_: str) -> None:
    found = advice(id_)
    assert found.usually.endswith((".", "?"))
    assert found.do.endswith(".")


def test_advice_is_about_cases_that_there_are() -> None:
    told = tomllib.loads((files("chatproof.cases") / "advice.toml").read_text(encoding="utf-8"))
    assert set(told) == {"groups", "cases"}
    assert set(told["cases"]) - set(IDS) == set()
    assert set(told["groups"]) - set(map(group_of, IDS)) == set()


def test_a_case_is_explained_with_it() -> None:
    result = CliRunner().invoke(explain_command, ["chat.sse.done"], catch_exceptions=False)
    assert result.exit_code == 0
    told = " ".join(result.output.split())
    assert advice("chat.sse.done").usually in told
    assert advice("chat.sse.done").do in told
