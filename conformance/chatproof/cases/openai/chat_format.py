"""Cases about response_format. What it asks for is enforced, not hoped for: no case describes it in words."""

import json
from collections.abc import Callable, Iterator

import jsonschema

from chatproof.cases.answer import ChatAnswer, shown
from chatproof.cases.endpoint import Endpoint, user
from chatproof.cases.refusal import end_unless_broken, is_accepted, refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_LIMIT = 96
"""Tokens for the object, and for white space that a model puts in."""

_QUESTION = "Answer in JSON: how is the sea today?"
"""It has the word JSON, without which OpenAI refuses `json_object`, and does not say what the schema is."""

_SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {
        "shade": {"type": "string", "enum": ["verdigris", "gamboge"]},
        "calm": {"type": "boolean"},
    },
    "required": ["shade", "calm"],
    "additionalProperties": False,
}
"""Finite, so that no model rambles in it; and in words that none hits upon by itself."""


def _schema_format(schema: Json) -> dict[str, Json]:
    return {"type": "json_schema", "json_schema": {"name": "sea", "strict": True, "schema": schema}}


def _asked(endpoint: Endpoint, form: Json, **members: Json) -> Exchange:
    body = endpoint.body([user(_QUESTION)], limit=_LIMIT, response_format=form, **members)
    return endpoint.shared(body)


_OBJECT: Json = {"type": "json_object"}
_STRICT: Json = _schema_format(_SCHEMA)


@case(
    "chat.format.json-object",
    Level.MAY,
    breaks="Programs that asked for JSON fail on the reply: it is none.",
    reference="openai-openapi ResponseFormatJsonObject: JSON mode, which ensures that the message is valid JSON;"
    " 10 of 10 recorded answers, 4 of them OpenAI's",
)
def json_object(endpoint: Endpoint) -> Iterator[Finding]:
    """The content parses as a JSON object (unless it was cut by its limit)."""
    exchange = _asked(endpoint, _OBJECT)
    if exchange.status != 200:
        yield from end_unless_broken(exchange, "response_format json_object is refused")
        return
    answer = ChatAnswer(exchange)
    if problem := _problem(_content(answer), _no_schema):
        breaks = "Programs that asked for JSON fail on the reply: response_format was taken, and not kept."
        yield answer.unlike(problem, answer.message.get("content"), _PATH, breaks=breaks)


@case(
    "chat.format.json-schema",
    Level.MAY,
    breaks="Programs that asked for members of their own read a reply without them: SDKs' parse() raises.",
    reference="openai-openapi ResponseFormatJsonSchema, strict: the model follows the exact schema; 190 of 190 recorded"
    " OpenAI answers that are no refusal are JSON objects",
)
def json_schema(endpoint: Endpoint) -> Iterator[Finding]:
    """Under `strict: true` the content is valid against the schema, in JSON and in a stream."""
    exchange = _asked(endpoint, _STRICT)
    if exchange.status != 200:
        yield from end_unless_broken(exchange, "response_format json_schema is refused")
        return
    whole = ChatAnswer(exchange)
    unsure: InconclusiveError | None = None
    try:
        if problem := _problem(_content(whole), _unlike_schema):
            yield whole.unlike(problem, whole.message.get("content"), _PATH)
            return
    except InconclusiveError as told:
        unsure = told
    streamed = ChatStreamAnswer(_asked(endpoint, _STRICT, stream=True))
    found = list(_streamed(streamed, exchange))
    if found and streamed.exchange.status == 200 and _text_differs(endpoint):
        raise InconclusiveError(
            "plain streams do not say what JSON mode says either (see chat.sse.equals-json)",
            streamed.exchange,
        )
    yield from found
    if unsure:
        raise unsure


def _streamed(streamed: ChatStreamAnswer, whole: Exchange) -> Iterator[Finding]:
    """What is wrong with the same in a stream."""
    if streamed.exchange.status != 200:
        level = Level.MUST if streamed.exchange.status >= 500 else Level.SHOULD
        breaks = "Programs that stream get no structured reply."
        yield Finding.instead(
            "a stream, as there is an answer in JSON mode", streamed.exchange, level=level, breaks=breaks
        )
    elif (
        streamed.answer.choices
        and not streamed.cut
        and (problem := _problem(_content(streamed.answer), _unlike_schema))
    ):
        yield streamed.finding(
            problem,
            shown(streamed.answer.message.get("content")),
            "$[*].choices[0].delta.content",
            breaks="Programs that stream, and asked for members of their own, read a reply without them.",
            compared=whole,
        )


def _text_differs(endpoint: Endpoint) -> bool:
    """Does a plain stream say something else than JSON mode, where both should say the same?"""
    streamed = ChatStreamAnswer(endpoint.plain_stream())
    return bool(endpoint.profile.sampling) and streamed.answer.text != ChatAnswer(endpoint.plain()).text


_PATH = "$.choices[0].message.content"


def _content(answer: ChatAnswer) -> Json:
    """The content, where it was for the model to say: whole, and no refusal.

    Raises:
        InconclusiveError: it was not.
    """
    content = answer.message.get("content")
    if answer.finish_reason == "length":
        raise InconclusiveError("the reply was cut by its limit", answer.exchange)
    if answer.message.get("refusal") or answer.finish_reason == "content_filter":
        raise InconclusiveError("the model refused to answer", answer.exchange)
    if content in (None, ""):
        raise InconclusiveError("the reply has no text", answer.exchange)
    return content


def _problem(content: Json, unlike: Callable[[Json], str]) -> str:
    """What should stand in the place of a content, or nothing."""
    if not isinstance(content, str):
        return "a JSON object in a string"
    try:
        value: Json = json.loads(content)
    except (ValueError, RecursionError):
        return "a JSON object"
    return unlike(value) if isinstance(value, dict) else "a JSON object"


def _no_schema(_: Json) -> str:
    return ""


def _unlike_schema(value: Json) -> str:
    try:
        jsonschema.validate(value, _SCHEMA)
    except jsonschema.ValidationError as error:
        return f"an object that fits the schema: {error.message[:200]}"
    except RecursionError:
        return "an object that fits the schema, and is not nested so deeply"
    return ""


_BAD: tuple[Json, ...] = ({"type": "no-such-format"}, _schema_format({"type": "no-such-type"}))


@case(
    "chat.format.bad-schema",
    Level.SHOULD,
    breaks="A mistake in the schema is never noticed, and the reply is not what was asked for; or SDKs retry it.",
    reference="OpenAI: 400 invalid_request_error, param response_format",
)
def bad_schema(endpoint: Endpoint) -> Iterator[Finding]:
    """An unknown response_format, and a schema of an unknown type, get 4xx with an error object, never 5xx."""
    known = [is_accepted(_asked(endpoint, form)) for form in (_OBJECT, _STRICT)]
    if not any(known):
        raise UnsupportedError("every response_format is refused", _asked(endpoint, _STRICT))
    silent = "A mistake in the schema is never noticed, and the reply is not what was asked for."
    for form in _BAD if known[1] else _BAD[:1]:
        found = list(refusal(_asked(endpoint, form), "response_format", silent=silent))
        yield from found
        if found:
            return
