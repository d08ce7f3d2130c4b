"""What docs/schemas.md shows can be done as it stands there."""

import contextlib
import io
import re
from pathlib import Path

from jsonschema import Draft202012Validator

from chatschema.judging.catalogue import CONTRACTS
from chatschema.schema_export import DIFFERENCES, document

PAGE = (Path(__file__).parents[3] / "docs" / "schemas.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_in_python_run() -> None:
    jsonschema, models = blocks("python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(jsonschema, "docs/schemas.md", "exec"), {})  # noqa: S102 - it is our own page
    assert "$.id '' should be non-empty" in printed.getvalue()
    assert "'choices' is a required property" in printed.getvalue()
    names: dict[str, object] = {}
    exec(compile(models, "docs/schemas.md", "exec"), names)  # noqa: S102 - as above
    assert "answer" in names


def test_the_page_lists_each_difference() -> None:
    assert all(difference.value in PAGE for difference in DIFFERENCES)


def test_the_schemas_are_as_plain_as_the_page_says() -> None:
    for contract in CONTRACTS.values():
        text = str(document(contract))
        assert "'additionalProperties': False" not in text
        for pattern in re.findall(r"'pattern': '(.*?)'", text):
            assert re.search(r"\(\?[^:]|\\\\[dwsbDWSB]", pattern) is None, pattern


def test_the_page_names_the_number_that_is_in_force() -> None:
    found = document(next(iter(CONTRACTS.values())))
    Draft202012Validator.check_schema(found)
    (number,) = re.findall(r"now (\d+)\.", PAGE)
    assert found["$id"].startswith(f"urn:chatproof:schema:{number}:")
