"""What docs/dialects.md shows can be done as it shows it."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "dialects.md").read_text(encoding="utf-8")


def test_example_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(example, "docs/dialects.md", "exec"), {})  # noqa: S102  what a reader would run
