"""The same for completions of a text, embeddings, responses, errors and lists of models."""

from collections.abc import Mapping

from chatschema import JsonObject, JsonValue, Kind
from tests.schemas import samples
from tests.schemas.completions import samples as texts
from tests.schemas.deviations.chat import Sample
from tests.schemas.responses import samples as responses
from tests.schemas.samples import GONE, broken

__all__ = ["OTHERS"]


def _text(*path_and_new: object) -> Sample:
    return Kind.TEXT, broken(texts.completion(), *path_and_new)


def _texts(*chunks: JsonValue, end: str = "data: [DONE]\n\n") -> Sample:
    return Kind.TEXT_STREAM, samples.dump(chunks, end)


def _text_stream(*path_and_new: object) -> Sample:
    first, last = texts.stream()
    return _texts(broken(first, *path_and_new), last)


def _response(*path_and_new: object) -> Sample:
    return Kind.RESPONSE, broken(responses.response(), *path_and_new)


def _events(*events: JsonObject) -> Sample:
    return Kind.RESPONSE_STREAM, responses.dump(responses.numbered(events))


def _changed(number: int, *path_and_new: object) -> Sample:
    events = responses.stream()
    events[number] = broken(events[number], *path_and_new)
    return _events(*events)


def _without(*names: str) -> tuple[Sample, ...]:
    """Without a member at the end of a path of names, in a response and in the one that ends a stream."""
    found: list[Sample] = []
    for name in names:
        found += [_response(*name.split("."), GONE), _changed(-1, "response", *name.split("."), GONE)]
    return tuple(found)


def _call_over_message() -> Sample:
    item = responses.call()
    done: JsonObject = {"item_id": "fc_1", "arguments": item["arguments"], "name": "weather"}
    place: JsonObject = {"output_index": 1, "item_id": "msg_1", "content_index": 0}
    part: JsonObject = {"type": "output_text", "text": "", "annotations": []}
    message: JsonObject = {**responses.message(), "content": [part]}
    return _events(
        {"type": "response.created", "response": responses.begun()},
        {"type": "response.output_item.added", "output_index": 1, "item": item},
        {"type": "response.function_call_arguments.done", "output_index": 1, **done},
        {"type": "response.output_item.done", "output_index": 1, "item": item},
        {"type": "response.output_item.added", "output_index": 1, "item": {**message, "content": []}},
        {"type": "response.content_part.added", **place, "part": part},
        {"type": "response.output_text.done", **place, "text": ""},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 1, "item": message},
        {"type": "response.completed", "response": responses.response(message, item)},
    )


def _arguments(*, pieces: bool, whole: bool) -> Sample:
    item = responses.call()
    place: JsonObject = {"output_index": 0, "item_id": "fc_1"}
    delta: JsonObject = {
        "type": "response.function_call_arguments.delta",
        **place,
        "delta": item["arguments"],
    }
    done: JsonObject = {
        "type": "response.function_call_arguments.done",
        **place,
        "arguments": item["arguments"],
    }
    opened: JsonObject = {**item, "arguments": "", "status": "in_progress"}
    return _events(
        {"type": "response.created", "response": responses.begun()},
        {"type": "response.output_item.added", "output_index": 0, "item": opened},
        *([delta] if pieces else []),
        *([done] if whole else []),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": responses.response(item)},
    )


def _error(*path_and_new: object) -> Sample:
    return Kind.ERROR, broken(samples.error(), *path_and_new)


_DETAIL: tuple[Sample, ...] = ((Kind.ERROR, {"detail": "Not Found"}),)
_CHAT_SCORES: JsonObject = {"content": []}
_UNNUMBERED = (Kind.RESPONSE_STREAM, responses.dump(responses.stream()))

