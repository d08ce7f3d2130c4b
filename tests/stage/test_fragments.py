"""Fragments of several calls take turns in a stream: who goes by the order in which they come is seen."""

import json

import pytest

from chatproof.history.model.plan import Answer, Call
from chatproof.stage import FakeStage
from chatproof.stage.stage import Script
from tests.stage.asking import post, said, token_of


@pytest.mark.parametrize("number", [1, 3])
def test_fragments_of_several_calls_take_turns(stage: FakeStage, number: int) -> None:
    calls = tuple(Call(arguments=json.dumps({"query": "§", "number": at})) for at in range(number))
    with token_of(stage) as token:
        stage.arm(token, Script(words=said, answers=(Answer(text="", calls=calls),), said=""))
        got = post(stage, token, "chat", stream=True)
        (exchange,) = stage.exchanges(token)
    order: list[int] = []
    arguments = [""] * number
    for line in got.body.decode().splitlines():
        if line.startswith("data: {"):
            for choice in json.loads(line.removeprefix("data: "))["choices"]:
                for part in choice["delta"].get("tool_calls") or ():
                    order.append(part["index"])
                    arguments[part["index"]] += part["function"].get("arguments") or ""
    assert arguments == [call.arguments for call in exchange.answer.calls]
    assert order[: 2 * number] == [*range(number)] * 2
