"""What the model thinks is counted everywhere, and told where the server tells it, in the same words in both renderings."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Reply
from chatfake.core.json_text import clean
from chatfake.core.tokens import count
from chatfake.dialects import DIALECTS
from tests.fakeserver.asking import chat, post
from tests.fakeserver.dialects.speaking import USAGE, chunks_in, plain
from tests.portion import share

TELLING = [name for name, dialect in DIALECTS.items() if dialect.chat.body.reasoning]
SILENT = [name for name in DIALECTS if name not in TELLING]
JSON = ("content-type", "application/json")
NAMES = ("reasoning", "reasoning_content")
thoughts = st.text(min_size=1, max_size=30).map(clean)


def thought(message: Any) -> str:
    """Under any of its names, or in parts."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part for one in content if one["type"] == "thinking" for part in one["thinking"]]
        return "".join(part["text"] for part in parts)
    return "".join(message.get(name) or "" for name in NAMES)


def both(dialect: str, reply: Reply, **members: Any) -> tuple[Any, list[Any]]:
    fake = Fake(dialect=dialect)
    handle = fake.handle()
    handle.script(reply, reply)
    headers = (JSON, ("authorization", f"Bearer {handle.key}"))
    answer = post(fake, chat(**members), headers=headers)
    streamed = post(fake, chat(**members, stream=True, **USAGE), headers=headers)
    assert answer.status == streamed.status == 200, answer.body
    return json.loads(answer.body), chunks_in(streamed)


def deltas(chunks: list[Any]) -> list[Any]:
    return [choice["delta"] for chunk in chunks for choice in chunk["choices"]]


@pytest.mark.parametrize("dialect", TELLING)
@share(0.2)
@given(thoughts, st.integers(1, 30))
def test_both_renderings_think_and_say_the_same(dialect: str, thinking: str, limit: int) -> None:
    body, chunks = both(dialect, Reply(text="Rome, of course.", reasoning=thinking), max_tokens=limit)
    message = body["choices"][0]["message"]
    assert "".join(thought(delta) for delta in deltas(chunks)) == thought(message)
    assert "".join(plain(delta.get("content")) for delta in deltas(chunks)) == plain(message["content"])
    assert thinking.startswith(thought(message))
    assert body["usage"]["completion_tokens"] <= limit


@pytest.mark.parametrize(
    "dialect", [name for name in DIALECTS if name != "lorax"]
)  # which counts its own way
def test_thinking_costs_tokens_whether_it_is_told_or_not(dialect: str) -> None:
    told, _ = both(dialect, Reply(text="Rome.", reasoning="The capital."))
    plainly, _ = both(dialect, Reply(text="Rome."))
    more = told["usage"]["completion_tokens"] - plainly["usage"]["completion_tokens"]
    assert more == count("The capital.")


@pytest.mark.parametrize("dialect", SILENT)
def test_server_that_tells_no_reasoning_tells_none(dialect: str) -> None:
    body, chunks = both(dialect, Reply(text="Rome.", reasoning="The capital."))
    assert "The capital." not in json.dumps(body)
    assert not any(thought(delta) for delta in deltas(chunks))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("scenario", ["reasoning", "reasoning-member"])
def test_scenario_thinks_in_every_dialect(dialect: str, scenario: str) -> None:
    answer = post(Fake(dialect=dialect), chat(model=f"fake/{scenario}"), headers=(JSON,))
    assert (
        thought(json.loads(answer.body)["choices"][0]["message"]) == "The user wants an answer. I have one."
    )


def test_ids_do_not_hang_on_what_is_thought() -> None:
    one, other = (both("openai", Reply(text="Rome.", reasoning=thinking))[0] for thinking in ("a", None))
    assert one["id"] == other["id"]


def test_script_thinks_too() -> None:
    fake = Fake(dialect="groq")
    fake.script("- {text: Rome., reasoning: The capital.}")
    message = json.loads(post(fake, chat()).body)["choices"][0]["message"]
    assert (message["content"], message["reasoning"]) == ("Rome.", "The capital.")
