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
    row = Row(
        name="it", what="It.", declared=frozenset(declared), broken=frozenset(broken), asks=(), seconds=1.0
    )

    def rows(*_: Any, **__: Any) -> Iterator[Row]:
        yield row

    monkeypatch.setattr(selftest, "rows", rows)
    result = run()
    assert result.exit_code == 1
    assert result.output.startswith("WRONG  it")
    assert told in result.output


def test_a_name_that_is_none_is_told_with_those_near_it() -> None:
    result = run("--only", "trimz")
    assert result.exit_code == 2
    assert "no client is called 'trimz'; near are trims" in result.output
