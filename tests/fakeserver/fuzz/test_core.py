"""Junk for the core, in process: every answer is sound, and costs little. CONTRIBUTING.md says how to run it for long."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from chatfake import Fake, Request
from chatfake.routes import ROUTES
from chatfake.scripting.plan import LONGEST_NAME
from tests.fakeserver.asking import chat
from tests.fakeserver.fuzz.mangling import HTTP_JUNK, JSON_JUNK, YAML_JUNK, changed, json_values, mangled
from tests.fakeserver.fuzz.oracle import ask
from tests.fakeserver.fuzz.seeds import BODIES, SCRIPTS
from tests.portion import share

PATHS = [*BODIES]
TEXTS = [json.dumps(body).encode() for bodies in BODIES.values() for body in bodies]
LENIENT = Fake(lenient=True)
#: Parts of plans, right and wrong; the two that answer with megabytes are for test_costs.
PARTS = ["text", "unicode", "empty-choices", "tool-call-only", "stream-cut", "http-500", "http-429*2", "http-999", "bom",
         "gzip", "trickle", "delay-first-byte=2.5", "delay-per-chunk=nan", "stall", "=", "*", "*0", "*1e9", "", "x" * 2_000,
         "\x00", "é", "http-500*101", "trickle=-1", "html-200", "huge-headers", "redirect", "half-close", "reset-in-chunk"]  # fmt: skip
plans = st.lists(st.sampled_from(PARTS), max_size=10).map("+".join) | st.text(max_size=30)
headers = st.lists(
    st.tuples(
        st.sampled_from(["authorization", "api-key", "x-fake-scenario", "x-fake-dialect", "x-fake-delay",
                         "x-fake-latency", "x-stainless-retry-count", "content-type", "host", "accept", "x"]),
        st.sampled_from(["Bearer k", "Bearer", "nan", "inf", "1e400", "-1", "0.5", "normal:0.1:0.1", "trace:/etc/passwd",
                         "first=constant:1,next=uniform:1:2", "lognormal:1:1e308", "lorax", "vllm", "openai", "9" * 5_000, "²"])
        | plans
        | st.text(max_size=20),
    ),
    max_size=4,
).map(tuple)  # fmt: skip
paths = st.lists(
    st.sampled_from(["", "v1", "key", "k", "scenario", "dialect", "text", "models", "fake", "_fake", "requests", "1", "chat",
                     "completions", "embeddings", "keys", "script", "wait", "events", "verdict", "conversations", "..", ".", "%2f",
                     "\x00", "é", "\ud800", "²", "9" * 30, "openapi.json"]) | plans,
    max_size=7,
).map(lambda parts: "/" + "/".join(parts)) | st.sampled_from([*ROUTES]) | st.text(max_size=20)  # fmt: skip
queries = st.lists(
    st.tuples(st.sampled_from(["key", "after", "count", "timeout", "x", ""]),
              st.sampled_from(["", "k", "0", "1", "-1", "nan", "1e9", "9" * 5_000, "²", "%00", "+", "&", "=", "%ff"])).map("=".join),
    max_size=4,
).map("&".join) | st.text(max_size=20)  # fmt: skip
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW", ""])


@share(0.25)
@given(st.sampled_from(PATHS), mangled(TEXTS, JSON_JUNK))
def test_mangled_body_gets_a_sound_answer(path: str, body: bytes) -> None:
    ask(Fake(), Request(method="POST", path=path, body=body))


@share(0.25)
@given(st.data())
def test_body_with_other_values_gets_a_sound_answer(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    body = json.dumps(data.draw(changed(BODIES[path]))).encode()
    for fake in (Fake(), LENIENT):
        ask(fake, Request(method="POST", path=path, body=body))


@share(0.25)
@given(methods, paths, queries, headers, st.sampled_from(TEXTS) | st.binary(max_size=20))
def test_any_method_path_query_and_headers_get_a_sound_answer(
    method: str, path: str, query: str, said: Any, body: bytes
) -> None:
    fake = Fake()
    fake.handle("k").script("x")
    ask(fake, Request(method=method, path=path, query=query, headers=said, body=body))


@share(0.25)
@example("x" * 2_000, "/v1/responses/input_tokens", False)
@example("x" * 2_000, "/v1/chat/completions", False)
@given(plans, st.sampled_from(PATHS), st.booleans())
def test_any_plan_gets_a_sound_answer(plan: str, path: str, stream: bool) -> None:
    body: dict[str, Any] = {**BODIES[path][0], "stream": stream}
    if path == "/v1/embeddings":
        del body["stream"]
    for asked in (
        Request(method="POST", path=path, body=json.dumps({**body, "model": f"fake/{plan}"}).encode()),
        Request(
            method="POST", path=path, body=json.dumps(body).encode(), headers=(("x-fake-scenario", plan),)
        ),
    ):
        answer = ask(Fake(), asked)
        # what a request would cost is counted, and no plan answers
        assert len(plan) <= LONGEST_NAME or answer.status >= 400 or path.endswith("/input_tokens")


@share(0.25)
@given(mangled(SCRIPTS, YAML_JUNK), queries)
def test_mangled_script_is_laid_or_refused(script: bytes, query: str) -> None:
    fake = Fake()
    laid = ask(fake, Request(method="PUT", path="/_fake/script", query=query, body=script))
    assert laid.status in (204, 400)
    for key in ("", "k", "a"):
        said = (("authorization", f"Bearer {key}"), ("x", "y"))
        ask(
            fake,
            Request(
                method="POST", path="/v1/chat/completions", body=json.dumps(chat()).encode(), headers=said
            ),
        )
    ask(fake, Request(method="GET", path="/_fake/requests/1"))
    ask(fake, Request(method="GET", path="/_fake/conversations"))
    ask(fake, Request(method="GET", path="/_fake/verdict"))


@share(0.25)
@given(st.recursive(st.text(max_size=8) | st.sampled_from(PARTS), lambda inner: st.lists(inner, max_size=3)
       | st.dictionaries(st.sampled_from(["text", "tool_calls", "name", "arguments", "rules", "when", "answer", "answers",
                                          "turns", "1", "keys", "dry", "matches", "turn", "header", "faults", "scenario", "plan"]),
                         inner, max_size=4), max_leaves=10))  # fmt: skip
def test_script_of_any_shape_is_laid_or_refused(script: Any) -> None:
    fake = Fake()
    answer = ask(fake, Request(method="PUT", path="/_fake/script", body=json.dumps(script).encode()))
    assert answer.status in (204, 400)
    ask(fake, Request(method="POST", path="/v1/chat/completions", body=json.dumps(chat()).encode()))


KEYWORDS = ["type", "properties", "items", "required", "enum", "const", "anyOf", "allOf", "oneOf", "$ref", "$defs", "pattern",
            "minimum", "maximum", "multipleOf", "minItems", "maxItems", "minLength", "maxLength", "uniqueItems", "format",
            "additionalProperties", "prefixItems", "minProperties", "not", "if", "x"]  # fmt: skip
SCHEMA_VALUES = ["string", "object", "array", "integer", "number", "#", "#/$defs/x", "#/properties/x", "^(a|b)+$", "(" * 99,
                 "((a{99}){99}){99}", "[", r"\p{L}", "[[a]", "date", 0, -1, 1e308, 10**30, 0.1, True, None]  # fmt: skip
schemas = st.recursive(
    st.sampled_from(SCHEMA_VALUES) | json_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4),
    max_leaves=12,
)


@share(0.25)
@given(st.dictionaries(st.sampled_from(KEYWORDS), schemas, max_size=5), st.booleans())
def test_schema_of_any_shape_gets_a_sound_answer(schema: dict[str, Any], stream: bool) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "f", "schema": schema}}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", **schema}}}
    for body in (
        chat(response_format=form, stream=stream),
        chat(tools=[tool], tool_choice="required", stream=stream),
    ):
        for fake in (Fake(), LENIENT):
            ask(fake, Request(method="POST", path="/v1/chat/completions", body=json.dumps(body).encode()))


@share(0.25)
@given(mangled(HTTP_JUNK, HTTP_JUNK).map(lambda data: data.decode("latin-1")), methods)
def test_odd_path_gets_a_sound_answer(path: str, method: str) -> None:
    ask(Fake(), Request(method=method, path=path))
