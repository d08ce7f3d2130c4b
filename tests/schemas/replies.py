"""Strategies: any reply, and any way to cut it into chunks."""

import json

from hypothesis import strategies as st

from chatschema import JsonObject, JsonValue
from tests.schemas.samples import HEAD

#: U+FFFD in a delta is what is left of a character, and a should.
WHOLE = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd")
TEXT = st.text(WHOLE, max_size=12)
SOME = st.text(WHOLE, min_size=1, max_size=8)
ARGUMENTS = st.just("") | st.dictionaries(TEXT, TEXT, max_size=2).map(json.dumps)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
COUNT = st.integers(min_value=0, max_value=10**6)


@st.composite
def tool_calls(draw: st.DrawFn) -> list[JsonValue]:
    calls: list[JsonValue] = []
    for number in range(draw(st.integers(min_value=1, max_value=3))):
        form, text, said = draw(
            st.sampled_from([("function", "arguments", ARGUMENTS), ("custom", "input", TEXT)])
        )
        inner: JsonObject = {"name": draw(SOME), text: draw(said)}
        calls.append({"id": f"call_{number}", "type": form, form: inner})
    return calls


@st.composite
def tokens(draw: st.DrawFn) -> JsonValue:
    encoded: list[JsonValue] = [*draw(st.binary(max_size=3))]
    token: JsonObject = {
        "token": draw(TEXT),
        "logprob": draw(st.floats(max_value=0, allow_nan=False, allow_infinity=False)),
        "bytes": encoded or None,
    }
    return {**token, "top_logprobs": [dict(token)]}


@st.composite
def messages(draw: st.DrawFn) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": draw(TEXT), "refusal": None}
    if draw(st.booleans()):
        message["tool_calls"] = draw(tool_calls())
        message["content"] = message["content"] or None
    elif draw(st.booleans()):
        message.update(content=None, refusal=draw(SOME))
    if draw(st.booleans()):
        message["reasoning_content"] = draw(SOME)
    return message


@st.composite
def replies(draw: st.DrawFn) -> JsonObject:
    """A right `chat.completion` without unknown members but the reasoning."""
    choices: list[JsonValue] = []
    for index in range(draw(st.integers(min_value=1, max_value=3))):
        scores = draw(st.none() | st.lists(tokens(), min_size=1, max_size=4))
        message = draw(messages())
        last = "tool_calls" if "tool_calls" in message else "content_filter"
        reason = draw(st.sampled_from(["stop", "length", last]))
        choices.append(
            {
                "index": index,
                "message": message,
                "logprobs": None if scores is None else {"content": scores},
                "finish_reason": reason,
            }
        )
    reply: JsonObject = {**HEAD, "object": "chat.completion", "choices": choices}
    if draw(st.booleans()):
        prompt, completion = 1 + draw(COUNT), draw(COUNT)
        counts: JsonObject = {"prompt_tokens": prompt, "completion_tokens": completion}
        reply["usage"] = {**counts, "total_tokens": prompt + completion}
    return reply


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    edges = sorted(draw(st.lists(st.integers(min_value=0, max_value=len(text)), max_size=3)))
    return [text[a:b] for a, b in zip([0, *edges], [*edges, len(text)], strict=True)]


@st.composite
def deltas(draw: st.DrawFn, choice: JsonObject) -> list[JsonObject]:
    """The members that each chunk of one choice has beside its index."""
    message = choice["message"]
    assert isinstance(message, dict)
    out: list[JsonObject] = [{"delta": {"role": "assistant", "content": draw(st.sampled_from(["", None]))}}]
    for name in ("reasoning_content", "refusal", "content"):
        text = message.get(name)
        if isinstance(text, str):
            for piece in draw(cut(text)):
                out.append({"delta": {name: piece}})  # noqa: PERF401 - a comprehension hides the type of the parts
    calls = message.get("tool_calls")
    for index, call in enumerate(calls if isinstance(calls, list) else ()):
        assert isinstance(call, dict)
        form = "function" if "function" in call else "custom"
        inner, text_name = call[form], {"function": "arguments", "custom": "input"}[form]
        assert isinstance(inner, dict)
        head: JsonObject = {"index": index, "id": call["id"], "type": form}
        out.append({"delta": {"tool_calls": [{**head, form: {"name": inner["name"], text_name: ""}}]}})
        for piece in draw(cut(str(inner[text_name]))):
            fragment: JsonObject = {"index": index, form: {text_name: piece}}
            out.append({"delta": {"tool_calls": [fragment]}})
    return out


@st.composite
def chunked(draw: st.DrawFn, reply: JsonObject) -> list[JsonObject]:
    """Chunks that say `reply`, its choices interleaved in any order."""
    choices = reply["choices"]
    assert isinstance(choices, list)
    queues: list[list[JsonObject]] = []
    for choice in choices:
        assert isinstance(choice, dict)
        logprobs = choice["logprobs"]
        parts: list[JsonObject] = draw(deltas(choice))
        if isinstance(logprobs, dict):
            scores = logprobs["content"]
            assert isinstance(scores, list)
            for score in scores:
                parts.append({"delta": {"content": ""}, "logprobs": {"content": [score]}})  # noqa: PERF401 - as above
        parts.append({"delta": {}, "finish_reason": choice["finish_reason"]})
        plain: JsonObject = {"index": choice["index"], "logprobs": None, "finish_reason": None}
        queues.append([{**plain, **part} for part in parts])
    head: JsonObject = {**HEAD, "object": "chat.completion.chunk"}
    out: list[JsonObject] = []
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue]))
        out.append({**head, "choices": [queue.pop(0)]})
    if "usage" in reply:
        out.append({**head, "choices": [], "usage": reply["usage"]})
    return out
