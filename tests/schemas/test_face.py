"""The face of the package is what it says it is, and costs little until it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import chatschema
from chatschema.judging.catalogue import CONTRACTS, STREAMS


def test_all_is_sorted_and_every_name_is_real() -> None:
    assert chatschema.__all__ == sorted(chatschema.__all__)
    assert all(hasattr(chatschema, name) for name in chatschema.__all__)
    assert set(chatschema.__all__) <= set(dir(chatschema))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = chatschema.nothing  # type: ignore[attr-defined]  # as asserted


def test_names_for_type_checkers_are_those_that_are_imported_on_demand() -> None:
    tree = ast.parse(Path(str(chatschema.__file__)).read_text(encoding="utf-8"))
    (block,) = (
        node for node in tree.body if isinstance(node, ast.If) and isinstance(node.test, ast.Attribute)
    )
    shown = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == chatschema._HOME


def test_nothing_public_is_left_out_of_all() -> None:
    shown = {
        name
        for name, value in vars(chatschema).items()
        if not name.startswith("_") and not hasattr(value, "__path__") and type(value).__name__ != "module"
    }
    assert shown | set(chatschema._HOME) == set(chatschema.__all__)


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
