"""What a body costs is bounded, whatever it holds: errors that are made, elements that are looked at, events."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chatschema import ChatCompletion, JsonObject, JsonValue, Kind, Level, Violation, check
from chatschema.core.json_text import MOST_ELEMENTS, MOST_HOLDERS, Size, size_of
from chatschema.core.violation import MOST
from chatschema.judging import contract as module
from chatschema.judging import shape
from chatschema.judging.bounds import QuickCheck
from chatschema.judging.catalogue import CONTRACTS
from chatschema.judging.stream_judge import MOST_REFUSED
from tests.schemas.samples import chunk, completion, dump, models, scored, stream

MANY = MOST_ELEMENTS + 1
BOUNDS = "http.bounds"


def errors(form: TypeAdapter[Any], value: object) -> ValidationError | None:
    try:
        form.validate_python(value)
    except ValidationError as error:
        return error
    return None


def notes(value: JsonValue | str, kind: Kind | None = None) -> list[tuple[Level, str]]:
    return [(one.level, one.message) for one in check(value, kind).violations if one.rule == BOUNDS]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (None, Size.SMALL),
        ("x" * MANY, Size.SMALL),
        ([0] * MOST_ELEMENTS, Size.SMALL),
        ([0] * MANY, Size.LARGE),
        ({"a": {str(number): 0 for number in range(MANY)}}, Size.LARGE),
        ([[]] * MOST_HOLDERS, Size.HUGE),
        ([[]] * (MOST_HOLDERS - 1), Size.LARGE),
        ({"a": [{"b": []}] * MOST_HOLDERS}, Size.HUGE),
    ],
)
def test_size_counts_members_items_and_what_holds_them(value: JsonValue, size: Size) -> None:
    assert size_of(value) is size


def test_value_that_contains_itself_has_a_size() -> None:
    knot: list[JsonValue] = []
    knot += [knot, knot]
    assert size_of(knot) is Size.HUGE


HOSTILE: list[tuple[str, JsonObject, list[JsonValue]]] = [
    ("data", models(), [{"id": ""}]),
    ("data", models(), [1]),
    ("choices", completion(), [{}]),
    ("choices", completion(), [{"message": {}}]),
    ("data", {"object": "list", "model": "m", "data": [{"object": "embedding", "embedding": [1]}]}, [{}]),
    ("output", {"object": "response"}, [{}]),
    ("messages", {"model": "m", "messages": []}, [{}]),
]


@pytest.mark.parametrize(("name", "body", "items"), HOSTILE, ids=lambda value: json.dumps(value)[:20])
def test_wrong_items_cost_one_error_each_list(
    monkeypatch: pytest.MonkeyPatch, name: str, body: JsonObject, items: list[JsonValue]
) -> None:
    made: list[int] = []

    def violations_of(error: ValidationError, reference: str) -> list[Violation]:
        made.append(error.error_count())
        return real(error, reference)

    real = shape.violations_of
    monkeypatch.setattr(module, "violations_of", violations_of)
    kind = check(body).kind
    few, many = (check({**body, name: items * count}, kind) for count in (20, MANY))
    assert made[-2] > made[-1]
    assert made[-1] < MOST
    assert (few.valid, many.valid, many.value) == (False, False, None)
    assert len(many.violations) <= MOST
    (note,) = (one for one in many.violations if one.rule == BOUNDS)
    assert (note.level, note.path, note.seen) == (Level.SHOULD, "$", "more than 5,000")


def test_items_that_are_right_are_all_judged_and_a_wrong_last_one_is_found() -> None:
    sample: JsonObject = models()["data"][0]  # type: ignore[index,assignment]  # the test knows its own sample
    models_: list[JsonValue] = [{**sample, "id": f"m{number}"} for number in range(MANY)]
    right = check({"object": "list", "data": models_})
    assert (right.valid, right.violations) == (True, ())
    assert right.value is not None
    wrong = check({"object": "list", "data": [*models_, {"id": "", "object": "model"}]})
    assert [one.path for one in wrong.violations if one.level is Level.MUST] == [
        f"$.data[{MANY}].{name}" for name in ("id", "created", "owned_by")
    ]


def test_rules_of_a_huge_body_are_not_judged_and_that_is_said() -> None:
    answer = scored()
    token = answer["choices"][0]["logprobs"]["content"][0]  # type: ignore[index, call-overload]  # as above
    for count, found in ((MOST_HOLDERS // 8, []), (MOST_HOLDERS, [Level.SHOULD])):
        answer["choices"][0]["logprobs"]["content"] = [token] * count  # type: ignore[index, call-overload]  # as above
        assert [level for level, _ in notes(answer, Kind.COMPLETION)] == found
    looked_at: list[JsonObject] = []

    def rule(value: JsonObject) -> Iterator[Violation]:
        looked_at.append(value)
        yield from ()

    contract = module.Contract(kind=Kind.MODELS, form=dict, summary="", reference="", rules=(rule,))
    few: list[JsonValue] = [{}]
    contract.inspect({"a": few})
    contract.inspect({"a": few * MOST_HOLDERS})
    assert looked_at == [{"a": [{}]}]


def test_broken_rules_are_counted_up_to_a_bound() -> None:
    made: list[int] = []

    def rule(value: JsonObject) -> Iterator[Violation]:
        del value
        for number in range(10**6):
            made.append(number)
            yield Violation(rule="x", level=Level.MUST, path="$", message="No.", expected="", seen="")

    contract = module.Contract(kind=Kind.MODELS, form=dict, summary="", reference="", rules=(rule,))
    assert len(contract.inspect({}).violations) == MOST
    assert len(made) <= 1_000


@pytest.mark.parametrize("kind", CONTRACTS)
def test_quick_check_says_what_the_models_say(kind: Kind) -> None:
    contract = CONTRACTS[kind]
    quick = QuickCheck(contract.adapter)
    for example in contract.examples:
        assert quick.error(example) is None
    wrongs: tuple[JsonValue, ...] = (
        "x",
        1,
        [],
        [1],
        {},
        {"choices": [{}], "data": [{}], "messages": [{}], "output": [{}]},
    )
    for wrong in wrongs:
        error, whole = quick.error(wrong), errors(contract.adapter, wrong)
        assert (error is None) == (whole is None)
        if error is not None and whole is not None:
            first, every = ([(one["type"], one["loc"]) for one in found.errors()] for found in (error, whole))
            assert first == every


def test_quick_check_leaves_a_list_at_its_first_wrong_item_though_the_models_were_used_before() -> None:
    adapter = TypeAdapter(ChatCompletion)
    calls: list[JsonValue] = [{}] * 9
    choices: list[JsonValue] = [{"message": {"role": "assistant", "tool_calls": calls}}] * 9
    answer: JsonObject = {**completion(), "choices": choices}
    whole = errors(adapter, answer)
    quick = QuickCheck(adapter).error(answer)
    assert whole is not None
    assert quick is not None
    assert quick.error_count() < 10 < whole.error_count()


def test_stream_of_wrong_events_is_given_up_and_says_so() -> None:
    judgement = check(dump([{}] * (MOST_REFUSED + 500), ""))
    assert not judgement.valid
    assert len(judgement.violations) < 20
    assert [one.path for one in judgement.violations if one.rule == BOUNDS] == [f"$[{MOST_REFUSED}]"]
    late = dump([{}] * (MOST_REFUSED + 5), "") + dump(stream())
    assert check(late).value is not None


def test_stream_whose_chunks_all_lack_a_member_is_put_together_to_its_end() -> None:
    first, *_, last = stream()
    chunks = [first, *[chunk({"content": "a"})] * (MOST_REFUSED + 500), last]
    value = check(dump([{**one, "object": "chunk"} for one in chunks])).value
    assert isinstance(value, ChatCompletion)
    assert value.choices[0].message.content == "a" * (MOST_REFUSED + 500)


def test_choices_of_a_chunk_past_all_bounds_are_not_looked_at() -> None:
    choices: list[JsonValue] = [{"index": 0, "delta": {"content": "a"}}] * 9000
    many: JsonValue = {**chunk({}), "choices": choices}
    judgement = check(dump([many, stream()[-1]]))
    assert len(judgement.violations) <= MOST
    assert isinstance(judgement.value, ChatCompletion)
    assert judgement.value.choices[0].message.content == "a" * 1024
