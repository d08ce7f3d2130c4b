"""The grammar of a stream of completions, step by step."""

import json
from itertools import product

import pytest

from chatschema import Completion, CompletionStream, JsonValue, SseEvent, check
from chatschema.chat import NoContent, NoContentReason
from chatschema.completions.completion import MOST_TEXTS
from chatschema.completions.grammar import CHOICE, STREAM
from chatschema.completions.rule_notes import COMPLETION_NOTES
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep
from chatschema.judging.lifecycle import Phase, Step
from chatschema.rulebook import RULEBOOK
from tests.schemas.completions.samples import chunk, completion, piece, stream
from tests.schemas.samples import dump, error


def broken(*events: JsonValue, end: str = "data: [DONE]\n\n") -> list[tuple[str, str, str]]:
    judgement = check(dump(events, end), "completion.sse")
    return [(item.rule, item.path, str(item.level)) for item in judgement.violations]


def test_tables_are_total_and_name_real_rules() -> None:
    steps = {Step.PART, Step.BARE, Step.ERROR, Step.JUNK, Step.DONE, Step.END}
    phases = {Phase.START, Phase.OPEN, Phase.FAILED, Phase.DONE, Phase.ENDED}
    assert STREAM.keys() == set(product(phases, steps))
    of_choice = set(ChoiceStep) - {ChoiceStep.ROLE}
    assert CHOICE.keys() == set(product({ChoicePhase.OPEN, ChoicePhase.FINISHED}, of_choice))
    breaches = [breach for _, breach in (*STREAM.values(), *CHOICE.values()) if breach is not None]
    assert {breach.rule for breach in breaches} <= set(COMPLETION_NOTES)
    assert set(COMPLETION_NOTES) <= set(RULEBOOK)


def test_right_stream_breaks_nothing_and_becomes_an_answer() -> None:
    judgement = check(dump(stream()))
    assert judgement.kind == "completion.sse"
    assert judgement.violations == ()
    assert isinstance(judgement.value, Completion)
    assert judgement.value.completed_text() == "Hello!"


def test_usage_comes_with_the_last_choice_or_alone() -> None:
    usage: JsonValue = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    for chunks in (
        [*stream(), chunk(usage=usage)],
        [stream()[0], {**stream()[1], "usage": usage}],
        [{**item, "usage": None} for item in stream()] + [chunk(usage=usage)],
    ):
        judge = CompletionStream()
        for event in chunks:
            judge.feed(_event(event))
        assert (judge.assembled() or {})["usage"] == usage


def test_finish_reason_that_comes_again_is_a_should_and_another_one_a_must() -> None:
    finish = "completions.sse.finish-once"
    again = [*stream(), chunk(piece("", "stop"))]
    assert broken(*again) == [(finish, "$[2].choices[0].finish_reason", "should")]
    other = [*stream(), chunk(piece("", "length"))]
    assert broken(*other) == [(finish, "$[2].choices[0].finish_reason", "must")]
    assert broken(*stream(), chunk(piece(""))) == []
    assert broken(*stream(), chunk(piece("!"))) == [(finish, "$[2].choices[0].text", "must")]


def test_each_choice_ends_by_itself() -> None:
    chunks = [chunk(piece("a"), piece("b", index=1)), chunk(piece("", "stop")), chunk(piece("c", index=1))]
    assert broken(*chunks) == [("completions.sse.finish-once", "$[3]", "must")]
    assert broken(*chunks, chunk(piece("", "length", index=1))) == []


def test_error_says_that_the_answer_is_not_whole_and_nothing_else_does() -> None:
    assert broken(stream()[0], error()) == [("completions.sse.error", "$[1]", "must")]
    assert broken(stream()[0], error(), end="") == [("completions.sse.error", "$[1]", "must")]
    assert broken(error()) == [("completions.sse.error-before", "$[0]", "must")]
    inside = {**stream()[0], **error()}
    assert broken(inside)[0] == ("completions.sse.error-before", "$[0]", "must")


def test_log_probabilities_are_joined() -> None:
    one: JsonValue = {"tokens": ["Hel"], "token_logprobs": [-0.5], "top_logprobs": None, "text_offset": [0]}
    two: JsonValue = {"tokens": ["lo!"], "token_logprobs": [-1], "top_logprobs": None, "text_offset": [3]}
    judge = CompletionStream()
    judge.feed(_event(chunk(piece("Hel", logprobs=one))))
    judge.feed(_event(chunk(piece("lo!", "stop", logprobs=two))))
    answer = Completion.model_validate(judge.assembled())
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert (logprobs.tokens, logprobs.text_offset) == (["Hel", "lo!"], [0, 3])
    assert logprobs.top_logprobs is None


def test_finish_reasons_and_the_error_are_told_while_the_stream_runs() -> None:
    judge = CompletionStream()
    assert judge.assembled() is None
    for event in stream():
        judge.feed(_event(event))
    assert dict(judge.finish_reasons) == {0: "stop"}
    assert (judge.chunks, judge.done, judge.error) == (2, False, None)
    judge.feed(_event(error()))
    assert judge.error == error()


def test_hostile_stream_of_many_choices_ends_somewhere() -> None:
    judge = CompletionStream()
    for index in range(MOST_TEXTS + 5):
        judge.feed(_event(chunk(piece("x", "stop", index=index))))
    assert [item.rule for item in judge.violations] == ["completions.sse.shape"]
    answer = Completion.model_validate(judge.assembled())
    assert len(answer.choices) == MOST_TEXTS


@pytest.mark.parametrize("index", [0, 1])
def test_text_of_a_choice_is_found_by_its_index(index: int) -> None:
    answer = completion(piece("b", "stop", index=1), piece("a", "stop", index=0))
    assert Completion.model_validate(answer).completed_text(index) == "ab"[index]


def test_text_that_is_not_there_has_a_reason() -> None:
    empty = Completion.model_validate({**completion(), "choices": []})
    with pytest.raises(NoContent, match="no choices") as none:
        empty.completed_text()
    assert none.value.reason is NoContentReason.EMPTY_CHOICES
    with pytest.raises(NoContent, match="no choice 3") as other:
        Completion.model_validate(completion()).completed_text(3)
    assert other.value.reason is NoContentReason.MISSING
    assert Completion.model_validate(completion(piece("", "stop"))).completed_text() == ""


def _event(value: JsonValue) -> SseEvent:
    return SseEvent(data=json.dumps(value), event="", id=None, retry=None, comments=(), complete=True)
