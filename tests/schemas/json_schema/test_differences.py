"""What is listed as a difference is one, and there is a way around it."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema import JsonValue, Kind, check
from chatschema.schema_export import DIFFERENCES, sayable
from tests.schemas.json_schema.changing import RARE
from tests.schemas.json_schema.pair import committed
from tests.schemas.replies import JSON
from tests.schemas.samples import broken, completion, scored

SCORE = ("choices", 0, "logprobs", "content", 0, "logprob")


def deep(levels: int) -> JsonValue:
    value: JsonValue = None
    for _ in range(levels):
        value = [value]
    return value


def asked(name: str, **parameters: JsonValue) -> JsonValue:
    """A request with a tool."""
    tool: JsonValue = {"type": "function", "function": {"name": name, "parameters": parameters}}
    return {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": [tool]}


#: Values of each sort, which the schema accepts and the judge refuses.
SHOWN: Mapping[str, tuple[Kind, Sequence[JsonValue]]] = {
    "half-a-character": (
        Kind.COMPLETION,
        [broken(completion(), "id", "a\udfff"), {**completion(), "\ud800": 1}],
    ),
    "beyond-a-double": (
        Kind.COMPLETION,
        [broken(scored(), *SCORE, float("inf")), broken(scored(), *SCORE, -(10**400))],
    ),
    "large-with-exponent": (
        Kind.COMPLETION,
        [broken(completion(), "created", 1e19), broken(completion(), "created", -1e300)],
    ),
    "line-end-after-pattern": (Kind.CHAT_REQUEST, [asked("get_weather\n")]),
    "depth": (Kind.CHAT_REQUEST, [asked("f", x=deep(100)), asked("f", x=deep(300))]),
}


def test_each_difference_is_shown() -> None:
    assert [difference.name for difference in DIFFERENCES] == list(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_a_difference_is_accepted_by_the_schema_and_refused_by_the_judge(name: str) -> None:
    kind, values = SHOWN[name]
    for value in values:
        assert committed(kind).accepted_by_schema(value)
        assert not check(value, kind).valid
        assert check(sayable(value), kind).valid
        assert committed(kind).agree(value)


@given(JSON)
def test_a_value_of_none_of_these_sorts_stays_as_it_is(value: JsonValue) -> None:
    near = sayable(value)
    assert repr(near) == repr(value) or repr(sayable(near)) == repr(near)


@given(st.lists(st.sampled_from(RARE) | st.text(max_size=3), max_size=3))
def test_what_is_sayable_can_be_sent(value: JsonValue) -> None:
    near = sayable(value)
    assert repr(sayable(near)) == repr(near)
    assert "inf" not in repr(near)
    repr(near).encode()
