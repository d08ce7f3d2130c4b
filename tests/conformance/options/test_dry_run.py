"""`check --dry-run` and `check --fast`."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import LiveServer
from chatproof.cases import CASES, Level, cases_of
from chatproof.cases.fast import FAST
from chatproof.cli.dry_run import told
from chatproof.judging.embedded import embedded_fake
from chatproof.judging.rehearsal import Act, Asked, Rehearsal, rehearse
from chatproof.probe import Spent
from tests.conformance.test_check_command import KEY, Broken, check
from tests.portion import share


def test_nothing_is_sent_and_the_price_is_that_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dry = check("http://127.0.0.1:1/v1", "--dry-run")  # nobody listens there
    assert dry.exit_code == 0, dry.output
    with LiveServer(embedded_fake()) as server:
        assert check(server.base_url, "--json", "r.json").exit_code == 0
    spent = json.loads((tmp_path / "r.json").read_text())["spent"]
    found = re.search(r"^(\d+) requests, ([\d,]+) tokens", dry.stdout.splitlines()[-1])
    assert found
    assert int(found[1]) == pytest.approx(spent["requests"], abs=2)
    tokens = spent["prompt_tokens"] + spent["completion_tokens"]
    assert int(found[2].replace(",", "")) == pytest.approx(tokens, rel=0.1)


@share(0.2)
@given(st.sets(st.sampled_from(sorted(CASES)), min_size=1, max_size=5))
def test_each_request_is_told_once_and_under_its_case(ids: set[str]) -> None:
    rehearsal = rehearse(ids)
    assert [act.id for act in rehearsal.acts] == ["", *ids]
    assert sum(len(act.asked) for act in rehearsal.acts) == rehearsal.spent.requests
    lines = list(told(rehearsal))
    assert sum(line.startswith("  ") for line in lines) == rehearsal.spent.requests


def test_lorax_is_asked_at_its_root_and_only_where_it_is_named() -> None:
    lorax = check("--dry-run", "--profile", "lorax").stdout
    assert "/generate" in lorax
    assert "/generate" not in check("--dry-run").stdout


def test_the_model_is_the_one_that_is_named_and_a_body_is_cut() -> None:
    told_of = check("--dry-run", "--model", "org/\u202ebig", "-k", "chat.json.shape").stdout
    assert r'"model":"org/\u202ebig"' in told_of
    asked = (Asked(method="POST", path="/v1/x", body=b"\x1b" + b"a" * 5000),)
    (shown,) = list(told(Rehearsal(acts=(Act(id="a", asked=asked),), spent=Spent())))[2:3]
    assert "\x1b" not in shown
    assert len(shown) < 200
    assert shown.endswith("… (5,001 bytes)")


def test_a_gateway_is_not_rehearsed() -> None:
    run = check("http://127.0.0.1:1/v1", "--behind", "http://127.0.0.1:2/v1", "--dry-run")
    assert (run.exit_code, "leave --behind out" in run.stderr) == (2, True)


def test_fast_has_musts_that_there_are_and_costs_little() -> None:
    known = cases_of()
    assert set(known) >= FAST
    assert {known[id_].level for id_ in FAST} == {Level.MUST}
    assert rehearse(id_ for id_ in known if id_ in FAST).spent.requests <= 32


def test_fast_runs_those_and_no_other_and_finds_what_they_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with LiveServer(Broken("no-done")) as server:
        run = check(server.base_url, "--fast", "--json", "r.json", OPENAI_API_KEY=KEY)
    cases = json.loads((tmp_path / "r.json").read_text())["cases"]
    assert {case["id"] for case in cases if case["started"]} == FAST
    assert [case["id"] for case in cases if case["outcome"] == "failed"] == ["chat.sse.done"]
    assert run.exit_code == 1
