"""Counts which near misses the types of the `openai` package accept, and writes docs/accepted.md.

`python tools/count_accepted.py`; takes no network and a few seconds.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import openai
from hypothesis import given, settings
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import BaseModel, ValidationError

from chatproof.strategies import Miss, NearMiss, near_misses

MODELS: Mapping[str, type[BaseModel]] = {
    "chat.completion": ChatCompletion,
    "chat.completion.chunk": ChatCompletionChunk,
}
EXAMPLES = 50


def accepted(near: NearMiss, model: type[BaseModel]) -> tuple[int, int]:
    """How many values of one kind of defect the model accepts, of how many."""
    verdicts: list[bool] = []

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
    @given(near.misses)
    def read(miss: Miss) -> None:
        text = miss.data if isinstance(miss.data, bytes) else json.dumps(miss.data)
        try:
            model.model_validate_json(text)
        except ValidationError:
            verdicts.append(False)
        else:
            verdicts.append(True)

    read()
    return sum(verdicts), len(verdicts)


def page() -> str:
    """docs/accepted.md."""
    lines = [
        "# What lenient types accept",
        "",
        f"Written by `python tools/count_accepted.py` with openai {openai.__version__}. Each near miss breaks a must",
        f"of the contract, was drawn {EXAMPLES} times, and read by the package's types (`model_validate_json`). Its",
        "client is more lenient still: unless it is told to, it does not validate what it is sent.",
    ]
    for kind, model in MODELS.items():
        misses = near_misses(kind)
        counts = [(near, *accepted(near, model)) for near in misses]
        taken = [(near, took, drawn) for near, took, drawn in counts if took]
        lines += ["", f"## {kind}", "", f"`{model.__name__}` accepts {len(taken)} of {len(misses)}:", ""]
        lines += ["| near miss | what is wrong | accepted |", "| --- | --- | --- |"]
        lines += [
            f"| {near.name.removeprefix(f'{kind}/')} | {near.sentence} | "
            f"{'always' if took == drawn else 'by some values'} |"
            for near, took, drawn in taken
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (Path(__file__).parents[1] / "docs" / "accepted.md").write_text(page(), encoding="utf-8")
