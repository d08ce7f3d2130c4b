"""The table of known deviations: each row is met, none is met by what is right, and none changes a verdict."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema import JsonObject, JsonValue, Judgement, Kind, Level, Violation, check
from chatschema.deviations import RECORDED, Deviation, known_deviations, known_extension, table
from chatschema.deviations.lookup import place
from chatschema.deviations.table import DEVIATIONS
from chatschema.judging.catalogue import CONTRACTS, STREAMS
from chatschema.rulebook import RULEBOOK
from tests.schemas import samples
from tests.schemas.deviations.chat import CHAT, Sample
from tests.schemas.deviations.others import OTHERS
from tests.schemas.deviations.planted import planted
from tests.schemas.replies import chunked, replies
from tests.schemas.responses import samples as responses

BROKEN = {**CHAT, **OTHERS}
RULES = [row for row in DEVIATIONS if " " in row.signs[0]]
MEMBERS = [row for row in DEVIATIONS if " " not in row.signs[0]]


def of(row: Deviation) -> str:
    return row.id


def judged(sample: Sample) -> Judgement:
    kind, data = sample
    return check(data.encode() if isinstance(data, str) else data, kind)


def test_files_hold_nothing_that_is_not_read() -> None:
    folder = Path(table.__file__).parent / "data"
    read = {f"{name}.toml" for name in table.FILES}
    assert {path.name for path in folder.iterdir()} == read
    members = {field.name for field in fields(Deviation)} - {"id"}
    for path in folder.iterdir():
        for id_, row in tomllib.loads(path.read_text("utf-8")).items():
            assert row.keys() <= members, f"{path.name}: {id_}"


def signs_met(row: Deviation, judgement: Judgement) -> Iterator[str]:
    """The signs of a row that a judgement shows, by way of the two functions that look them up."""
    for violation in judgement.violations:
        if row in known_deviations(violation, judgement.kind):
            yield f"{violation.rule} {place(violation.path)}"
    for path in judgement.extensions:
        if row in known_extension(path, judgement.kind):
            yield place(path)


def test_ids_are_unique_and_say_whose_or_what() -> None:
    ids = [row.id for row in DEVIATIONS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z.-]*\.[a-z-]+", id_) for id_ in ids)


def test_samples_are_those_of_rows_that_there_are() -> None:
    assert set(BROKEN) == {row.id for row in RULES}


@pytest.mark.parametrize("row", DEVIATIONS, ids=of)
def test_row_says_who_does_what_and_how_that_is_known(row: Deviation) -> None:
    assert row.vendors
    assert len(set(row.vendors)) == len(row.vendors)
    assert row.sentence.endswith(".")
    assert not row.breaks or row.breaks.endswith(".")
    assert row.kinds
    assert set(row.kinds) <= {*CONTRACTS, *STREAMS}
    assert row.sources
    assert all(source == RECORDED or source.startswith("https://") for source in row.sources)
    re.compile(row.seen)
    re.compile(row.says)


@pytest.mark.parametrize("row", RULES, ids=of)
def test_row_names_rules_that_there_are(row: Deviation) -> None:
    for sign in row.signs:
        rule, where = sign.split(" ", 1)
        assert rule in RULEBOOK
        assert where == place(where)


@pytest.mark.parametrize("row", RULES, ids=of)
def test_every_sign_of_a_row_is_met_by_an_answer_of_that_kind(row: Deviation) -> None:
    met = {sign for sample in BROKEN[row.id] for sign in signs_met(row, judged(sample))}
    assert met == set(row.signs)
    assert {kind for kind, _ in BROKEN[row.id]} <= set(row.kinds)


@pytest.mark.parametrize("row", MEMBERS, ids=of)
def test_every_member_of_a_row_is_an_extension_and_found(row: Deviation) -> None:
    for sign in row.signs:
        bodies = list(planted(row.kinds, sign))
        assert bodies, sign
        assert any(sign in signs_met(row, check(body, kind)) for kind, body in bodies), sign


@given(replies())
def test_right_answer_meets_no_row(reply: JsonObject) -> None:
    judgement = check({"usage": samples.completion()["usage"], **reply}, Kind.COMPLETION)
    assert [row.id for row in DEVIATIONS if list(signs_met(row, judgement))] == (
        # the one member that these replies have and OpenAI's have not
        ["reasoning.content"] if judgement.extensions else []
    )


@given(st.data())
def test_right_stream_meets_no_row(data: st.DataObject) -> None:
    chunks = data.draw(replies().flatmap(chunked))
    judgement = check(samples.dump(chunks), Kind.STREAM)
    assert [row.id for violation in judgement.violations for row in known_deviations(violation)] == []


def test_whole_and_right_samples_meet_no_row() -> None:
    right: list[Sample] = [
        (Kind.COMPLETION, samples.completion()),
        (Kind.COMPLETION, samples.calling()),
        (Kind.COMPLETION, samples.scored()),
        (Kind.STREAM, samples.dump([*samples.stream(), samples.usage_chunk()])),
        (Kind.STREAM, samples.dump(samples.calling_stream())),
        (Kind.ERROR, samples.error()),
        (Kind.MODELS, samples.models()),
        (Kind.RESPONSE, responses.response()),
        (Kind.RESPONSE_STREAM, responses.dump(responses.numbered(responses.stream()))),
    ]
    for sample in right:
        judgement = judged(sample)
        assert judgement.valid
        assert [row.id for row in DEVIATIONS if list(signs_met(row, judgement))] == []


def violation(rule: str = "shape.value", path: str = "$", seen: str = "null") -> Violation:
    return Violation(rule=rule, level=Level.MUST, path=path, message="", expected="", seen=seen)


def test_what_was_recorded_most_often_comes_first() -> None:
    found = known_deviations(violation("chat.json.usage", "$[2].usage.total_tokens", "429 (a number)"))
    assert [row.vendors[0] for row in found] == ["xAI", "Gemini", "Mistral"]


def test_what_was_seen_tells_one_vendor_from_another() -> None:
    path = "$.choices[0].message.content"
    (parts,) = known_deviations(violation("shape.type", path, "a list of 2"))
    (whole,) = known_deviations(violation("shape.type", path, 'an object with "name"'))
    assert (parts.vendors, whole.vendors) == (("Mistral",), ("Cloudflare",))


def test_kind_leaves_out_what_other_bodies_are_known_for() -> None:
    everywhere = known_extension("$.provider")
    assert {row.vendors for row in everywhere} == {("OpenRouter",), ("Portkey",)}
    assert [row.vendors for row in known_extension("$.provider", "error")] == [("Portkey",)]
    assert known_extension("$.provider", "models") == ()


def test_index_and_event_do_not_matter() -> None:
    assert place("$[31].choices[2].delta.tool_calls[10].id") == "$.choices[*].delta.tool_calls[*].id"
    assert place("$[*].choices[0].delta.reasoning") == "$.choices[*].delta.reasoning"
    assert place("$[7]") == "$"
    assert place("$") == "$"


@given(st.text(), st.text(), st.text())
def test_anything_can_be_asked_for(rule: str, path: str, seen: str) -> None:
    assert known_deviations(violation(f"not.{rule}", path, seen)) == ()
    assert known_extension(f"?{path}") == ()


@pytest.mark.parametrize(
    ("body", "kind", "rule", "likely"),
    [
        ({"object": "error", "message": "no"}, Kind.ERROR, "shape.missing", "errors.flat"),
        ({"detail": "no"}, Kind.ERROR, "shape.missing", "errors.detail"),
        ({"message": "no"}, Kind.ERROR, "shape.missing", ""),
        (samples.dump(samples.stream()[:3]), Kind.STREAM, "chat.sse.finish-once", "stream.no-finish"),
        (
            {
                **samples.completion(),
                "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 5},
            },
            Kind.COMPLETION,
            "chat.json.usage",
            "",
        ),
    ],
)
def test_cause_that_the_case_rules_out_is_not_named(
    body: JsonValue, kind: Kind, rule: str, likely: str
) -> None:
    (found,) = (one for one in check(body, kind).violations if one.rule == rule and one.level is Level.MUST)
    assert [row.id for row in known_deviations(found, kind)][:1] == [likely][: bool(likely)]
