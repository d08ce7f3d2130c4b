"""`chatproof selftest client`."""

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatproof.cli import selftest
from chatproof.selftest.matrix import Row


def run(*args: str) -> Result:
    return CliRunner().invoke(selftest.selftest, ["client", *args], catch_exceptions=False)


def test_rows_are_told_as_they_come_and_summed_up() -> None:
    result = run("--only", "trims", "--only", "right/plain", "--examples", "1")
    assert result.exit_code == 0
    first, second, last = result.output.splitlines()
    assert first.split() == ["ok", "trims", "accumulate.verbatim"]
    assert second.split() == ["ok", "right/plain", "nothing"]
    assert last.startswith("1 of 1 mutants caught, 0 of 1 right clients blamed, 0 rows wrong")


@pytest.mark.parametrize(
    ("declared", "broken", "told"),
    [
        ({"accumulate.once"}, set(), "not caught by accumulate.once"),
        ({"accumulate.once"}, {"accumulate.once", "accumulate.order"}, "not declared: accumulate.order"),
        (set(), {"accumulate.order"}, "not declared: accumulate.order"),
    ],
)
def test_a_wrong_row_ends_with_1(
    declared: set[str], broken: set[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_seed = {7: frozenset(declared), 8: frozenset(broken)}
    result = run_with(
        Row(name="it", what="It.", declared=frozenset(declared), by_seed=by_seed, seconds=1.0), monkeypatch
    )
    assert result.exit_code == 1
    assert result.output.startswith("WRONG  it")
    assert f"seed 8: {told}" in result.output
    assert "seed 7" not in result.output


def test_a_right_client_that_was_not_looked_at_to_the_end_is_a_wrong_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = frozenset[str]()
    by_seed = {0: nothing, 1: nothing}
    row = Row(
        name="it",
        what="It.",
        declared=nothing,
        by_seed=by_seed,
        ended={1: "it did not come back"},
        seconds=1.0,
    )
    result = run_with(row, monkeypatch)
    assert result.exit_code == 1
    assert "seed 1: it did not come back" in result.output


def run_with(row: Row, monkeypatch: pytest.MonkeyPatch) -> Result:
    def rows(*_: Any, **__: Any) -> Iterator[Row]:
        yield row

    monkeypatch.setattr(selftest, "rows", rows)
    return run()


def test_clients_can_be_tried_at_once_with_several_seeds() -> None:
    names = ("--only", "trims", "--only", "right/plain")
    result = run(*names, "--examples", "1", "--seeds", "2", "--jobs", "2")
    assert result.exit_code == 0
    first, second, _ = result.output.splitlines()
    assert first.split() == ["ok", "trims", "accumulate.verbatim"]
    assert second.split() == ["ok", "right/plain", "nothing"]


def test_seeds_of_nothing_are_refused() -> None:
    result = run("--seeds", "3")
    assert result.exit_code == 2
    assert "give --examples, too" in result.output


def test_a_name_that_is_none_is_told_with_those_near_it() -> None:
    result = run("--only", "trimz")
    assert result.exit_code == 2
    assert "no client is called 'trimz'; near are trims" in result.output
