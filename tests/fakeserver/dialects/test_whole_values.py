"""What an error repeats of a request it repeats whole, whatever is in it, up to a bound."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatfake import Answer, Fake, Request
from chatfake.core.api_error import ApiError, ContextExceededError, model_not_found, unknown_url, wrong_method
from chatfake.dialects import DIALECTS
from tests.fakeserver.asking import chat, post
from tests.portion import share

#: Who repeats a model's name, and who a URL.
QUOTE_MODELS = [name for name in DIALECTS if name not in ("azure", "deepseek", "llama.cpp", "sglang", "tgi")]
QUOTE_URLS = ["groq", "openai", "deepseek", "together"]
#: These answer with another model where a name is not served, so that only a look-up refuses one.
LOOKED_UP = ["sglang"]

texts = st.text(min_size=1, max_size=220).filter(lambda text: text.strip() == text)


def bounded(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def strings(value: Any) -> list[str]:
    """All strings in a JSON value."""
    if isinstance(value, dict):
        return [text for member in value.values() for text in strings(member)]
    if isinstance(value, list):
        return [text for member in value for text in strings(member)]
    return [value] if isinstance(value, str) else []


def repeats(answer: Answer, value: str) -> bool:
    return any(value in text for text in strings(json.loads(answer.body)))


@pytest.mark.parametrize("dialect", QUOTE_MODELS)
@share(0.5)
@given(texts)
@example("org/a`b")
@example("a\nb")
@example("a` does not exist or you do not have access to it. Did you mean `b")
@example("a (HINT b")
@example("m" * 200)
@example("m" * 201)
@example("`")
def test_model_that_is_not_served_is_named_whole(dialect: str, model: str) -> None:
    fake = Fake(models=("tiny",), dialect=dialect)
    answer = post(fake, chat(model=f"x{model}"), headers=(("content-type", "application/json"),))
    assert answer.status in (400, 404, 424)
    assert repeats(answer, bounded(f"x{model}"))


@pytest.mark.parametrize("dialect", [*QUOTE_MODELS, *LOOKED_UP])
@share(0.5)
@given(texts)
@example("org/a`b")
@example("a\nb")
def test_model_of_an_error_is_named_whole(dialect: str, model: str) -> None:
    assert repeats(
        DIALECTS[dialect].render_error(model_not_found(model, ("near",), ("tiny",))), bounded(model)
    )


@pytest.mark.parametrize("dialect", QUOTE_URLS)
@pytest.mark.parametrize("error", [unknown_url, wrong_method], ids=["unknown", "method"])
@share(0.5)
@given(texts)
@example("/a (HINT b")
@example("/a)")
@example("/a on b")
@example("/" + "p" * 199)
@example("/" + "p" * 200)
def test_url_of_an_error_is_named_whole(dialect: str, error: Any, path: str) -> None:
    answer = DIALECTS[dialect].render_error(error("PUT", path))
    assert repeats(answer, f"PUT {bounded(path)}") or repeats(answer, f"PUT on {bounded(path)}")


@pytest.mark.parametrize("path", ["/v1/a (HINT b", "/v1/a)", "/v1/a\nb", "/v1/Not allowed to x on y"])
@pytest.mark.parametrize("dialect", QUOTE_URLS)
def test_url_that_is_asked_for_comes_back_whole(dialect: str, path: str) -> None:
    answer = Fake(dialect=dialect).answer(Request(method="GET", path=path))
    assert answer.status == 404
    assert repeats(answer, f"GET {path}")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_response_that_is_too_long_is_refused_with_its_numbers(dialect: str) -> None:
    """Dialects that tell of numbers have them from the error, whichever route it came from."""
    error = ContextExceededError(message="too long", code="context_length_exceeded", limit=11, prompt=1234)
    told = DIALECTS[dialect].render_error(error)
    assert told.status == 400
    numbers = ("deepseek", "llama.cpp", "mistral", "openrouter")
    assert all(number in told.body for number in (b"11", b"1234")) == (dialect in numbers)


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "lorax"])
def test_long_input_of_a_response_is_refused_in_every_dialect(dialect: str) -> None:
    fake = Fake(dialect=dialect, context_length=20)
    assert post(fake, {"model": "m", "input": "word " * 30}, "/v1/responses").status == 400


@pytest.mark.parametrize("model", ["org/a`b", "a\nb"])
@pytest.mark.parametrize("dialect", QUOTE_MODELS)
def test_model_of_a_response_is_named_whole(dialect: str, model: str) -> None:
    if dialect == "lorax":  # it has no such route
        return
    answer = post(Fake(models=("tiny",), dialect=dialect), {"model": model, "input": "hi"}, "/v1/responses")
    assert answer.status == 400
    assert repeats(answer, model)


def test_member_with_a_dot_in_its_name_is_one_step_of_a_path() -> None:
    answer = post(Fake(dialect="mistral"), chat(**{"a.b[0]": 1}))
    assert json.loads(answer.body)["message"]["detail"][0]["loc"] == ["body", "a.b[0]"]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/generate"])
def test_redirect_leads_to_the_path_that_was_asked_for(path: str) -> None:
    bodies = {"/generate": {"inputs": "x"}, "/v1/embeddings": {"model": "m", "input": "x"}}
    headers = (("content-type", "application/json"), ("x-fake-scenario", "redirect"))
    answer = post(Fake(), bodies.get(path, chat()), path, headers)
    assert answer.header("location") == f"/scenario/text/v1{path.removeprefix('/v1')}"


def test_error_of_a_stream_is_in_the_dialect_of_its_route() -> None:
    headers = (("content-type", "application/json"), ("x-fake-scenario", "stream-error"))
    for dialect, name in (("openai", "error"), ("lorax", "error_type")):
        answer = post(Fake(dialect=dialect), chat(stream=True), headers=headers)
        *_, last = answer.body.decode().strip().split("\n\n")
        assert name in json.loads(last.removeprefix("data: "))
    error = ApiError(message="m", type="t", status=500)
    assert DIALECTS["lorax"].error_event(error)["error_type"] == "generation"
    assert DIALECTS["openai"].error_event(error) == error.payload
