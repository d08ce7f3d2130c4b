"""Hostile JSON bodies of a megabyte: many of something, much of something, deep in something."""

import json
from collections.abc import Callable, Mapping

__all__ = ["ANSWER", "JSON_BODIES", "SIZE", "filled", "numbered"]

SIZE = 1_000_000

ANSWER = (
    '{"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "logprobs": null, '
    '"finish_reason": "stop", "message": {"role": "assistant", "content": "a", "refusal": null}}]%s}'
)
_TEXT = ANSWER.replace('"a"', "%s") % ('"%s"', "")
_CALL = (
    '{"object": "chat.completion", "choices": [{"finish_reason": "tool_calls", "message": {"role": "assistant", '
    '"content": null, "tool_calls": [%s]}}]}'
)
_VECTORS = '{"object": "list", "model": "m", "data": ['
_MODELS = '{"object": "list", "data": ['
_INPUT = '{"model": "m", "input": ['
_RESPONSE = (
    '{"object": "response", "id": "r", "created_at": 1, "model": "m", "status": "completed", "output": ['
)
_TOKEN = '{"id": 1, "text": "a", "logprob": -1.0, "special": false, "skipped": false}'


def filled(before: str, item: str, after: str, between: str = ",") -> str:
    """As many items as make a megabyte."""
    return before + between.join([item] * ((SIZE - len(before)) // (len(item) + len(between)))) + after


def numbered(before: str, item: str | Callable[[int], str], after: str, between: str = ",") -> str:
    """Items of which no two are the same: a text with one %d, or what makes one of a number."""
    make = item.__mod__ if isinstance(item, str) else item
    count = (SIZE - len(before)) // (len(make(10_000)) + len(between))
    return before + between.join(make(number) for number in range(count)) + after


def _twice(item: str) -> Callable[[int], str]:
    return lambda number: item % (number, number)


def _arguments(text: str) -> str:
    call = '{"id": "a", "type": "function", "function": {"name": "f", "arguments": %s}}'
    return _CALL % call % json.dumps(text)


_DEEP = "[" * 45 + "]" * 45

JSON_BODIES: Mapping[str, str] = {
    "a text of a megabyte": ANSWER % f', "note": "{"x" * SIZE}"',
    "no JSON": ANSWER % f', "note": "{"x" * SIZE}',
    "models: 330,000 x {}": filled(_MODELS + '{"object": "model"},', "{}", "]}"),
    "models: 500,000 x 1": filled(_MODELS + '{"object": "model"},', "1", "]}"),
    "models that lack two members": filled(_MODELS, '{"object":"model","id":"m"}', "]}"),
    "models that are right": numbered(
        _MODELS, '{"id":"%d","object":"model","created":1700000000,"owned_by":"x"}', "]}"
    ),
    "models of one id": filled(
        _MODELS, '{"id":"m","object":"model","created":1700000000,"owned_by":"x"}', "]}"
    ),
    "choices: 330,000 x {}": filled('{"object": "chat.completion", "choices": [', "{}", "]}"),
    "choices: 500,000 x 1": filled('{"object": "chat.completion", "choices": [', "1", "]}"),
    "choices that lack all": filled('{"object": "chat.completion", "choices": [', '{"index":0}', "]}"),
    "texts of completions": numbered(
        '{"object": "text_completion", "choices": [',
        '{"index":%d,"text":"","logprobs":{"tokens":["a"]}}',
        "]}",
    ),
    "logprobs: 330,000 x {}": filled(
        '{"object": "chat.completion", "choices": [{"logprobs": {"content": [', "{}", "]}}]}"
    ),
    "logprobs that are right": filled(
        '{"object": "chat.completion", "choices": [{"logprobs": {"content": [',
        '{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[]}',
        "]}}]}",
    ),
    "tool calls: 330,000 x {}": filled(
        '{"object": "chat.completion", "choices": [{"message": {"role": "assistant", "tool_calls": [',
        "{}",
        "]}}]}",
    ),
    "tool calls that are right": numbered(
        _CALL.partition("%s")[0],
        '{"id":"%d","type":"function","function":{"name":"f","arguments":"{}"}}',
        "]}}]}",
    ),
    "arguments of lists in lists": _arguments(filled("[", _DEEP, "]")),
    "arguments encoded twice": _arguments(json.dumps("{" + ",".join(['"a":[1]'] * 70_000) + "}")),
    "arguments of one bracket": _arguments("[" * SIZE),
    "annotations": filled(
        '{"object": "chat.completion", "choices": [{"message": {"content": "a", "annotations": [',
        '{"type":"url_citation"}',
        "]}}]}",
    ),
    "a vector of 500,000 x 1": filled(
        _VECTORS + '{"object": "embedding", "index": 0, "embedding": [', "1", "]}]}"
    ),
    'a vector of 250,000 x "x"': filled(
        _VECTORS + '{"object": "embedding", "index": 0, "embedding": [', '"x"', "]}]}"
    ),
    "a vector of floats": filled(
        _VECTORS + '{"object": "embedding", "index": 0, "embedding": [', "1e-1", "]}]}"
    ),
    "a vector in base64": filled(
        _VECTORS + '{"object": "embedding", "index": 0, "embedding": "',
        "AAAAAAAAAAAAAAAA",
        '"}]}',
        between="",
    ),
    "vectors in base64 that are no numbers": numbered(
        _VECTORS, '{"object":"embedding","index":%d,"embedding":"AADAfw=="}', "]}"
    ),
    "vectors of one number": numbered(_VECTORS, '{"object":"embedding","index":%d,"embedding":[1]}', "]}"),
    "output: 330,000 x {}": filled('{"object": "response", "output": [', "{}", "]}"),
    "output of unknown types": filled(_RESPONSE, '{"type":"x"}', "]}"),
    "output: annotations of unknown types": filled(
        _RESPONSE + '{"type": "message", "content": [{"type": "output_text", "annotations": [',
        '{"type":"x"}',
        "]}]}]}",
    ),
    "output: calls": numbered(
        _RESPONSE, '{"type":"function_call","call_id":"%d","name":"f","arguments":"{}"}', "]}"
    ),
    "messages: 330,000 x {}": filled('{"model": "m", "messages": [{"role": "user"},', "{}", "]}"),
    "messages, and 500,000 x 1": filled('{"model": "m", "messages": [{"role": "user"},', "1", "]}"),
    "messages that are right": filled('{"model": "m", "messages": [', '{"role":"user","content":"a"}', "]}"),
    "input: calls and results": numbered(
        _INPUT,
        _twice(
            '{"type":"function_call","call_id":"%d","name":"f","arguments":"{}"},'
            '{"type":"function_call_output","call_id":"%d","output":""}'
        ),
        "]}",
    ),
    "input: messages": filled(
        _INPUT, '{"role":"user","content":[{"type":"input_text","text":"a"}]}', '], "instructions": ""}'
    ),
    "a schema of properties": numbered(
        '{"model": "m", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": '
        '{"name": "f", "parameters": {"type": "object", "properties": {',
        '"p%d":{"type":"string"}',
        "}}}}]}",
    ),
    "members that nobody knows": numbered(ANSWER[:1], '"m%d": 1', f", {(ANSWER % '')[1:]}"),
    "members that stand twice": filled(ANSWER[:1], '"m": 1, "m": 1', f", {(ANSWER % '')[1:]}"),
    "members with members": numbered(ANSWER[:1], '"m%d":{"a":1}', f", {(ANSWER % '')[1:]}"),
    "objects with members twice": filled(_MODELS, '{"m":1,"m":1}', "]}"),
    "names of 60 characters": numbered(ANSWER[:1], f'"{"n" * 60}%d":1', f", {(ANSWER % '')[1:]}"),
    "errors": filled(
        '{"error": {"message": "no", "type": "x", "param": null, "code": null, "details": [',
        '{"error":{"message":"no"}}',
        "]}}",
    ),
    "an error's details": filled('{"detail": [', '{"msg":"no"}', "]}"),
    "nested lists": filled(_MODELS, "[[[[[[[[]]]]]]]]", "]}"),
    "lists 90 deep": filled("[", _DEEP, "]"),
    "lists, one to 8 characters": filled(_MODELS, "[[1000000000]]", "]}"),
    "objects, one to 9 characters": filled(_MODELS, '{"aa":1}', "]}"),
    "100,000 brackets": "[" * SIZE,
    "brackets in a text": filled(_TEXT.partition("%s")[0], "[{", _TEXT.partition("%s")[2], between=""),
    "quotes in a text": filled(_TEXT.partition("%s")[0], r"\"[", _TEXT.partition("%s")[2], between=""),
    "escapes": filled(_TEXT.partition("%s")[0], r"\u00e9", _TEXT.partition("%s")[2], between=""),
    "half pairs": filled(_TEXT.partition("%s")[0], r"\ud83d", _TEXT.partition("%s")[2], between=""),
    "a wide character": _TEXT % ("x" * SIZE + "\U0001f600"),
    "calls in a text": filled(
        _TEXT.partition("%s")[0], "<tool_call>  ", _TEXT.partition("%s")[2], between=""
    ),
    "texts of two characters": filled(_MODELS, '"ab"', "]}"),
    "numbers of 4,300 digits": filled(_MODELS, "9" * 4300, "]}"),
    "LoRAX: an answer of tokens": filled(
        '{"generated_text": "a", "details": {"finish_reason": "length", "generated_tokens": 1, "prefill": [], '
        '"tokens": [',
        _TOKEN,
        "]}}",
    ),
    "LoRAX: best of": filled(
        '{"generated_text": "a", "details": {"finish_reason": "length", "generated_tokens": 1, "prefill": [], '
        '"tokens": [], "best_of_sequences": [',
        f'{{"tokens":[{_TOKEN}],"generated_text":"a"}}',
        "]}}",
    ),
    "LoRAX: entities": filled("[", '{"entity":"a","score":0.5,"index":1,"word":"a","start":2,"end":1}', "]"),
}
