"""Recorded completions, models and errors: what OpenAI sends is valid, and what others send is known.

`CHATPROOF_CORPUS` and `CHATPROOF_RECORDINGS` hold other people's data and are no part of the project.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from chatschema import Completion, ErrorResponse, Kind, ModelList, check
from chatschema.common import Model
from tests.schemas.test_properties import same
from tests.schemas.test_recordings import exchanges, recordings

FORMS: dict[Kind, type[BaseModel]] = {
    Kind.TEXT: Completion,
    Kind.MODEL: Model,
    Kind.MODELS: ModelList,
    Kind.ERROR: ErrorResponse,
}

#: Recordings of others that break a must, each looked at by hand.
OTHERS = {
    # Portkey's stored prompts answer a chat completion at a path that ends like this one
    "Arize-ai+openinference/54",
    "Arize-ai+openinference/142",
    "crmne+ruby_llm/101",  # xAI: the error is a text
    "crmne+ruby_llm/191",  # Mistral: `message` without an `error` around it
    "huggingface+text-generation-inference/6",  # TGI: empty id and finish_reason, created changes, no [DONE]
    "huggingface+text-generation-inference/32",  # TGI: empty id
    "huggingface+text-generation-inference/43",  # TGI: empty id
    "posit-dev+chatlas/116",  # DeepSeek: models without a time
    "traceloop+openllmetry/213",  # the last chunk is a chat's: no text, no index
    "traceloop+openllmetry/324",  # Writer: events of a form of its own
    "traceloop+openllmetry/478",  # Together: `text.completion`
    "traceloop+openllmetry/496",  # Writer: choices alone
    "vercel+ai/60",  # a fixture that was cut before [DONE]
}


def kind_of(exchange: dict[str, Any]) -> Kind | None:
    """What this exchange's body should be; None for families that others test."""
    if exchange["kind"] == "error":
        return Kind.ERROR
    match exchange["endpoint"]:
        case "completions":
            return Kind.TEXT_STREAM if exchange["kind"] == "sse" else Kind.TEXT
        case "models":
            return Kind.MODEL if "/models/" in exchange["url_path"] else Kind.MODELS
        case _:
            return None


def texts() -> Iterator[tuple[dict[str, Any], Kind]]:
    for exchange in exchanges():
        kind = kind_of(exchange)
        if kind is not None:
            yield exchange, kind


def is_openai(exchange: dict[str, Any]) -> bool:
    """Recorded from OpenAI or Azure."""
    provider: str = exchange["provider"]
    real = provider.startswith("api.openai.com") or provider.endswith(".azure.com")
    return real and bool(exchange["origin"] == "cassette")


def test_recorded_openai_bodies_are_valid_without_an_exception() -> None:
    judged: Counter[Kind] = Counter()
    for exchange, kind in texts():
        if is_openai(exchange):
            judgement = check(exchange["body"], kind)
            judged[kind] += 1
            assert judgement.valid, (exchange["id"], judgement.violations)
            assert check(exchange["body"]).kind == kind
    assert judged[Kind.TEXT] > 50
    assert judged[Kind.TEXT_STREAM] > 15
    assert judged[Kind.ERROR] > 30
    assert judged[Kind.MODEL] + judged[Kind.MODELS] > 3


def test_recorded_bodies_of_others_are_valid_but_for_the_named_ones() -> None:
    broken = {exchange["id"] for exchange, kind in texts() if not check(exchange["body"], kind).valid}
    assert broken == OTHERS


def test_shoulds_that_openai_itself_breaks_are_two() -> None:
    broken: Counter[str] = Counter()
    for exchange, kind in texts():
        if is_openai(exchange) and kind is not Kind.ERROR:
            broken.update({violation.rule for violation in check(exchange["body"], kind).violations})
    # nothing was generated and not counted (2 of 56); the finish_reason came twice (2 of 20 streams)
    assert broken == {"completions.spec-complete": 2, "completions.sse.finish-once": 2}


def test_recorded_bodies_come_back_from_the_models_as_they_were() -> None:
    for exchange, kind in texts():
        if kind in FORMS and exchange["id"] not in OTHERS:
            value = json.loads(exchange["body"])
            parsed = FORMS[kind].model_validate(value)
            assert same(parsed.model_dump(mode="json", by_alias=True, exclude_unset=True), value)


def test_local_servers_break_what_they_are_known_to_break() -> None:
    musts: dict[str, set[str]] = {}
    shoulds: dict[str, set[str]] = {}
    for recording in recordings():
        path, body = recording["request"]["path"], recording["response"].get("body") or ""
        if recording["response"]["status"] != 200 or not path.endswith("/completions") or "chat" in path:
            continue
        judgement = check(body.encode())
        assert judgement.kind in ("completion", "completion.sse"), recording["case"]
        for violation in judgement.violations:
            found = musts if violation.level == "must" else shoulds
            found.setdefault(recording["server"], set()).add(violation.rule)
    # its streams end without [DONE]
    assert musts == {"transformers": {"completions.sse.done"}}
    assert shoulds == {
        # no logprobs; finish_reason in the last chunk alone; the time is that of each chunk
        "transformers": {"completions.spec-complete", "completions.sse.same-head"},
        # log probabilities in the form of a chat completion; Portkey passes them on
        "llamacpp": {"completions.logprobs"},
        "portkey": {"completions.logprobs"},
    }
