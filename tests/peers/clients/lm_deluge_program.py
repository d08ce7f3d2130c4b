"""A program on lm-deluge. It asks in batches and does not raise: an answer says itself whether it is an error."""

import contextlib
import importlib
import io
import os
from typing import Any

from pydantic import BaseModel

from tests.peers.clients.reporting import (
    QUESTION,
    SECOND_QUESTION,
    WEATHER_QUESTION,
    At,
    done,
    get_weather,
    report,
)

# by name, for the tests' own environment does not have it
lm_deluge: Any = importlib.import_module("lm_deluge")
models: Any = importlib.import_module("lm_deluge.models")


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def client(at: At, **more: Any) -> Any:
    named = f"peer-{at.api_key}"
    os.environ["PEER_KEY"] = at.api_key
    models.register_model(
        id=named, name=at.model, api_base=at.base_url, api_key_env_var="PEER_KEY", supports_json=True, **more
    )
    return lm_deluge.LLMClient(named, max_new_tokens=200)


def told(response: Any) -> dict[str, Any]:
    if response.is_error:
        return {"error": "is_error", "status": response.status_code}
    found: dict[str, Any] = {"text": response.completion}
    if response.content and response.content.tool_calls:
        found["calls"] = [[call.name, str(call.arguments)] for call in response.content.tool_calls]
    return found


def say(at: At) -> Any:
    return told(client(at).process_prompts_sync([QUESTION], show_progress=False)[0])


def say_async(at: At) -> Any:
    return told(done(client(at).process_prompts_async([QUESTION], show_progress=False))[0])


def stream(at: At) -> Any:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):  # it prints the pieces
        response = done(client(at).stream(QUESTION))
    return {"text": shown.getvalue(), "given": response and response.completion}


def history(at: At) -> Any:
    asker, said = client(at), lm_deluge.Conversation().user(QUESTION)
    first = asker.process_prompts_sync([said], show_progress=False)[0]
    said = said.with_response(first).user(SECOND_QUESTION)
    return told(asker.process_prompts_sync([said], show_progress=False)[0])


def tools(at: At) -> Any:
    said = lm_deluge.Conversation().user(WEATHER_QUESTION)
    tool = lm_deluge.Tool.from_function(get_weather)
    return told(client(at).run_agent_loop_sync(said, tools=[tool])[1])


def structured(at: At) -> Any:
    asked = client(at).process_prompts_sync([QUESTION], output_schema=City, show_progress=False)
    return {"object": City.model_validate_json(asked[0].completion).model_dump()}


if __name__ == "__main__":
    report(
        "lm-deluge",
        {
            "say": say,
            "stream": stream,
            "say async": say_async,
            "history": history,
            "tools": tools,
            "structured": structured,
        },
    )
