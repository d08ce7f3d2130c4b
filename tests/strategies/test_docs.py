"""What docs/strategies.md shows runs, and fails where it should."""

import re
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, settings

from chatproof import strategies
from chatproof.strategies import NEAR_MISSES, NearMiss
from chatschema import ChatStream, JsonObject, JsonValue, Kind, SseDecoder, check
from tests.strategies.harness import hold

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "strategies.md").read_text(encoding="utf-8")


def read(pieces: Iterable[bytes]) -> JsonObject | None:
    decoder, stream = SseDecoder(), ChatStream()
    for event in (event for piece in pieces for event in decoder.feed(piece)):
        stream.feed(event)
    return stream.assembled()


def deaf(pieces: Iterable[bytes]) -> JsonObject | None:
    """A reader that takes each piece for whole events."""
    stream = ChatStream()
    for event in (event for piece in pieces for event in SseDecoder().feed(piece)):
        stream.feed(event)
    return stream.assembled()


def last_messages(messages: list[JsonObject], limit: int) -> list[JsonObject]:
    """At most so many, from a user's message on."""
    users = [place for place, message in enumerate(messages) if message["role"] == "user"]
    start = min((place for place in users if len(messages) - place <= limit), default=users[-1])
    return messages[start:]


def plain_window(messages: list[JsonObject], limit: int) -> list[JsonObject]:
    return messages[-limit:]


def accepts(value: JsonValue | bytes) -> bool:
    return check(value, Kind.COMPLETION).valid


RIGHT = SimpleNamespace(
    text_of=lambda answer: answer["choices"][0]["message"]["content"] or "",
    read=read,
    last_messages=last_messages,
)
WRONG = SimpleNamespace(
    text_of=lambda answer: answer["choices"][0]["message"]["content"], read=deaf, last_messages=plain_window
)
PROGRAMS = (
    "test_my_program_reads_any_answer",
    "test_my_reader_joins_any_stream",
    "test_my_window_never_parts_a_call_from_its_results",
)


def example(needle: str, program: object = RIGHT, validator: object = None) -> dict[str, Any]:
    """The names that the one block with these words makes."""
    (found,) = [block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if needle in block]
    names: dict[str, Any] = {"my_program": program, "my_validator": validator}
    exec(found, names)  # noqa: S102 - the page's own words
    return names


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_example_passes_a_program_that_is_right(name: str) -> None:
    settings(max_examples=30)(example(name)[name])()


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_example_fails_a_program_that_is_wrong(name: str) -> None:
    with pytest.raises(AssertionError):
        settings(max_examples=300, database=None, phases=[Phase.generate])(example(name, WRONG)[name])()


@pytest.mark.parametrize(("name", "right"), [("no-id", True), ("created-as-text", True), ("no-id", False)])
def test_the_example_holds_a_validator_to_a_near_miss(name: str, *, right: bool) -> None:
    validator = SimpleNamespace(accepts=accepts if right else lambda _value: True)
    names = example("test_my_validator_refuses", validator=validator)
    near: NearMiss = NEAR_MISSES[f"chat.completion/{name}"]
    if right:
        names["test_my_validator_refuses"](near)
        return
    with pytest.raises(AssertionError, match=near.sentence):
        names["test_my_validator_refuses"](near)


def test_the_example_of_a_judge_passes() -> None:
    names = example("test_the_judge_names")
    names["test_the_judge_names_the_rule_at_the_path_and_nothing_else"]()


def test_the_near_miss_of_ones_own_is_one() -> None:
    hold(example("in_words")["in_words"], 20)


def test_every_strategy_that_the_page_names_is_there() -> None:
    table = TEXT.partition("| strategy | draws |")[2].partition("\n\n")[0]
    named = re.findall(r"`([a-z_]+)`", "".join(line.split("|")[1] for line in table.strip().splitlines()[1:]))
    assert len(named) > 12
    assert {*named, "bodies", "stream_of", "framed", "sliced", "assembled"} <= {*strategies.__all__}


def test_every_public_strategy_says_what_it_draws() -> None:
    assert [*strategies.__all__] == sorted(strategies.__all__, key=lambda name: (name != name.upper(), name))
    for name in strategies.__all__:
        assert getattr(strategies, name).__doc__


def test_the_page_of_what_others_accept_names_near_misses() -> None:
    page = (DOCS / "accepted.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        kind, _, rest = section.partition("\n")
        names = re.findall(r"^\| ([a-z-]+) \|", rest, re.MULTILINE)[1:]
        assert names
        assert all(f"{kind}/{name}" in NEAR_MISSES for name in names)
