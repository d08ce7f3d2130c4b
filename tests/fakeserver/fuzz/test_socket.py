"""Junk for the server, over a real socket: it stays up, answers the next request, and says nothing to stderr."""

import json

import h11
from hypothesis import given
from hypothesis import strategies as st

from chatfake.scripting.plan import LONGEST_NAME
from tests.fakeserver.asking import chat
from tests.fakeserver.fuzz.mangling import HTTP_JUNK, JSON_JUNK, YAML_JUNK, mangled
from tests.fakeserver.fuzz.raw import Ending, Served
from tests.fakeserver.fuzz.seeds import BODIES, HTTP, SCRIPTS, http
from tests.portion import share

endings = st.sampled_from(Ending)
TEXTS = [json.dumps(body).encode() for bodies in BODIES.values() for body in bodies]


def held(served: Served, asked: bytes, said: bytes) -> None:
    """Statuses of 500 and more only where they were asked for, heads that a client can read, a server that is well."""
    served.is_well()
    assert b"\r\n\r\nInternal Server Error" not in said, "this is uvicorn's, for an exception of ours"
    if b"fake" in asked.lower() or b"scenario" in asked:  # a fault may have been asked for, or a script laid
        served.forget()
    elif said:
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
        client.receive_data(said)
        answer = client.next_event()
        assert not isinstance(answer, h11.Response) or answer.status_code < 500


@st.composite
def split(draw: st.DrawFn, whole: bytes) -> list[bytes]:
    """The bytes in a few writes; now and then one byte each."""
    if len(whole) < 200 and draw(st.integers(0, 19)) == 0:
        return [whole[place : place + 1] for place in range(len(whole))]
    places = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=3)))
    return [whole[low:high] for low, high in zip([0, *places], [*places, len(whole)], strict=True)]


@share(0.25)
@given(mangled(HTTP, HTTP_JUNK), endings, st.data())
def test_mangled_requests_leave_the_server_well(
    served: Served, data: bytes, ending: Ending, draws: st.DataObject
) -> None:
    held(served, data, served.say(draws.draw(split(data)), ending))


methods = st.sampled_from(
    ["GET", "POST", "HEAD", "OPTIONS", "get", "BREW", "G ET", "", "\x00", "GET\t", "PUT", "DELETE"]
)
targets = st.sampled_from(["/", "/v1/models", "*", "http://x/v1/models", "x:443", "/%", "/\xff", "/v1/chat/completions?a=b#c",
                           "//", "/..", "", " ", "/" + "x" * 70_000, "/_fake/keys", "/_fake/wait?count=0"])  # fmt: skip
versions = st.sampled_from(
    ["HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/1.1 ", "http/1.1", "", "HTTP/9.9", "HTTP/1.1\x00"]
)
lines = st.lists(st.sampled_from(HTTP_JUNK) | st.binary(max_size=30), max_size=6)
ends = st.sampled_from(
    [b"\r\n\r\n", b"\n\n", b"\r\r", b"", b"\r\n", b"\r\n\r\n" + b"x" * 100, b"\r\n\r\n0\r\n\r\n"]
)


@share(0.25)
@given(methods, targets, versions, lines, ends, endings)
def test_odd_request_lines_and_headers_leave_the_server_well(
    served: Served, method: str, target: str, version: str, said: list[bytes], end: bytes, ending: Ending
) -> None:
    data = f"{method} {target} {version}\r\nhost: x\r\n".encode("latin-1") + b"".join(said) + end
    held(served, data, served.say([data], ending))


sizes = st.sampled_from([b"0", b"1", b"a", b"A", b"00", b"-1", b"+1", b"0x1", b" 1", b"1 ", b"", b"g", b"fffffffff", b"1;a=b",
                         b"1;" + b"x" * 20_000, b"1\x00"])  # fmt: skip
chunks = st.lists(
    st.tuples(sizes, st.binary(max_size=12), st.sampled_from([b"\r\n", b"\n", b"", b"\r\nx"])), max_size=5
)


@share(0.25)
@given(
    chunks,
    st.sampled_from([b"0\r\n\r\n", b"0\r\na: b\r\n\r\n", b"", b"0\r\n", b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"]),
    endings,
)
def test_odd_chunks_leave_the_server_well(
    served: Served, parts: list[tuple[bytes, bytes, bytes]], end: bytes, ending: Ending
) -> None:
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    body = b"".join(size + b"\r\n" + data + after for size, data, after in parts)
    held(served, b"", served.say([head, body, end], ending))


@share(0.25)
@given(
    mangled(TEXTS, JSON_JUNK),
    st.sampled_from([*BODIES, "/v1/nothing"]),
    st.sampled_from([0, 0, 0, 1, -1, 10_000]),
    endings,
)
def test_mangled_bodies_leave_the_server_well(
    served: Served, body: bytes, path: str, lie: int, ending: Ending
) -> None:
    data = (
        f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {max(len(body) + lie, 0)}\r\n\r\n".encode()
        + body
    )
    held(served, data, served.say([data], ending))


@share(0.25)
@given(mangled(SCRIPTS, YAML_JUNK), st.sampled_from(["", "?key=k", "?key=" + "x" * 500, "?key=%ff&key=a"]))
def test_mangled_scripts_leave_the_server_well(served: Served, script: bytes, query: str) -> None:
    ask = http("POST", "/v1/chat/completions", json.dumps(chat()).encode(), "authorization: Bearer k")
    said = served.say([http("PUT", f"/_fake/script{query}", script)], Ending.HALF_CLOSE)
    assert said.startswith((b"HTTP/1.1 204", b"HTTP/1.1 400")), said[:300]
    held(served, b"scenario", served.say([ask, http("DELETE", "/_fake/keys?key=k")], Ending.HALF_CLOSE))


@share(0.25)
@given(st.lists(st.sampled_from(HTTP) | mangled(HTTP, HTTP_JUNK), min_size=2, max_size=6), endings, st.data())
def test_requests_in_one_breath_leave_the_server_well(
    served: Served, requests: list[bytes], ending: Ending, draws: st.DataObject
) -> None:
    whole = b"".join(requests)
    held(served, whole, served.say(draws.draw(split(whole)), ending))


@share(0.25)
@given(st.binary(max_size=300), endings)
def test_any_bytes_leave_the_server_well(served: Served, data: bytes, ending: Ending) -> None:
    held(served, data, served.say([data], ending))


plans = st.sampled_from(["stall", "stream-endless", "reset-in-head", "refuse", "trickle=0", "delay-first-byte=30", "half-close",
                         "huge-headers", "content-length-long", "http-503*2", "x" * (LONGEST_NAME + 1), "stream-cut"])  # fmt: skip


@share(0.25)
@given(plans, st.booleans(), endings)
def test_faults_whose_clients_leave_leave_the_server_well(
    served: Served, plan: str, stream: bool, ending: Ending
) -> None:
    body = json.dumps(chat(stream=stream)).encode()
    data = http("POST", "/v1/chat/completions", body, f"x-fake-scenario: {plan}")
    held(served, data, served.say([data], ending))
