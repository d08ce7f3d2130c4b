"""The face of the package is what it says it is, and costs little until it is used."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from chatschema.judging.catalogue import CONTRACTS, STREAMS

FACES = ("", ".chat", ".common", ".completions", ".embeddings", ".judging", ".lorax", ".responses")


@pytest.mark.parametrize("family", FACES)
def test_every_name_of_a_face_is_real(family: str) -> None:
    face = import_module(f"chatschema{family}")
    assert face.__all__ == sorted(set(face.__all__)) == dir(face)
    assert all(hasattr(face, name) for name in face.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = face.nothing


@pytest.mark.parametrize("family", FACES)
def test_a_stub_shows_type_checkers_what_is_there(family: str) -> None:
    (place,) = import_module(f"chatschema{family}").__path__
    stub = ast.parse((Path(place) / "__init__.pyi").read_text(encoding="utf-8"))
    for one in stub.body:
        assert isinstance(one, ast.ImportFrom)
        assert [alias.asname for alias in one.names] == [alias.name for alias in one.names]


def test_top_is_small_and_has_the_same_things_as_the_families() -> None:
    top, *families = (import_module(f"chatschema{family}") for family in FACES)
    assert len(top.__all__) <= 30
    for face in families:
        for name in {*top.__all__} & {*face.__all__}:
            assert getattr(face, name) is getattr(top, name)


def test_contracts_are_where_the_tables_say() -> None:
    for table in (CONTRACTS, STREAMS):
        assert list(table) == [table[kind].kind for kind in table]
        assert len(table) == len(set(table))
        assert "nothing" not in table


@pytest.mark.parametrize(
    ("use", "families"),
    [
        ("import chatschema", ()),
        ("from chatschema import SseDecoder, check; check(b'<html>')", ()),
        ("from chatschema import check; check({'object': 'chat.completion'})", ("chat",)),
        ("from chatschema import ChatStream; ChatStream().close()", ("chat",)),
        ("from chatschema.lorax import LoraxError", ("lorax",)),
        ("import chatschema.chat, chatschema.completions, chatschema.lorax, chatschema.responses", ()),
        ("from chatschema import check; check({'object': 'list'}, 'embeddings')", ("embeddings",)),
    ],
)
def test_family_is_imported_when_it_is_used(use: str, families: tuple[str, ...]) -> None:
    code = (
        f"{use}; import sys; print(sorted({{name.split('.')[1] for name in sys.modules if name.startswith("
        "('chatschema.chat.', 'chatschema.completions.', 'chatschema.embeddings.', 'chatschema.lorax.', "
        "'chatschema.responses.', 'chatschema.deviations.'))}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == str(sorted(families))
