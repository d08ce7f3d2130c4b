"""docs/validate.md names what there is; what it shows is run by tests/docs."""

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "validate.md"


def test_every_format_stands_in_the_document() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for form in ("text", "json", "junit", "sarif", "github"):
        assert f"| `{form}` |" in text