OTHERS: Mapping[str, tuple[Sample, ...]] = {
    "tgi.completion-empty-id": (_text("id", ""), _text_stream("id", "")),
    "tgi.completion-empty-finish": (_text_stream("choices", 0, "finish_reason", ""),),
    "completion.created-moves": (_text_stream("created", 1),),
    "completion.no-done": (_texts(*texts.stream(), end=""),),
    "together.completion-object": (_text("object", "text.completion"),),
    "writer.completion": (
        (Kind.TEXT, {"choices": [{"text": "Hello!", "log_probs": None}], "model": "palmyra"}),
        _texts({"value": "Hel"}, {"value": "lo!"}, end=""),
    ),
    "completion.chat-in-disguise": (_texts({**texts.HEAD, "choices": [{"delta": {"content": "Hello!"}}]}),),
    "llama.cpp.logprobs-of-chat": (_text("choices", 0, "logprobs", _CHAT_SCORES),),
    "completion.no-logprobs": (_text("choices", 0, "logprobs", GONE),),
    "completion.no-finish-member": (_text_stream("choices", 0, "finish_reason", GONE),),
    "lorax.completion-error": (
        _texts(samples.error(), end=""),
        _texts(texts.stream()[0], samples.error(), end=""),
    ),
    "lorax.embeddings": (
        (Kind.EMBEDDINGS, {"embeddings": [{"index": 0, "embedding": [0.5], "object": "embedding"}]}),
    ),
    "llama.cpp.event-members": (
        _changed(2, "output_index", GONE),
        _changed(4, "content_index", GONE),
        _changed(3, "part", "annotations", GONE),
    ),
    "llama.cpp.bare-created": (
        _changed(0, "response", {"id": "resp_1", "object": "response", "status": "in_progress"}),
    ),
    "llama.cpp.arguments-not-whole": (_arguments(pieces=True, whole=False),),
    "llama.cpp.no-sequence": (_UNNUMBERED,),
    "transformers.call-over-message": (_call_over_message(),),
    "responses.arguments-at-once": (_arguments(pieces=False, whole=True),),
    "responses.unnamed-events": (
        (Kind.RESPONSE_STREAM, samples.dump(responses.numbered(responses.stream()), "")),
    ),
    "responses.no-written-to-cache": _without("usage.input_tokens_details.cache_write_tokens"),
    "responses.no-name-of-function": (_arguments(pieces=True, whole=True),),
    "responses.members-missing": _without(
        "error", "incomplete_details", "instructions", "metadata", "temperature", "top_p"
    ),
    "llama.cpp.tools-missing": _without(
        "parallel_tool_calls", "tool_choice", "tools", "usage.output_tokens_details"
    ),
    "responses.no-logprobs": (_changed(4, "logprobs", GONE),),
    "xai.same-item-id": (
        (Kind.RESPONSE, responses.response(responses.message(), responses.message("Bye!"))),
    ),
    "xai.search-types": (
        _response("output", 0, {"id": "xs_1", "type": "x_search_call", "status": "completed"}),
        _response("tools", [{"type": "x_search"}]),
    ),
    "openai.keepalive": (_events(*responses.stream()[:2], {"type": "keepalive"}, *responses.stream()[2:]),),
    "openai.no-sequence": (_UNNUMBERED,),
    "errors.detail": _DETAIL,
    "portkey.status-and-message": ((Kind.ERROR, {"status": "failure", "message": "no"}),),
    "errors.flat": (
        (Kind.ERROR, {"object": "error", "message": "no", "type": "x", "param": None, "code": 400}),
    ),
    "errors.string": ((Kind.ERROR, {"error": "Unauthorized"}),),
    "errors.text": ((Kind.ERROR, "Internal Server Error"),),
    "llama-cpp-python.empty-message": (_error("error", "message", ""),),
    "errors.number-for-code": (_error("error", "code", 400),),
    "errors.members-missing": (_error("error", "type", GONE), _error("error", "param", GONE)),
    "list.no-created": ((Kind.MODELS, broken(samples.models(), "data", 0, "created", GONE)),),
}
