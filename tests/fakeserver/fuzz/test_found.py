"""Inputs that were found to keep the fake busy for minutes, to fill its memory, or to be answered with a traceback."""

import json
import socket
from typing import Any

import pytest

from chatfake import FAULTS, Fake, LiveServer, Request
from chatfake.core.http import LOSSES, Send
from chatfake.scripting.key_sessions import MOST_KEYS, KeySessions, TooManyKeysError
from tests.fakeserver.asking import HELLO, chat, error_of, get, post
from tests.fakeserver.fuzz.oracle import ask
from tests.fakeserver.fuzz.raw import Ending, Served
from tests.fakeserver.fuzz.seeds import http
from tests.portion import one_in


def formed(schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return chat(
        response_format={"type": "json_schema", "json_schema": {"name": "f", "schema": schema}}, **members
    )


def said(text: str, **members: Any) -> dict[str, Any]:
    return chat(messages=[{"role": "user", "content": text}], **members)


NESTED = {"type": "array", "minItems": 10_000, "items": {"type": "string", "minLength": 10_000}}
REPEATED = {
    "type": "object",
    "properties": {f"p{number}": {"$ref": "#/$defs/x"} for number in range(300)},
    "$defs": {"x": {"const": "x" * 300_000}},
}
CHAT, TEXT, EMBED = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
#: Path and body of requests that took from seconds to hours, or megabytes to terabytes.
COSTLY: dict[str, tuple[str, Any]] = {
    "128 long streams": (CHAT, chat(model="fake/long-text", n=128, stream=True)),
    "many bytes one at a time": (CHAT, chat(model="fake/long-text+trickle", stream=True)),
    "log probabilities": (CHAT, chat(model="fake/long-text", n=2, logprobs=True, top_logprobs=20)),
    "one letter and many marks": (CHAT, said("a" + "\u0301" * 100_000, model="fake/echo", n=128)),
    "one endless emoji": (CHAT, said("👩" + "\u200d👩" * 100_000, model="fake/echo", n=128)),
    "a plan of many parts": (CHAT, chat(model="fake/" + "+".join(["http-500"] * 100_000))),
    "a plan with a long name": (CHAT, chat(model="fake/" + "x" * 5_000_000)),
    "huge chunks": (
        CHAT,
        chat(model="fake/" + "+".join(["huge-chunk"] * 6 + ["gzip", "latin-1"]), stream=True),
    ),
    "many repeated items": (CHAT, formed(NESTED, n=128)),
    "a repeated constant": (CHAT, formed(REPEATED)),
    "prompts times choices": (
        TEXT,
        {"model": "fake/long-text", "prompt": ["a"] * 2048, "n": 128, "max_tokens": 4000},
    ),
    "prompts": (TEXT, {"model": "fake/long-text", "prompt": ["a"] * 2048, "max_tokens": 4000}),
    "long inputs": (EMBED, {"model": "m", "input": ["word " * 500] * 400}),
    "too long inputs": (EMBED, {"model": "m", "input": ["word " * 500] * 2000}),
    "many inputs": (EMBED, {"model": "m", "input": [""] * 100_000}),
    "brackets": (CHAT, b'{"model":"m","messages":[' + b"[]," * 300_000 + b"[]]}"),
    "quotes": (CHAT, b'"' * 1_000_000),
    "unknown members": (CHAT, {f"k{number}": 1 for number in range(100_000)}),
    "messages": (CHAT, chat(messages=list(HELLO) * 100_000)),
}


@pytest.mark.parametrize("name", COSTLY)
@pytest.mark.parametrize("lenient", one_in(2, [False, True]))
def test_small_request_costs_little(name: str, lenient: bool) -> None:
    path, body = COSTLY[name]
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = ask(Fake(lenient=lenient), Request(method="POST", path=path, body=data))
    assert sum(len(step.data) for step in answer.steps if isinstance(step, Send)) < 50_000_000


#: Scripts that raised, or took long, and what is said of them now.
SCRIPTS: dict[str, tuple[bytes, str]] = {
    "too many answers": (b"- plan: http-500*100\n" * 2_000, "at most 100000 answers"),
    "great expression": (
        b"rules: [{when: {matches: '(((a?){13}){13}){13}'}, answer: hi}]",
        "more than 2000 places",
    ),
    "look-ahead": (b"rules: [{when: {matches: '(?=a)'}, answer: hi}]", "look-around"),
    "object of Python": (
        b"- {tool_calls: [{name: f, arguments: {a: !!python/object/apply:os.system [ls]}}]}",
        "is no JSON",
    ),
    "endless number": (b"- {tool_calls: [{name: f, arguments: {a: " + b"9" * 10_000 + b"}}]}", "is no JSON"),
    "not a number": (b"- {tool_calls: [{name: f, arguments: {a: .nan}}]}", "is no JSON"),
    "a date": (b"- {tool_calls: [{name: f, arguments: {a: 2001-01-01}}]}", "is no JSON"),
    "a plan of many parts": (
        b"- plan: " + b"+".join([b"http-500"] * 10_000),
        "no scenario or fault is called",
    ),
    "aliases": (b"- &a [*a]\n", "aliases"),
    "too long": (b"- hi\n" * 250_000, "larger than 1 MB"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_refused_with_its_line(name: str, fake: Fake) -> None:
    script, sentence = SCRIPTS[name]
    error = error_of(ask(fake, Request(method="PUT", path="/_fake/script", body=script)))
    assert error["code"] == "invalid_script"
    assert sentence in error["message"]
    assert len(error["message"]) < 1_000


def test_expression_that_goes_back_for_ever_answers_at_once(fake: Fake) -> None:
    fake.script("rules: [{when: {matches: '(a+)+b'}, answer: {text: found}}]")
    asked = Request(method="POST", path=CHAT, body=json.dumps(said("a" * 20_000)).encode())
    assert b"found" not in ask(fake, asked).body
    assert b"found" in post(fake, said("x aab")).body


def test_long_script_is_read_in_a_moment(fake: Fake) -> None:
    laid = ask(fake, Request(method="PUT", path="/_fake/script", body=b"- {text: hello}\n" * 20_000))
    assert laid.status == 204


def test_keys_have_an_end() -> None:
    sessions = KeySessions()
    for number in range(MOST_KEYS):
        sessions.opened(str(number))
    with pytest.raises(TooManyKeysError, match="10000 keys already"):
        sessions.opened()
    sessions.opened("7")
    sessions.forget("7")
    sessions.opened("new")


def test_keys_past_the_end_are_refused_over_http(fake: Fake) -> None:
    for number in range(MOST_KEYS):
        fake.handle(str(number))
    for method, path in (("POST", "/_fake/keys"), ("PUT", "/_fake/script")):
        answer = fake.answer(Request(method=method, path=path, query="key=new", body=b"- Hello!"))
        assert (answer.status, error_of(answer)["code"]) == (409, "too_many_keys")
    assert get(fake, "/_fake/keys").status == 200


@pytest.mark.parametrize("fault", ["trickle", "one-byte-packets"])
def test_writes_of_one_byte_are_shared(fault: str, fake: Fake) -> None:
    answer = post(fake, chat(model=f"fake/long-text+{fault}", stream=True))
    assert len(answer.steps) > 1_000_000
    assert len({id(step) for step in answer.steps}) <= 257


def test_waiter_that_left_waits_no_more() -> None:
    with LiveServer() as server:
        for _ in range(40):  # more than there are threads to wait in
            with socket.create_connection(("127.0.0.1", server.port)) as asking:
                asking.sendall(http("GET", "/_fake/wait?count=9&timeout=600"))
        server.handle().script("x")
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as asking:
            asking.sendall(http("GET", "/_fake/wait?count=0"))
            assert asking.recv(100).startswith(b"HTTP/1.1 200")


def test_request_that_breaks_off_is_none() -> None:
    whole = http("POST", CHAT, json.dumps(chat()).encode())
    with LiveServer() as server:
        for end in (len(whole) - 1, len(whole) - 30, len(whole)):
            with socket.create_connection(("127.0.0.1", server.port), timeout=20) as asking:
                asking.sendall(whole[:end])
                asking.shutdown(socket.SHUT_WR)
                while asking.recv(1 << 16):
                    continue
        assert [entry.body for entry in server.requests] == [whole[-len(json.dumps(chat())) :]]


def test_garbage_is_a_bad_request_and_the_end(served: Served) -> None:
    for garbage in (b"\x00\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 100_000):
        said = served.say([garbage], Ending.HALF_CLOSE)
        assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"connection: close" in said.lower()


def test_garbage_behind_a_request_breaks_no_answer(served: Served) -> None:
    stream = http("POST", CHAT, json.dumps(chat(stream=True)).encode())
    for garbage in (b"\x00\x00\r\n\r\n", b"GET\r\n\r\n" * 50, b"\xff" * 100_000):
        said = served.say([stream, garbage, garbage], Ending.HALF_CLOSE)
        assert said.startswith(b"HTTP/1.1 200")
        served.is_well()


@pytest.mark.parametrize(
    "plan", ["refuse+reset-in-chunk", "reset-before-head+reset-in-chunk", "reset-in-chunk+reset-in-chunk"]
)
@pytest.mark.parametrize("stream", [False, True])
def test_chunk_that_is_never_sent_is_lost_with_its_connection(plan: str, stream: bool) -> None:
    answer = post(Fake(), chat(model=f"fake/{plan}", stream=stream))
    assert isinstance(answer.steps[-1], LOSSES)


@pytest.mark.parametrize("under", [name for name in FAULTS if name.startswith("stream-")])
@pytest.mark.parametrize(
    "over", ["duplicate-chunk", "finish-twice", "usage-every-chunk", "huge-chunk", "no-role"]
)
def test_chunks_that_another_fault_garbled_stay_as_they_are(under: str, over: str) -> None:
    assert post(Fake(), chat(model=f"fake/{under}+{over}", stream=True)).status == 200
