"""What holds for anything that LoRAX sends or takes, any slicing and any bytes."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.lorax import lorax
from chatschema import JsonObject, JsonValue, Kind, SseDecoder, StreamJudge, check
from chatschema.judging.catalogue import CONTRACTS, STREAMS
from chatschema.lorax import GenerateStream, LoraxChatStream, LoraxTextStream
from chatschema.rulebook import RULEBOOK
from tests.portion import share
from tests.schemas.lorax.samples import DONE, dump
from tests.schemas.replies import JSON
from tests.schemas.test_properties import EXTRAS, changed, same

OBJECTS: list[tuple[SearchStrategy[JsonObject], Kind]] = [
    (lorax.generate_responses(), Kind.LORAX_GENERATE),
    (lorax.best_of_responses(), Kind.LORAX_GENERATE),
    (lorax.generate_events(), Kind.LORAX_EVENT),
    (lorax.generate_requests(), Kind.LORAX_GENERATE_REQUEST),
    (lorax.lorax_errors(), Kind.LORAX_ERROR),
    (lorax.lorax_infos(), Kind.LORAX_INFO),
    (lorax.tokenize_requests(), Kind.LORAX_TOKENIZE_REQUEST),
    (lorax.embed_responses(), Kind.LORAX_EMBED),
    (lorax.embed_requests(), Kind.LORAX_EMBED_REQUEST),
    (lorax.classify_requests(), Kind.LORAX_CLASSIFY_REQUEST),
    (lorax.classify_batch_requests(), Kind.LORAX_CLASSIFY_BATCH_REQUEST),
    (lorax.lorax_chat_completions(), Kind.LORAX_CHAT),
    (lorax.lorax_chat_chunks(), Kind.LORAX_CHAT_CHUNK),
    (lorax.lorax_last_chat_chunks(), Kind.LORAX_CHAT_CHUNK),
    (lorax.lorax_chat_requests(), Kind.LORAX_CHAT_REQUEST),
    (lorax.lorax_completions(), Kind.LORAX_TEXT),
    (lorax.lorax_completion_chunks(), Kind.LORAX_TEXT_CHUNK),
    (lorax.lorax_completion_requests(), Kind.LORAX_TEXT_REQUEST),
    (lorax.lorax_embeddings(), Kind.LORAX_EMBEDDINGS),
    (lorax.lorax_embeddings_requests(), Kind.LORAX_EMBEDDINGS_REQUEST),
]
LISTS: list[tuple[SearchStrategy[list[JsonValue]], Kind]] = [
    (lorax.generate_roots(), Kind.LORAX_ROOT),
    (lorax.tokenize_responses(), Kind.LORAX_TOKENIZE),
    (lorax.classify_responses(), Kind.LORAX_CLASSIFY),
    (lorax.classify_batches(), Kind.LORAX_CLASSIFY_BATCH),
]
BYTES: list[tuple[SearchStrategy[bytes], Kind]] = [
    (lorax.generate_sse(), Kind.LORAX_STREAM),
    (lorax.lorax_chat_sse(), Kind.LORAX_CHAT_STREAM),
    (lorax.lorax_completion_sse(), Kind.LORAX_TEXT_STREAM),
]
EVENTS: list[tuple[SearchStrategy[list[JsonObject]], type[StreamJudge], Sequence[str]]] = [
    (lorax.generate_streams(), GenerateStream, ()),
    (lorax.lorax_chat_streams(), LoraxChatStream, (DONE,)),
    (lorax.lorax_completion_streams(), LoraxTextStream, (DONE,)),
]
ALL = [kind for kind in Kind if kind.startswith("lorax.")]

#: Shared among more tests than one, so that all of them are quick.
some = share(0.4)


def round_trip(value: JsonValue, kind: Kind) -> None:
    adapter = CONTRACTS[kind].adapter
    parsed = adapter.validate_python(value)
    assert same(adapter.dump_python(parsed, mode="json", by_alias=True, exclude_unset=True), value)


@pytest.mark.parametrize(
    ("drawn", "kind"), OBJECTS, ids=[f"{kind}-{at}" for at, (_, kind) in enumerate(OBJECTS)]
)
def test_drawn_body_is_valid_and_comes_back_from_the_model_as_it_was(
    drawn: SearchStrategy[JsonObject], kind: Kind
) -> None:
    @some
    @given(drawn, EXTRAS)
    def holds(value: JsonObject, extras: JsonObject) -> None:
        judgement = check(value, kind)
        assert judgement.valid, judgement.violations
        assert judgement.extensions == ()
        unknown = {name: item for name, item in extras.items() if name not in value}
        mixed = {**unknown, **value}
        assert len(check(mixed, kind).extensions) == len(unknown)
        round_trip(mixed, kind)

    holds()


@pytest.mark.parametrize(("drawn", "kind"), LISTS, ids=[kind for _, kind in LISTS])
def test_drawn_list_is_valid_and_comes_back_from_the_model_as_it_was(
    drawn: SearchStrategy[list[JsonValue]], kind: Kind
) -> None:
    @some
    @given(drawn)
    def holds(value: list[JsonValue]) -> None:
        judgement = check(value)
        assert (judgement.kind, judgement.valid, judgement.extensions) == (kind, True, ())
        round_trip(value, kind)

    holds()


@pytest.mark.parametrize(("drawn", "kind"), BYTES, ids=[kind for _, kind in BYTES])
def test_drawn_bytes_are_valid(drawn: SearchStrategy[bytes], kind: Kind) -> None:
    @some
    @given(drawn)
    def holds(data: bytes) -> None:
        judgement = check(data, kind)
        assert judgement.valid, judgement.violations
        assert judgement.extensions == ()

    holds()


@pytest.mark.parametrize(("drawn", "judge", "after"), EVENTS, ids=[judge.__name__ for _, judge, _ in EVENTS])
def test_any_slicing_of_a_stream_gives_the_same_answer(
    drawn: SearchStrategy[list[JsonObject]], judge: type[StreamJudge], after: Sequence[str]
) -> None:
    @some
    @given(drawn, st.integers(1, 400))
    def holds(events: list[JsonObject], size: int) -> None:
        failed = "error" in events[-1]
        wire = dump([*events, *(() if failed else after)]).encode()
        decoder, stream = SseDecoder(), judge()
        for start in range(0, len(wire), size):
            for event in decoder.feed(wire[start : start + size]):
                stream.feed(event)
        stream.close()
        whole = judge()
        for event in SseDecoder().feed(wire):
            whole.feed(event)
        whole.close()
        assert stream.violations == whole.violations
        assert stream.assembled() == whole.assembled()
        assert stream.done is not failed

    holds()


@some
@given(lorax.plain_generate_streams())
def test_events_add_up_to_an_answer_that_breaks_no_rule(events: list[JsonObject]) -> None:
    judgement = check(dump(events))
    assert (judgement.kind, judgement.violations) == (Kind.LORAX_STREAM, ())
    assert judgement.value is not None
    added_up = judgement.value.model_dump(mode="json", exclude_unset=True)
    assert check(added_up).violations == ()
    assert added_up["generated_text"] == events[-1]["generated_text"]
    assert added_up["details"]["tokens"] == [event["token"] for event in events]


@pytest.mark.parametrize(
    ("drawn", "kind"),
    [(lorax.lorax_chat_streams(), Kind.LORAX_CHAT), (lorax.lorax_completion_streams(), Kind.LORAX_TEXT)],
)
def test_chunks_add_up_to_an_answer(drawn: SearchStrategy[list[JsonObject]], kind: Kind) -> None:
    @some
    @given(drawn)
    def holds(chunks: list[JsonObject]) -> None:
        judgement = check(dump([*chunks, DONE]))
        assert (judgement.kind, judgement.violations) == (f"{kind}.sse", ())
        assert judgement.value is not None
        assert check(judgement.value.model_dump(mode="json", exclude_unset=True), kind).valid

    holds()


@some
@given(st.data(), st.sampled_from([drawn for drawn, _ in OBJECTS]), st.sampled_from(ALL))
def test_any_change_of_a_body_is_judged_as_any_kind_without_a_traceback(
    data: st.DataObject, drawn: SearchStrategy[JsonObject], kind: Kind
) -> None:
    broken = data.draw(changed(data.draw(drawn)))
    text = json.dumps(broken) if kind not in STREAMS else dump([broken, broken])
    judgement = check(text, kind)
    assert {violation.rule for violation in judgement.violations} <= set(RULEBOOK)


@some
@given(st.lists(JSON | st.sampled_from([DONE, "{", "[1]"]), max_size=4), st.sampled_from(ALL))
def test_any_json_in_a_stream_is_judged_without_a_traceback(events: list[JsonValue], kind: Kind) -> None:
    if kind in STREAMS:
        said = [item if isinstance(item, str) and "\n" not in item else json.dumps(item) for item in events]
        assert check(dump(said), kind).kind == kind
