"""The same body gets the same verdict, whatever it was recorded in."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatproof.gate import Gate
from chatproof.validate.judging.verdict import Outcome
from chatschema import check
from tests.validate.bodies import COMPLETION, CUT_STREAM, ERROR, STREAM, WARNED, WRONG
from tests.validate.containers import BYTES_TOO, CONTAINERS, gzipped
from tests.validate.judging import verdicts, violations

OUTCOMES = {
    COMPLETION: ("chat.completion", Outcome.VALID),
    STREAM: ("chat.completion.sse", Outcome.VALID),
    WARNED: ("chat.completion", Outcome.WARNED),
    WRONG: ("chat.completion", Outcome.FAILED),
    CUT_STREAM: ("chat.completion.sse", Outcome.FAILED),
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("containers")


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", CONTAINERS)
@pytest.mark.parametrize("body", OUTCOMES, ids=["good", "stream", "warned", "wrong", "cut"])
def test_body_has_the_verdict_of_its_bytes_in_every_container(tmp_path: Path, name: str, body: bytes) -> None:
    expected = [(one.rule, one.path, one.seen) for one in check(body).violations]
    for container in (CONTAINERS[name], gzipped(CONTAINERS[name])):
        (verdict,) = verdicts(written(tmp_path, *container(body)))
        assert (verdict.kind, verdict.outcome) == OUTCOMES[body]
        assert violations([verdict]) == [expected]


@pytest.mark.parametrize("suffix", [".json", ".txt", ".sse", "", ".log"])
@pytest.mark.parametrize("body", OUTCOMES, ids=["good", "stream", "warned", "wrong", "cut"])
def test_body_in_a_file_of_its_own_is_known_by_its_content(tmp_path: Path, body: bytes, suffix: str) -> None:
    (verdict,) = verdicts(written(tmp_path, f"a{suffix}", body))
    assert (verdict.kind, verdict.outcome) == OUTCOMES[body]


# a text of JSON, that a recorder may have as text, as bytes, or parsed
answers = st.builds(
    lambda members: {**json.loads(COMPLETION), **members},
    st.dictionaries(
        st.sampled_from(["id", "created", "model", "choices", "usage", "x"]),
        st.none()
        | st.booleans()
        | st.integers(-5, 5)
        | st.text(max_size=8)
        | st.lists(st.integers(0, 1), max_size=2),
        max_size=3,
    ),
)


GATE = Gate()


@given(value=answers, name=st.sampled_from(sorted(CONTAINERS)))
def test_any_answer_has_one_verdict_in_all_containers(folder: Path, value: Any, name: str) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    found = check(body, "chat.completion")
    container = CONTAINERS[name]
    assert violations(verdicts(written(folder, *container(body)))) == [
        [(one.rule, one.path, GATE.line(one.seen)) for one in found.violations]
    ]


@given(value=answers)
def test_parsed_body_has_the_verdict_of_its_text(folder: Path, value: Any) -> None:
    found = check(value, "chat.completion").violations
    expected = [[(one.rule, one.path, GATE.line(one.seen)) for one in found]]
    status = {"code": 200, "message": "OK"}
    interaction = {
        "request": {"method": "POST", "uri": "https://x/v1/chat/completions"},
        "response": {"status": status, "headers": {}, "parsed_body": value},
    }
    cassette = yaml.safe_dump({"interactions": [interaction]})
    assert violations(verdicts(written(folder, "parsed.yaml", cassette.encode()))) == expected
    batch = {"custom_id": "1", "response": {"status_code": 200, "body": value}, "error": None}
    if check(value).kind == "chat.completion":  # a batch's output does not name the route
        assert violations(verdicts(written(folder, "batch.jsonl", json.dumps(batch).encode()))) == expected


@given(data=st.binary(max_size=60), name=st.sampled_from(sorted(BYTES_TOO)))
def test_any_bytes_in_any_container_are_judged_as_the_route_says(
    folder: Path, data: bytes, name: str
) -> None:
    (verdict,) = verdicts(written(folder, *BYTES_TOO[name](data)))
    if verdict.outcome is Outcome.UNREADABLE:  # gzip inside of gzip, and damaged
        assert "compressed" in verdict.why
    else:
        assert verdict.kind in {"chat.completion", "chat.completion.sse", "error"}
        assert verdict.outcome is Outcome.FAILED


def test_error_of_a_chat_route_is_an_error_whatever_it_looks_like(tmp_path: Path) -> None:
    lines = [
        {"body": ERROR.decode(), "status": 400, "url": "/v1/chat/completions"},
        {
            "body": "Internal Server Error",
            "status": 500,
            "url": "/v1/chat/completions",
            "content_type": "text/plain",
        },
        {"body": {"detail": "Not Found"}, "status": 404, "url": "http://x/v1/models", "method": "GET"},
        {"body": COMPLETION.decode(), "status": 500, "url": "/chat/completions"},
    ]
    found = verdicts(written(tmp_path, "a.jsonl", b"\n".join(json.dumps(line).encode() for line in lines)))
    assert [verdict.kind for verdict in found] == ["error"] * 4
    assert [verdict.outcome for verdict in found] == [
        Outcome.VALID,
        Outcome.FAILED,
        Outcome.FAILED,
        Outcome.FAILED,
    ]


def test_error_with_a_good_status_is_no_answer(tmp_path: Path) -> None:
    line = {"body": ERROR.decode(), "status": 200, "url": "/v1/chat/completions"}
    (verdict,) = verdicts(written(tmp_path, "a.jsonl", json.dumps(line).encode()))
    assert (verdict.kind, verdict.outcome) == ("chat.completion", Outcome.FAILED)
    (verdict,) = verdicts(written(tmp_path, "b.jsonl", json.dumps({**line, "status": None}).encode()))
    assert (verdict.kind, verdict.outcome) == ("error", Outcome.VALID)
