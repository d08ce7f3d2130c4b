"""Hostile event streams of a megabyte: many events, many lines, much in one event, and steps that look back at much."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count, cycle, repeat

from bench.hostile_json import SIZE, filled, numbered

__all__ = ["STREAM_BODIES"]

CHUNK = (
    '{"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", '
    '"choices": [{"index": 0, "delta": %s, "finish_reason": null}]}'
)
CALLS = '{"tool_calls": [%s]}'
_CALL = '{"index": %d, "id": "c%d", "type": "function", "function": {"name": "f", "arguments": ""}}'
_TEXT = '{"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [%s]}'
_TOKEN = '{"token": {"id": 1, "text": "a", "logprob": 0, "special": false}, "generated_text": null, "details": null}'


def event(data: str) -> str:
    """One event."""
    return f"data: {data}\n\n"


def events(item: str, before: str = "") -> str:
    """A stream of nothing but one event."""
    return filled(before, f"data: {item}", "\n\n", between="\n\n")


def followed(before: str, items: Iterator[str]) -> str:
    """As many of the items, each the data of an event, as make a megabyte."""
    parts, size = [before], len(before)
    while size < SIZE:
        parts.append(event(next(items)))
        size += len(parts[-1])
    return "".join(parts)


def each(make: Callable[[int], str]) -> Iterator[str]:
    """What is made of 0, 1, 2, …"""
    return map(make, count())


def chunk(delta: object, **members: object) -> str:
    """A short chunk."""
    return json.dumps({**members, "choices": [{"delta": delta}]}, separators=(",", ":"))


def about(kind: str, **members: object) -> str:
    """A short event of a response."""
    return json.dumps({"type": f"response.{kind}", **members}, separators=(",", ":"))


_STARTED = event(CHUNK % '{"role": "assistant", "content": "a"}') + event(CHUNK % '{"content": "b"}')
_CREATED = "event: response.created\n" + event(
    about("created", sequence_number=0, response={"id": "r", "object": "response"})
)
_OPENED = _CREATED + event(about("output_item.added", output_index=0, item={"type": "message", "id": "i"}))


def _response(items: str) -> str:
    head = '"id": "r", "object": "response", "created_at": 1, "model": "m", "status": "in_progress"'
    return (
        f'{{"type": "response.created", "sequence_number": 0, "response": {{{head}, "output": [{items}]}}}}'
    )


def _text_delta(index: int) -> str:
    return about("output_text.delta", output_index=0, content_index=index, delta="a")


def _nearly_the_same(values: int) -> Iterator[str]:
    """Chunks that are 16 others, again and again, but for the name of their last member."""
    head = {f"a{number}": 1 for number in range(values)}
    return each(lambda number: chunk({"content": "x"}, **head, **{f"z{number % 16}": 0}))


STREAM_BODIES: Mapping[str, str] = {
    "events: {}": events("{}"),
    "events: 1": events("1", before=event("{}")),
    "events: no data": filled(event("{}"), "data", "\n\n", between="\n\n"),
    "events: no JSON": events("{x", before=event("{}")),
    "events: chunks": events(CHUNK % '{"content": "a"}'),
    "events: chunks without delta": events(CHUNK % "null"),
    "events: chunks with a wrong text": events(CHUNK % '{"content": 1}'),
    "events: chunks with unknown members": numbered(
        "", "data: " + CHUNK % '{"content": "a", "m%d": 1}', "\n\n", between="\n\n"
    ),
    "events: short chunks": events(chunk({"content": "a"})),
    "events: chunks of another model each": followed(
        _STARTED, each(lambda number: chunk({"content": "a"}, model=f"m{number}"))
    ),
    "events: chunks with usage": followed(
        _STARTED,
        each(lambda n: chunk({"content": "a"}, usage={"prompt_tokens": n, "completion_tokens": 1})),
    ),
    "events: chunks with half a pair": followed(_STARTED, repeat(chunk({"content": "\ud83d"}))),
    "events: chunks with logprobs": events(
        (CHUNK % '{"content": "a"}').replace(
            '"finish', '"logprobs": {"content": [{"token": "a", "logprob": -1, "bytes": [97]}]}, "finish'
        )
    ),
    "events: text that grows": followed(_STARTED, each(lambda number: chunk({"content": "a" * number}))),
    "events: chunks nearly the same": followed(_STARTED, _nearly_the_same(20)),
    "events: long chunks nearly the same": followed(_STARTED, _nearly_the_same(1400)),
    "events: finish_reason again": followed(
        _STARTED, repeat('{"choices":[{"delta":{},"finish_reason":"stop"}]}')
    ),
    "events: [DONE]": events("[DONE]"),
    "events: errors": events('{"error": {"message": "no", "type": "x", "param": null, "code": null}}'),
    "events: one call each": followed("", each(lambda n: CHUNK % (CALLS % (_CALL % (n, n))))),
    "events: 7,000 calls in one": event(
        CHUNK % (CALLS % ",".join(_CALL % (number, number) for number in range(SIZE // 100)))
    ),
    "events: fragments of 1,024 calls": followed(
        _STARTED, each(lambda n: chunk({"tool_calls": [{"index": n % 1024, "id": f"c{n}"}]}))
    ),
    "events: fragments of no call": events(
        CHUNK % '{"tool_calls": [{"index": 0, "function": {"arguments": "a"}}]}'
    ),
    "events: ten fragments": followed(_STARTED, repeat(chunk({"tool_calls": [{"index": 0}] * 10}))),
    "events: 1,000 fragments {}": followed(
        _STARTED, repeat(chunk(json.loads(CALLS % ",".join(["{}"] * 1000))))
    ),
    "events: arguments of brackets": followed(
        _STARTED, repeat(chunk({"tool_calls": [{"index": 0, "function": {"arguments": "{[" * 30}}]}))
    ),
    "events: 330,000 choices in one": filled(
        'data: {"object": "chat.completion.chunk", "choices": [', "{}", "]}\n\n"
    ),
    "events: 13 choices {}": followed(_STARTED, repeat(json.dumps({"choices": [{}] * 13}))),
    "events: 33 choices {}": followed(_STARTED, repeat((CHUNK % "{}").replace("[{", "[" + "{}," * 32 + "{"))),
    "events: texts of 49 choices": followed(
        "", repeat(_TEXT % ",".join(f'{{"index":{index},"text":""}}' for index in range(49)))
    ),
    "events: texts": followed("", repeat(_TEXT % '{"index":0,"text":"a"}')),
    "events: unknown lists": followed(
        _STARTED, repeat((CHUNK % "{}").replace('{"id', '{"x":[[],[],[],[]],"id'))
    ),
    "events: a member twice": followed(_STARTED, each(lambda number: f'{{"a{number}":1,"a{number}":2}}')),
    "events that nothing parts": filled("", f"data: {CHUNK % '{}'}", "\n", between="\n"),
    "events of 9,000 parts": events("{}" * 9000),
    "events of two parts": events("{}{}"),
    "events in one line": filled("data: ", "{}", "\n\n", between=""),
    "events: blanks before no JSON": followed(event("{}"), repeat(" " * 10_000 + "x")),
    "events: a list, and then no JSON": event("{}") + filled("data: [", '{"a":1}', "x\n\n"),
    "data: that stand twice": filled("data: {}\n\ndata: ", "data: {}", "\n\n", between=" "),
    "events of responses: {}": "event: response.created\ndata: "
    '{"type": "response.created", "sequence_number": 0, "response": {}}\n\n'
    + events('{"type":"response.output_text.delta"}'),
    "events of responses: unknown": followed(_CREATED, each(lambda number: about(f"x{number}"))),
    "events of responses: errors": events('{"type":"error","message":"x"}', before=_CREATED),
    "events of responses: deltas": followed(_OPENED, repeat(_text_delta(0))),
    "events of responses: items": followed(
        _CREATED, each(lambda n: about("output_item.added", output_index=n, item={"type": "message"}))
    ),
    "events of responses: parts": followed(
        _CREATED,
        each(lambda n: about("content_part.added", output_index=n // 1024, content_index=n % 1024)),
    ),
    "events of responses: 1,024 parts closed again": followed(
        _OPENED + "".join(event(_text_delta(index)) for index in range(1024)),
        repeat(about("output_item.done", output_index=0, item={})),
    ),
    "events of responses: a text said again": followed(
        _OPENED + event(about("output_text.delta", output_index=0, content_index=0, delta="x" * 400_000)),
        cycle([_text_delta(0), about("output_text.done", output_index=0, content_index=0, text="y")]),
    ),
    "events of responses: 49 items each": followed("", repeat(_response(",".join(['{"type":"x"}'] * 49)))),
    "events of responses: 20 calls each": followed(
        "",
        repeat(
            _response(",".join(['{"type":"function_call","call_id":"c","name":"f","arguments":""}'] * 20))
        ),
    ),
    "comments": filled(event("{}"), ":", "\n\n", between="\n"),
    "comments alone": filled(event("{}"), ":", "\n\n", between="\n\n"),
    "lines of nothing": event("{}") + "\n" * SIZE,
    "lines that end in CR": filled("data: {}\r\r", "data: {}\r\r", "", between=""),
    "lines of blanks": filled(event("{}"), " ", "\n\n", between="\n"),
    "lines of data": filled("data: {\n", "data:", "\n\n", between="\n"),
    "lines of data that are no JSON": filled("data: [\n" * 32, "data: {},", "\n\n", between="\n"),
    "lines that are no field": filled(event("{}"), "a", "\n\n", between="\n"),
    "lines that are no UTF-8": filled(event("{}"), "\udcff", "\n\n", between="\n"),
    "fields of the name event": filled(event("{}"), "event:x", "\n\n", between="\n"),
    "fields of the name id": filled(event("{}"), "id:1", "\n\n", between="\n"),
    "fields of the name error": filled("", 'error: {"code": 500}', "\n\n", between="\n\n"),
    "ids of 900 characters": filled("", "id: " + "9" * 900 + "\ndata: {}", "\n\n", between="\n\n"),
    "LoRAX: tokens": events(_TOKEN),
    "LoRAX: events without a token": event(_TOKEN) + events('{"token":{}}'),
    "LoRAX: short tokens": events('{"token":{"text":"a","special":false}}'),
    "LoRAX: 20 alternatives {}": events(
        _TOKEN.replace("false}", f'false, "alternative_tokens": [{",".join(["{}"] * 20)}]}}')
    ),
    "LoRAX: errors": events('{"error":"x"}', before=event(_TOKEN)),
}
