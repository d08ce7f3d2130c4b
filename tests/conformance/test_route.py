"""Which answer an address promises."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.probe.route import route_of
from chatproof.validate.files.body import Reason
from chatproof.validate.judging.verdict import Outcome
from chatschema import Kind
from tests.validate.bodies import COMPLETION, STREAM
from tests.validate.judging import verdicts


@pytest.mark.parametrize(
    ("method", "url", "kind"),
    [
        ("POST", "https://api.openai.com/v1/chat/completions", "chat.completion"),
        ("POST", "/v1/chat/completions/?a=b", "chat.completion"),
        ("", "<BASE>/chat/completions", "chat.completion"),
        (
            "POST",
            "https://x.openai.azure.com//openai/deployments/g/chat/completions?api-version=1",
            "chat.completion",
        ),
        (
            "POST",
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            "chat.completion",
        ),
        ("POST", "/v1/completions", "completion"),
        ("POST", "/openai/deployments/g/completions", "completion"),
        ("POST", "<BASE>/completions", "completion"),
        ("POST", "https://api.anthropic.com/v1/chat/completions", "chat.completion"),
        ("POST", "https://api.cohere.com/compatibility/v1/embeddings", "embeddings"),
        ("POST", "/v1/embeddings", "embeddings"),
        ("POST", "/v1/responses", "response"),
        ("GET", "/v1/responses/resp_1?stream=true", "response"),
        ("POST", "/v1/responses/resp_1/cancel", "response"),
        ("GET", "/v1/models", "models"),
        ("GET", "/v1/models/org/model", "model"),
        ("POST", "http://localhost:8080/generate", "lorax.generate"),
        ("POST", "/generate_stream", "lorax.generate.sse"),
        # not ours
        ("GET", "/v1/chat/completions", None),
        ("DELETE", "/v1/chat/completions", None),
        ("GET", "/v1/chat/completions/chatcmpl-1/messages", None),
        ("POST", "/v1/responses/compact", None),
        ("GET", "/v1/responses/resp_1/input_items", None),
        ("DELETE", "/v1/models/x", None),
        ("POST", "http://localhost:11434/api/generate", None),
        ("POST", "https://api.anthropic.com/v1/messages", None),
        ("GET", "https://api.anthropic.com/v1/models", None),
        ("GET", "https://generativelanguage.googleapis.com/v1beta/models", None),
        ("GET", "https://api.cohere.com/v1/models", None),
        ("GET", "https://api.replicate.com/v1/models/google/imagen-4", None),
        ("POST", "http://127.0.0.1:11434/api/embeddings", None),
        ("POST", "https://openrouter.ai/api/v1/embeddings", "embeddings"),
        ("POST", "/v1/files", None),
        ("POST", "http://[", None),
        ("POST", "/", None),
    ],
)
def test_address_and_method_tell_the_answer(method: str, url: str, kind: str | None) -> None:
    route = route_of(method, url)
    assert (route and route.answer) == kind


@given(url=st.text(), method=st.text(max_size=5))
def test_any_text_is_an_address(url: str, method: str) -> None:
    route_of(method, url)


def line(tmp_path: Path, **members: Any) -> Any:
    (tmp_path / "a.jsonl").write_text(json.dumps({"method": "POST", "status": 200, **members}))
    (verdict,) = verdicts(tmp_path / "a.jsonl")
    return verdict


@pytest.mark.parametrize(
    "body",
    [
        '{"object": "list", "data": []}',
        '{"error": {"message": "no"}}',
        '{"choices": []}',
        'event: message_start\ndata: {"type": "message_start"}\n\n',
        "data: {}\n\n",
        COMPLETION.decode() + "\n" + COMPLETION.decode(),  # the content of a batch's file
        json.dumps({"text": '"object": "chat.completion"'}),
        {"object": "list", "data": []},
        ["chat.completion"],
        7,
    ],
)
def test_body_of_another_route_is_skipped_whatever_it_looks_like(tmp_path: Path, body: Any) -> None:
    verdict = line(tmp_path, url="https://x/v1/other", body=body)
    assert (verdict.outcome, verdict.why) == (Outcome.SKIPPED, Reason.ROUTE)


@pytest.mark.parametrize(
    "body", [COMPLETION.decode(), STREAM.decode(), json.loads(COMPLETION)], ids=["json", "sse", "parsed"]
)
def test_body_that_names_itself_is_judged_whatever_its_route_is_called(tmp_path: Path, body: Any) -> None:
    assert line(tmp_path, url="https://x/serving/invocations", body=body).outcome is Outcome.VALID


@pytest.mark.parametrize("url", ["", "**REDACTED**"])
def test_body_whose_address_was_blotted_out_is_judged_by_its_content(tmp_path: Path, url: str) -> None:
    assert line(tmp_path, url=url, body=COMPLETION.decode()).kind == "chat.completion"
    assert line(tmp_path, url=url, body="{}").outcome is Outcome.UNREADABLE


def test_body_of_another_kind_than_its_route_gives_is_held_to_the_route(tmp_path: Path) -> None:
    verdict = line(tmp_path, url="/v1/chat/completions", body='{"object": "list", "data": []}')
    assert (verdict.kind, verdict.outcome) == ("chat.completion", Outcome.FAILED)
    chunk = STREAM.split(b"\n", 1)[0].removeprefix(b"data: ").decode()
    verdict = line(tmp_path, url="/v1/chat/completions", body=chunk)  # right by itself, and no answer
    assert (verdict.kind, verdict.outcome) == ("chat.completion", Outcome.FAILED)


CHUNK = STREAM.split(b"\n", 1)[0].removeprefix(b"data: ").decode()


@pytest.mark.parametrize(
    "path", ["/v1/fim/completions", "/v1/agents/completions", "/v1/prompts/p/completions"]
)
@pytest.mark.parametrize(
    ("body", "kind"), [(COMPLETION.decode(), "chat.completion"), (STREAM.decode(), "chat.completion.sse")]
)
def test_answer_to_a_route_that_only_ends_like_ours_is_what_it_says(
    tmp_path: Path, path: str, body: str, kind: str
) -> None:
    verdict = line(tmp_path, url=f"https://api.mistral.ai{path}", body=body)
    assert (verdict.kind, verdict.outcome) == (kind, Outcome.VALID)
    assert line(tmp_path, url="/v1/completions", body=body).outcome is Outcome.FAILED


@pytest.mark.parametrize("path", ["/x/completions", "/x/embeddings", "/x/responses", "/registry/models"])
def test_answer_to_such_a_route_that_says_nothing_is_of_another_route(tmp_path: Path, path: str) -> None:
    for body in ('{"object": "list", "data": [{"id": 1}]}', "[1]", "no", 'data: {"a": 1}\n\n', CHUNK):
        verdict = line(tmp_path, url=path, body=body, method="GET" if "models" in path else "POST")
        assert (verdict.outcome, verdict.why) == (Outcome.SKIPPED, Reason.ROUTE)


@pytest.mark.parametrize(
    "body", ['{"detail": "Not Found"}', '{"detail": [{"msg": "no"}]}', '{"error": "no"}']
)
def test_one_text_alone_is_an_error_where_an_address_or_a_kind_says_so(tmp_path: Path, body: str) -> None:
    for status in (None, 404):
        verdict = line(tmp_path, url="/v1/chat/completions", status=status, body=body)
        assert (verdict.kind, verdict.outcome) == ("error", Outcome.FAILED)
        assert line(tmp_path, url="", status=status, body=body).outcome is Outcome.UNREADABLE
    assert line(tmp_path, url="/v1/chat/completions", status=200, body=body).kind == "chat.completion"
    (tmp_path / "b.json").write_text(body)
    (plain,), (told,) = verdicts(tmp_path / "b.json"), verdicts(tmp_path / "b.json", kind=Kind.ERROR)
    assert (plain.outcome, told.outcome) == (Outcome.UNREADABLE, Outcome.FAILED)


def test_stored_completions_are_no_models_and_no_completion(tmp_path: Path) -> None:
    stored = {"object": "list", "data": [json.loads(COMPLETION)], "first_id": "a", "has_more": False}
    verdict = line(tmp_path, method="GET", url="/v1/chat/completions?limit=2", body=json.dumps(stored))
    assert (verdict.outcome, verdict.why) == (Outcome.SKIPPED, Reason.ROUTE)
    for body in (stored, json.dumps(stored)):
        verdict = line(tmp_path, method="", url="/v1/chat/completions", body=body)
        assert (verdict.outcome, verdict.why) == (Outcome.SKIPPED, Reason.ROUTE)
    one = line(tmp_path, method="GET", url="/v1/chat/completions/chatcmpl-1", body=COMPLETION.decode())
    assert (one.kind, one.outcome) == ("chat.completion", Outcome.VALID)
    late = json.dumps({"note": "x" * 100_000, **json.loads(COMPLETION)})
    assert line(tmp_path, url="/serving/invocations", body=late).kind == "chat.completion"


@pytest.mark.parametrize(
    ("body", "content_type", "rule"),
    [
        (STREAM, "application/json", "http.sse-content-type"),
        (STREAM, "text/event-stream; charset=utf-8", ""),
        (STREAM, "", ""),
        (STREAM, "**REDACTED**", ""),
        (COMPLETION, "text/event-stream", "http.json-content-type"),
        (COMPLETION, "text/plain", "http.json-content-type"),
        (COMPLETION, "Application/JSON; charset=utf-8", ""),
        (COMPLETION, "x-unknown", ""),
        (b'{"error": {"message": "no", "type": "x", "param": null, "code": "y"}}', "text/plain", ""),
    ],
)
def test_recorded_content_type_is_that_of_the_body(
    tmp_path: Path, body: bytes, content_type: str, rule: str
) -> None:
    found = line(tmp_path, body=body.decode(), content_type=content_type).findings
    assert [one.violation.rule for one in found] == [rule][: bool(rule)]
