"""JSON documents are cut where a parser would cut them, in blocks of any size."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.validate.files import json_document, json_window
from chatproof.validate.files.body import Body, Item, Unreadable
from chatproof.validate.files.json_window import Window
from tests.portion import share

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=4), values, max_size=3)


def stream(data: bytes) -> io.BufferedReader:
    raw: Any = io.BytesIO(data)  # which reads as a raw file does
    return io.BufferedReader(raw, 1024 * 1024)


def read(data: bytes) -> list[Item]:
    return list(json_document.json_document(stream(data), "a.json"))


def parsed(items: list[Item]) -> list[Any]:
    assert all(isinstance(item, Body) and isinstance(item.data, bytes) for item in items), items
    return [
        json.loads(item.data) for item in items if isinstance(item, Body) and isinstance(item.data, bytes)
    ]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of a few bytes, so that every value is cut somewhere."""
    monkeypatch.setattr(json_window, "_CHUNK", 7)


@given(value=values, indent=st.none() | st.integers(0, 3), ascii_only=st.booleans())
def test_any_value_has_the_bytes_that_it_was_written_with(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    window = Window(stream(b" \n" + text + b"\n, 1"))
    assert window.value() == text
    assert window.next() == (b"," if text else b"")


@share(0.4)
@given(elements=st.lists(objects, max_size=4), indent=st.none() | st.integers(0, 2))
def test_elements_of_a_list_are_bodies_each_with_its_line(elements: list[Any], indent: int | None) -> None:
    text = json.dumps(elements, indent=indent)
    found = read(text.encode())
    assert parsed(found) == elements
    for item, element in zip(found, elements, strict=True):
        line = text.splitlines()[item.place.line - 1]
        assert line.strip().startswith("{") or (indent is None and item.place.line == 1), (line, element)


@pytest.mark.parametrize("names", [("interactions",), ("http_interactions",), ("log", "entries")])
@share(0.4)
@given(elements=st.lists(objects, max_size=4), before=objects, after=objects, indent=st.none() | st.just(1))
def test_elements_of_a_container_are_items(
    names: tuple[str, ...], elements: list[Any], before: Any, after: Any, indent: int | None
) -> None:
    # other members stand before and after the array, with any names but the telling ones
    value: Any = elements
    for name in reversed(names):
        value = {**{f"a{key}": one for key, one in before.items()}, name: value, "z": after}
    found = read(json.dumps(value, indent=indent).encode())
    assert parsed(found) == elements
    word = "entry" if "log" in names else "interaction"
    assert [item.place.item for item in found] == [f"{word} {number}" for number, _ in enumerate(elements, 1)]


@share(0.4)
@given(documents=st.lists(objects, min_size=2, max_size=4), between=st.sampled_from(["", " ", "\n", "\n\n"]))
def test_documents_after_one_another_are_bodies(documents: list[Any], between: str) -> None:
    found = read(between.join(json.dumps(value, indent=1) for value in documents).encode())
    assert parsed(found) == documents
    assert [item.place.item for item in found] == [f"value {number}" for number, _ in enumerate(documents, 1)]


@share(0.4)
@given(value=objects, mark=st.sampled_from([b"", b"\xef\xbb\xbf"]), indent=st.none() | st.just(1))
def test_one_document_is_one_body_with_all_its_bytes(value: Any, mark: bytes, indent: int | None) -> None:
    data = mark + json.dumps(value, indent=indent).encode()
    (item,) = read(data)
    assert isinstance(item, Body)
    assert item.data == data
    assert (item.place.item, item.place.line) == ("", 1)


@pytest.mark.parametrize(
    "data", [b'{"a": 1', b'{"a": 1}}', b'{"a": 1,}x', b"{'a': 1}", b'{"a" 1}', b'{"log": {"entries": 1']
)
def test_document_that_is_no_json_is_one_body_for_the_judge_to_refuse(data: bytes) -> None:
    (item,) = read(data)
    assert isinstance(item, Body)
    assert item.data == data


@pytest.mark.parametrize(
    "data", [b'{"interactions": [{"a": 1}', b'{"interactions": [{"a": 1}]} x', b'[{"a": 1}] {}']
)
def test_container_that_is_no_json_gives_its_elements_and_says_so(data: bytes) -> None:
    first, last = read(data)
    assert isinstance(first, Body)
    assert isinstance(last, Unreadable)
    assert last.why == "the JSON ends in the middle, or something else comes after it"


def test_value_that_is_too_large_ends_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_window, "ITEM_LIMIT", 50)
    big = json.dumps({"a": "x" * 200})
    first, last = read(f'[{{"a": 1}}, {big}, {{"b": 2}}]'.encode())
    assert isinstance(first, Body)
    assert isinstance(last, Unreadable)
    assert "what comes after it is not read" in last.why


def test_array_that_is_one_body_is_not_taken_apart() -> None:
    (item,) = read(b'[{"generated_text": "hi"}]')  # as LoRAX answers `POST /`
    assert isinstance(item, Body)
    assert item.data == b'[{"generated_text": "hi"}]'
    assert len(read(b'[{"generated_text": "hi"}, {"generated_text": "ho"}]')) == 2
