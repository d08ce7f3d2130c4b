"""What docs/deviations.md is made with: who answered, what is counted, what is explained and what is not."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from chatschema import JsonObject, JsonValue, Kind
from tests.schemas import samples
from tests.schemas.samples import GONE, broken
from tools.deviation_count.exchange import Exchange, digest, read_corpus, read_recordings
from tools.deviation_count.page import page
from tools.deviation_count.provider import vendor_of
from tools.deviation_count.tally import Sums, count
from tools.deviation_count.words import link, short


def line(body: str, *, provider: str = "api.mistral.ai", **members: JsonValue) -> JsonObject:
    """One exchange as a corpus has it."""
    return {
        "id": "somebody+tests/1",
        "source": "somebody/tests:one.yaml#0",
        "provider": provider,
        "url_path": "/v1/chat/completions",
        "endpoint": "chat",
        "kind": "json",
        "origin": "cassette",
        "body": body,
        **members,
    }


def corpus(folder: Path, lines: Iterable[JsonObject]) -> Path:
    place = folder / "corpus.jsonl.gz"
    place.write_bytes(gzip.compress("".join(f"{json.dumps(one)}\n" for one in lines).encode()))
    return place


def counted(folder: Path, *lines: JsonObject) -> Sums:
    return count(read_corpus(corpus(folder, lines)))


def test_breach_that_a_vendor_is_known_for_is_explained_and_told(tmp_path: Path) -> None:
    body = broken(samples.calling(), "choices", 0, "message", "tool_calls", 0, "type", GONE)
    sums = counted(tmp_path, line(json.dumps(body)), line(json.dumps(samples.completion())))
    assert sums.providers["Mistral"].unexplained == ()
    text = page(sums, "0")
    assert "| Mistral | 1 of 2 |" in text
    assert "**Mistral's tool calls have no type.** 1 of 2 chat answers." in text
    assert "[graniet/llm#67](https://github.com/graniet/llm/issues/67)" in text


def test_breach_that_nobody_is_known_for_is_not_explained(tmp_path: Path) -> None:
    body = broken(samples.completion(), "choices", 0, "index", "0")
    sums = counted(tmp_path, line(json.dumps(body)))
    assert sums.providers["Mistral"].unexplained == ("shape.type $.choices[*].index",)
    assert "**Not explained**: 1 of 1 chat answers" in page(sums, "0")


def test_breach_that_another_vendor_is_known_for_is_not_explained(tmp_path: Path) -> None:
    body = broken(samples.completion(), "choices", 0, "message", "content", {"name": "Ada"})
    assert counted(tmp_path, line(json.dumps(body))).providers["Mistral"].unexplained
    cloudflare = counted(tmp_path, line(json.dumps(body), provider="api.cloudflare.com"))
    assert not cloudflare.providers["Cloudflare"].unexplained


def test_missing_done_is_held_against_a_recording_and_not_against_a_fixture(tmp_path: Path) -> None:
    events = samples.dump(samples.stream(), end="")
    sums = counted(
        tmp_path,
        line(events, kind="sse"),
        line(events, kind="sse", provider="fixture:mistral", origin="fixture"),
    )
    assert sums.providers["Mistral"].unexplained == ("chat.sse.done $",)
    assert sums.providers["Mistral, fixtures"].unexplained == ()
    assert sums.providers["Mistral, fixtures"].cells["chat", "stream"].invalid == 0


def test_member_is_counted_once_an_exchange(tmp_path: Path) -> None:
    model: JsonObject = {"id": "m", "object": "model", "created": 1, "owned_by": "me", "x_new": 1}
    models: JsonObject = {"object": "list", "data": [model, {**model, "id": "n"}]}
    text = page(counted(tmp_path, line(json.dumps(models), endpoint="models", url_path="/v1/models")), "0")
    assert "- `$.data[*].x_new` 1" in text


def test_answers_of_other_routes_are_told_and_not_judged(tmp_path: Path) -> None:
    compact = line('{"object": "response.compaction"}', endpoint="responses", provider="api.openai.com")
    sums = counted(tmp_path, compact)
    assert (sums.judged, sums.unjudged) == (0, 1)


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({}, Kind.COMPLETION),
        ({"kind": "error"}, Kind.ERROR),
        ({"kind": "sse"}, Kind.STREAM),
        ({"endpoint": "models", "url_path": "/v1/models"}, Kind.MODELS),
        ({"endpoint": "models", "url_path": "/v1/models/curie"}, Kind.MODEL),
        ({"endpoint": "completions", "url_path": "/v1/prompts/x/completions"}, Kind.COMPLETION),
        ({"endpoint": "completions", "url_path": None}, Kind.TEXT),
    ],
)
def test_route_and_form_tell_what_an_exchange_is(members: JsonObject, kind: Kind, tmp_path: Path) -> None:
    (found,) = read_corpus(corpus(tmp_path, [{**line("{}"), **members}]))
    assert found.kind is kind


def recording(route: str, status: int, content_type: str = "application/json") -> JsonObject:
    response: JsonObject = {"status": status, "headers": [["Content-Type", content_type]], "body": "{}"}
    return {"server": "vllm", "case": "x", "request": {"method": "POST", "path": route}, "response": response}


@pytest.mark.parametrize(
    ("route", "status", "content_type", "kinds"),
    [
        ("/v1/chat/completions", 200, "application/json", [Kind.COMPLETION]),
        ("/v1/chat/completions", 200, "text/event-stream; charset=utf-8", [Kind.STREAM]),
        ("/v1/completions?x=1", 200, "text/event-stream", [Kind.TEXT_STREAM]),
        ("/v1/models/tiny", 200, "application/json", [Kind.MODEL]),
        ("/v1/nope", 404, "text/plain", [Kind.ERROR]),
        ("/v1/chat/completions/", 307, "text/plain", []),
        ("/health", 200, "application/json", []),
    ],
)
def test_recording_is_taken_for_what_route_status_and_type_say(
    route: str, status: int, content_type: str, kinds: list[Kind], tmp_path: Path
) -> None:
    (tmp_path / "vllm.jsonl").write_text(json.dumps(recording(route, status, content_type)), encoding="utf-8")
    found: list[Exchange] = list(read_recordings(tmp_path))
    assert [one.kind for one in found] == kinds


def test_digest_changes_with_any_of_the_files(tmp_path: Path) -> None:
    first = corpus(tmp_path, [line("{}")])
    alone = digest(first, None)
    (tmp_path / "vllm.jsonl").write_text("{}", encoding="utf-8")
    assert len({alone, digest(first, tmp_path), digest(corpus(tmp_path, [line("[]")]), None)}) == 3


def test_vendor_is_found_by_host_customer_and_source_and_else_is_the_host() -> None:
    assert vendor_of("api.x.ai", "a/b:c") == "xAI"
    assert vendor_of("somebody.openai.azure.com", "a/b:c") == "Azure"
    assert vendor_of("fixture:unknown", "huggingface/text-generation-inference:x") == "TGI"
    assert vendor_of("llm.example.org", "a/b:c") == "llm.example.org"


def test_words_are_short() -> None:
    assert link("https://github.com/a/b/pull/7") == "[a/b#7](https://github.com/a/b/pull/7)"
    assert (
        link("https://github.com/a/b/blob/0/c/d.rs#L1")
        == "[a/b: d.rs](https://github.com/a/b/blob/0/c/d.rs#L1)"
    )
    assert link("https://example.org/x") == "[example.org](https://example.org/x)"
    assert short("It stops (there: late) and goes (on).") == "It stops and goes."
