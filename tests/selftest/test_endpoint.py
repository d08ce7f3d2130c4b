"""`chatproof selftest endpoint`. That its rows are right is held by tests/conformance, a part of them at a time."""

import pytest
from click.testing import CliRunner, Result

from chatproof.cli import selftest
from chatproof.selftest.endpoint import matrix
from chatproof.selftest.endpoint.matrix import ENDPOINTS, Row


def run(*args: str) -> Result:
    return CliRunner().invoke(selftest.selftest, ["endpoint", *args], catch_exceptions=False)


def test_rows_are_told_as_they_come_and_summed_up() -> None:
    result = run("--only", "no-done", "--only", "right/crlf")
    assert result.exit_code == 0
    first, second, last = result.output.splitlines()
    assert first.split() == ["ok", "no-done", "chat.sse.done", "failed"]
    assert second.split() == ["ok", "right/crlf", "nothing"]
    assert last == (
        "1 of 1 broken endpoints caught by the case meant (1 of 1 of the musts fail the run),"
        " 0 of 1 right ones blamed, 0 rows wrong"
    )


@pytest.mark.parametrize(
    ("name", "found", "told"),
    [
        ("no-done", {}, "not found by chat.sse.done"),
        ("no-done", {"chat.sse.done": "failed", "models.list": "warned"}, "not declared: models.list"),
        ("no-done", {"chat.sse.done": "error"}, "a fault in chatproof"),
        ("right/crlf", {"models.list": "warned"}, "not declared: models.list"),
    ],
)
def test_a_wrong_row_ends_with_1(
    name: str, found: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(_: str) -> Row:
        return Row(endpoint=ENDPOINTS[name], found=found, seconds=1.0)

    monkeypatch.setattr(matrix, "row", row)
    result = run("--only", name)
    assert result.exit_code == 1
    assert result.output.startswith(f"WRONG  {name}")
    assert told in result.output


def test_a_name_that_is_none_is_told_with_those_near_it() -> None:
    result = run("--only", "no-dne")
    assert result.exit_code == 2
    assert "no endpoint is called 'no-dne'; near are no-done" in result.output


def test_there_are_many_broken_endpoints_and_many_right_ones() -> None:
    assert sum(bool(one.breaks) for one in ENDPOINTS.values()) >= 170
    assert sum(not one.breaks for one in ENDPOINTS.values()) >= 30
