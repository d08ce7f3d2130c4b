"""The programs that README shows do what it says."""

import re
from pathlib import Path
from typing import Any

import openai
import pytest

import chatschema
from chatfake import Fake, LiveServer, Request

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


class MyBot:
    """A bot that survives what README's test does to it."""

    def __init__(self, api: openai.OpenAI) -> None:
        self.api = api
        self.messages: list[Any] = []

    def say(self, text: str) -> None:
        asked: list[Any] = [*self.messages, {"role": "user", "content": text}]
        answer = self.api.chat.completions.create(model="any", messages=asked)
        if answer.choices:
            self.messages = [*asked, {"role": "assistant", "content": answer.choices[0].message.content}]


def program(needle: str) -> str:
    """The one Python block of README that has these words."""
    (found,) = [block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if needle in block]
    return str(found)


def test_the_fake_server_example_runs() -> None:
    names: dict[str, Any] = {"MyBot": MyBot}
    exec(program("def test_my_bot_survives"), names)  # noqa: S102  README's own words
    with LiveServer() as server:
        names["test_my_bot_survives_an_empty_answer"](server.handle())


def test_the_fake_server_example_can_fail() -> None:
    class Forgetful(MyBot):
        def say(self, text: str) -> None:
            super().say(text)
            self.messages = []

    names: dict[str, Any] = {"MyBot": Forgetful}
    exec(program("def test_my_bot_survives"), names)  # noqa: S102  README's own words
    with (
        LiveServer() as server,
        pytest.raises(AssertionError, match="lacked 2 messages that should be there"),
    ):
        names["test_my_bot_survives_an_empty_answer"](server.handle())


def test_the_contract_example_runs() -> None:
    fake = Fake()
    handle = fake.handle()
    handle.script("Paris.")
    asked = b'{"model": "any", "messages": [{"role": "user", "content": "hi"}]}'
    headers = (("authorization", f"Bearer {handle.api_key}"),)
    path = "/v1/chat/completions"
    body = fake.answer(Request(method="POST", path=path, headers=headers, body=asked)).body

    class Response:
        content = body

    names: dict[str, Any] = {"response": Response, "body": body}
    exec(program("chatschema.check"), names)  # noqa: S102  README's own words
    assert names["judgement"].valid
    assert chatschema.ChatCompletion.model_validate_json(body).assistant_content() == "Paris."
