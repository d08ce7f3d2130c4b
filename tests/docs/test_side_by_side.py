"""The comparison with other tools: how their reports are read, what counts as caught, and that the page is of the results."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.side_by_side.page import PAGE, page
from bench.side_by_side.results import RESULTS, Verdict, read, results_of, verdict, write
from bench.side_by_side.served import PLAIN, endpoints, served
from bench.side_by_side.theirs import THEIRS
from bench.side_by_side.tools import TOOLS


def test_the_page_is_what_the_results_make() -> None:
    assert PAGE.read_text() == page(read(RESULTS))


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = read(RESULTS)
    write(found, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == RESULTS.read_bytes()


@pytest.mark.parametrize(
    ("found", "code", "plain", "expected"),
    [
        ({}, 0, {}, Verdict(found={}, stops=False)),
        ({"a": "failed"}, 1, {}, Verdict(found={"a": "failed"}, stops=True)),
        ({"a": "failed"}, 0, {}, Verdict(found={"a": "failed"}, stops=False)),
        ({"a": "warned"}, 0, {}, Verdict(found={"a": "warned"}, stops=False)),
        ({"a": "failed"}, 1, {"a": "failed"}, Verdict(found={}, stops=False)),
        ({"a": "warned", "b": "warned"}, 1, {"a": "failed"}, Verdict(found={"b": "warned"}, stops=False)),
        ({"a": "failed"}, 1, {"a": "warned"}, Verdict(found={"a": "failed"}, stops=True)),
    ],
)
def test_what_is_said_of_the_plain_fake_counts_nowhere(
    found: dict[str, str], code: int, plain: dict[str, str], expected: Verdict
) -> None:
    assert verdict(found, code, plain) == expected


@pytest.mark.parametrize(
    ("tool", "report", "expected"),
    [
        (
            "chatproof",
            {"whole": True, "cases": [{"id": "a", "outcome": "passed"}, {"id": "b", "outcome": "warned"}]},
            {"b": "warned"},
        ),
        ("chatproof", {"whole": False, "cases": []}, {"the run": "failed"}),
        (
            "llm-comply",
            {
                "results": [
                    {"id": "a", "status": "failed", "errors": ["x"], "warnings": ["y"]},
                    {"id": "b", "status": "passed", "warnings": ["y"]},
                    {"id": "c", "status": "skipped", "errors": ["z"]},
                ]
            },
            {"a": "failed", "b": "warned"},
        ),
        (
            "compatcanary",
            {
                "results": [
                    {"id": "a", "status": "fail"},
                    {"id": "b", "status": "warn"},
                    {"id": "c", "status": "pass"},
                ]
            },
            {"a": "failed", "b": "warned"},
        ),
        ("openai", {"chat": "APIResponseValidationError"}, {"chat": "failed"}),
    ],
)
def test_reports_are_read(tool: str, report: Any, expected: dict[str, str]) -> None:
    assert TOOLS[tool].read(report) == expected


def test_an_endpoint_is_served_with_its_mistake() -> None:
    asked = {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}]}
    seen: list[Any] = []
    found: dict[str, dict[str, Any]] = {}
    for name in (PLAIN, "same-id"):
        with served(name, seen) as server, httpx.Client(base_url=server.base_url) as client:
            found[name] = {client.post("/chat/completions", json=asked).json()["id"]: None for _ in range(2)}
    assert [len(ids) for ids in found.values()] == [2, 1]
    assert len(seen) == 4


def test_endpoints_of_others_routes_are_left_out() -> None:
    known = endpoints()
    assert known["same-id"] == "chat.json.id"
    assert known["right/crlf"] == ""
    assert not any("lorax" in name for name in known)


def test_a_part_is_taken_of_each_sort() -> None:
    every, eighth = endpoints(), endpoints(8)
    assert {*eighth} < {*every}
    assert all(every[name] == breaks for name, breaks in eighth.items())
    right = [name for name, breaks in every.items() if not breaks]
    assert [name for name in eighth if name in right] == right[::2]


def test_what_is_broken_for_a_check_is_caught_by_the_tool_whose_check_it_is() -> None:
    theirs = [entry for entry in read(RESULTS) if entry.name in THEIRS]
    assert theirs
    assert [entry.name for entry in theirs if not entry.verdicts[entry.breaks].found] == []


def test_rows_become_results() -> None:
    def row(found: dict[str, str], code: int) -> dict[str, Any]:
        return {"found": found, "code": code, "requests": 3, "seconds": 1.0}

    rows = {PLAIN: {"t": row({"b": "warned"}, 0)}, "x": {"t": row({"a": "failed", "b": "warned"}, 1)}}
    results = results_of({"t": "1"}, {"x": "http.utf8"}, rows)
    [entry] = results
    assert (entry.name, entry.breaks, entry.verdicts) == (
        "x",
        "http.utf8",
        {"t": Verdict(found={"a": "failed"}, stops=True)},
    )
    assert json.dumps(results.requests) == '{"t": 3}'
