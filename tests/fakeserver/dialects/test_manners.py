"""How each dialect looks on the wire, byte for byte."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from chatfake import Fake
from chatfake.dialects import DIALECTS
from tests.fakeserver.asking import wire
from tests.fakeserver.dialects.speaking import ASKED, asked, models


class PageSnapshotExtension(SingleFileSnapshotExtension):
    """A page of text a dialect, so that what is written in one is read, and changed, in one place."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def page(dialect: str) -> str:
    """All answers of a dialect."""
    answers = {"models": first_model(dialect), **{name: wire(asked(Fake(), dialect, name)) for name in ASKED}}
    return "\n\n".join(f"===== {name} =====\n{text.rstrip()}" for name, text in answers.items())


def first_model(dialect: str) -> str:
    """The list of models down to its first: the others are all scenarios that there are."""
    answer = models(Fake(models=("tiny",)), dialect)
    text = answer.body.decode()
    first, _, rest = text.partition('"fake/text"')
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "content-length")
    assert rest or answer.status == 404  # some have no list
    return f"{answer.status}\n{head}\n\n{first}…"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_looks_as_it_did(dialect: str, snapshot: SnapshotAssertion) -> None:
    assert page(dialect) == snapshot(extension_class=PageSnapshotExtension)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_gives_the_same_bytes_twice(dialect: str) -> None:
    one, other = Fake(), Fake(dialect=dialect)
    for name in ASKED:
        assert asked(one, dialect, name) == asked(one, dialect, name)
        assert asked(other, dialect, name).body == asked(one, dialect, name).body


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_names_its_source_and_its_deviations_once(dialect: str) -> None:
    found = DIALECTS[dialect]
    assert found.name == dialect
    assert len(found.source.split()) >= 3
    rules = [deviation.rule for deviation in found.deviations]
    assert len(rules) == len(set(rules))
    assert all(deviation.sentence.endswith(".") for deviation in found.deviations)
