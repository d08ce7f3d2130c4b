"""How each dialect looks on the wire, byte for byte."""

import pytest
from syrupy.assertion import SnapshotAssertion

from chatfake import Answer, Fake, Send
from chatfake.dialects import DIALECTS
from tests.fakeserver.dialects.speaking import ASKED, asked, models
from tests.fakeserver.pinned import Page, page


def first_model(dialect: str) -> Answer:
    """The list of models down to its first: the others are all scenarios that there are."""
    answer = models(Fake(models=("tiny",)), dialect)
    first, _, rest = answer.body.partition(b'"fake/text"')
    assert rest or answer.status == 404  # some have no list
    headers = tuple((name, value) for name, value in answer.headers if name != "content-length")
    return Answer(status=answer.status, headers=headers, steps=(Send(first),))


def answers(dialect: str) -> dict[str, Answer]:
    return {"models": first_model(dialect), **{name: asked(Fake(), dialect, name) for name in ASKED}}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_looks_as_it_did(dialect: str, snapshot: SnapshotAssertion) -> None:
    openai = None if dialect == "openai" else answers("openai")
    assert page(answers(dialect), openai) == snapshot(extension_class=Page)


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
