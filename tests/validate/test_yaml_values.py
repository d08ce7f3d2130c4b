"""YAML gives the values that PyYAML's safe loader gives, in bounded memory, whatever the text is."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatproof.validate.files import yaml_values
from chatproof.validate.files.body import ITEM_LIMIT
from chatproof.validate.files.yaml_values import YamlError, YamlEvents, YamlValue
from chatproof.validate.judging.verdict import Outcome
from tests.portion import share
from tests.validate.bodies import COMPLETION
from tests.validate.judging import verdicts

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


def load(text: str | bytes) -> YamlValue:
    data = text.encode() if isinstance(text, str) else text
    raw: Any = io.BytesIO(data)
    events = YamlEvents(io.BufferedReader(raw))
    while not isinstance(event := events.next(), yaml.DocumentStartEvent):
        pass
    value = events.value(events.next())
    while not isinstance(event, yaml.StreamEndEvent):
        event = events.next()
    return value


@share(0.6)
@given(value=values, unicode=st.booleans(), style=st.sampled_from([None, "|", '"', "'", ">"]))
def test_what_pyyaml_writes_is_read_back(value: Any, unicode: bool, style: str | None) -> None:
    text: bytes = yaml.safe_dump(value, allow_unicode=unicode, default_style=style, encoding="utf-8")
    expected = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    assert load(text) == expected
    assert unicode or load(text) == value  # libyaml takes U+0085 as it stands for a line break


@pytest.mark.parametrize(
    "text",
    ["1", "0x1F", "0o17", "017", "1_000", "1:30", "1.5", "1e3", "1.0e+3", ".inf", "-.INF", "yes", "No", "on", "~", "null", "", "a: ~", "'1'", '"yes"', "!!str 1", "!!int '3'", "0b11", "+1", "1.", ".5", "True"],
)  # fmt: skip
def test_plain_scalar_means_what_it_means_to_pyyaml(text: str) -> None:
    assert load(f"- {text}") == yaml.safe_load(f"- {text}")


def test_date_stays_text() -> None:
    assert load("a: 2024-01-01\nb: 2024-01-01T10:00:00Z") == {"a": "2024-01-01", "b": "2024-01-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!python/object/apply:os.system ['true']", ["true"]),
        ("!!python/name:os.system ''", ""),
        ("!ruby/object:Set\nhash: {a: 1}", {"hash": {"a": 1}}),
        ("a: !ruby/symbol post", {"a": "post"}),
        ("a: !binary |-\n  aGVsbG8=", {"a": b"hello"}),
        ("a: !!binary aGVsbG8=", {"a": b"hello"}),
        ("[!!int x, !!bool x, !!float x]", ["x", "x", "x"]),
        ("[=, <<]", ["=", "<<"]),
        ("1: a\nnull: b", {"1": "a", "null": "b"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("- &k key\n- {*k : 1}", ["key", {"key": 1}]),
        (f"a: {'9' * 5000}", {"a": "9" * 5000}),
    ],
)
def test_tags_and_aliases_are_plain_values(text: str, value: Any) -> None:
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("a: [1", "no YAML: did not find expected ',' or ']'", 2),
        ("a: 1\nb: *nothing", "an alias to nothing before it", 2),
        ("a: &x [*x]", "an alias to nothing before it", 1),
        ("[a]: 1", "a member's name is no text", 1),
        ("\na: !!binary '?'", "its base64 cannot be read", 2),
        ("a: \x01", "no YAML: it has characters that YAML does not allow", 1),
        ("- " * 101 + "a", "nested deeper than 100 levels", 1),
        ("[" * 100_000, "nested deeper than 100 levels", 1),
        ("{a: " * 100_000, "nested deeper than 100 levels", 1),
        ("? " * 100_000, "a member's name is no text", 1),
    ],
)
def test_what_cannot_be_read_says_why_and_where(text: str, why: str, line: int) -> None:
    with pytest.raises(YamlError) as error:
        load(text)
    assert (str(error.value), error.value.line) == (why, line)


def test_aliases_that_unfold_into_a_bomb_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(YamlError, match="more than 1,000,000 values"):
        load("\n".join(lines))


def test_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_values, "_MOST_BYTES", 10_000)
    with pytest.raises(YamlError, match="of YAML in one file"):
        load("a: " + "x" * 20_000)
    assert ITEM_LIMIT * 4 == 256 * 1024**2


def test_interactions_before_the_mistake_are_judged(tmp_path: Path) -> None:
    good = [
        {"response": {"status": {"code": 200}, "headers": {}, "body": {"string": COMPLETION.decode()}}}
        for _ in range(2)
    ]
    text = yaml.safe_dump({"interactions": good}) + "- broken: [\n"
    (tmp_path / "a.yaml").write_text(text)
    found = verdicts(tmp_path / "a.yaml")
    assert [verdict.outcome for verdict in found] == [Outcome.VALID, Outcome.VALID, Outcome.UNREADABLE]
    assert [verdict.place.item for verdict in found] == ["interaction 1", "interaction 2", ""]
    assert text.splitlines()[found[1].place.line - 1].startswith("- response")


def test_every_document_and_a_body_in_yaml_are_read(tmp_path: Path) -> None:
    body = yaml.safe_load(COMPLETION)
    (tmp_path / "a.yaml").write_text(yaml.safe_dump_all([body, [body, body]], explicit_start=True))
    found = verdicts(tmp_path / "a.yaml")
    assert [verdict.outcome for verdict in found] == [Outcome.VALID] * 3
