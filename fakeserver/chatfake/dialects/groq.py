"""Groq: counts with their times, `x_groq`, calls that come whole, and errors without the members that say nothing."""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from chatfake.core.api_error import INVALID_REQUEST, Refusal, shown
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import Kind
from chatfake.dialects.format.completion import Spoken
from chatfake.dialects.format.dialect import Deviation, Dialect, Heads, register
from chatfake.dialects.format.format import Body, Manner, Stream
from chatfake.dialects.format.id_alphabets import CROCKFORD, LOWER, lettered, letters
from chatfake.dialects.format.json_forms import line
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    Moment,
    always,
    at,
    made,
    null,
    shape,
    where,
)
from chatfake.dialects.format.rendered_error import Told, is_unknown_url, is_wrong_method, requested_url
from chatfake.dialects.format.reply_adapters import one_without_refusals
from chatfake.dialects.format.request_rules import Requests, changed, not_served
from chatfake.dialects.format.tool_calls import one_by_one
from chatfake.generation.identity import Ids, as_uuid
from chatfake.request.validation import members
from chatfake.request.validation.rules import refusal_of

_TABLE = replace(
    members.CHAT,
    values={
        "service_tier": ("auto", "on_demand", "flex", "performance"),
        "reasoning_effort": ("none", "default", "low", "medium", "high"),
    },
)
#: The members of the API reference that OpenAI does not have.
_OWN = (
    "citation_options", "compound_custom", "disable_tool_validation", "documents", "exclude_domains",
    "include_domains", "include_reasoning", "reasoning_format", "search_settings",
)  # fmt: skip
_KNOWN = (*_TABLE.numbers, *_TABLE.types, *_TABLE.others, *_OWN)


# -- answers --------------------------------------------------------------------------------------------


def _usage(spoken: Spoken) -> JsonObject:
    """A token of the prompt takes 0.1 ms, one of the answer 2 ms, which are times that Groq has."""
    prompt, said = spoken.prompt_tokens, spoken.said_tokens
    thought: JsonObject = {"completion_tokens_details": {"reasoning_tokens": spoken.reasoning_tokens}}
    prompt_time, completion_time = prompt / 10_000, said / 500
    return {
        "queue_time": round(0.05 + int(spoken.identity.digest[:4], 16) / 1_000_000, 9),
        "prompt_tokens": prompt,
        "prompt_time": prompt_time,
        "completion_tokens": said,
        "completion_time": completion_time,
        "total_tokens": prompt + said,
        "total_time": round(prompt_time + completion_time, 9),
        **(thought if spoken.thinks else {}),
    }


def _request(spoken: Spoken) -> JsonObject:
    return {"id": "req_01" + letters(spoken.identity.digest, CROCKFORD, 24)}


def _seeded(spoken: Spoken) -> JsonObject:
    return {**_request(spoken), "seed": int(spoken.identity.digest[8:16], 16) >> 1}


def _told_of_request(moment: Moment) -> JsonValue | Absent:
    """The seed with the first chunk, the usage with the one that ends the choice."""
    if moment.kind is Kind.ROLE:
        return _seeded(moment.spoken)
    if moment.kind is Kind.FINISH:
        return {**_request(moment.spoken), "usage": _usage(moment.spoken)}
    return ABSENT


def _usage_at_the_end(moment: Moment) -> JsonValue | Absent:
    return _usage(moment.spoken) if moment.kind in (Kind.FINISH, Kind.USAGE) else ABSENT


def _tier(moment: Moment) -> JsonValue | Absent:
    return "on_demand" if moment.kind is Kind.USAGE else ABSENT


def _content(moment: Moment) -> JsonValue | Absent:
    """Beside calls there is none, where the model said nothing."""
    content = moment.ground.get("content")
    return ABSENT if content is None and "tool_calls" in moment.ground else content


_BODY = Body(
    whole=shape(
        "id", "object", "created", "model", "choices",
        made("usage", lambda moment: _usage(moment.spoken)),
        null("usage_breakdown"), "system_fingerprint",
        made("x_groq", lambda moment: _seeded(moment.spoken)),
        always("service_tier", "on_demand"),
    ),
    message=shape("role", made("content", _content), "reasoning", "tool_calls"),
    reasoning="reasoning",
)  # fmt: skip
_STREAM = Stream(
    chunk=shape(
        "id", "object", "created", "model", "system_fingerprint", "choices",
        made("x_groq", _told_of_request),
        made("usage", _usage_at_the_end),
        made("service_tier", _tier),
    ),
    delta=shape("role", "content", "reasoning", where(at(Kind.REASONING), always("channel", "analysis")), "tool_calls"),
    reasoning="reasoning",
    calls=one_by_one("id", "type", "function", "index"),
)  # fmt: skip


# -- requests -------------------------------------------------------------------------------------------


def _members(body: JsonObject) -> Iterator[Refusal]:
    """Members that Groq does not know, and those it knows and refuses (console.groq.com/docs/openai)."""
    for name in body:
        if name not in _KNOWN:
            near = difflib.get_close_matches(name, _KNOWN, n=1)
            hint = f", did you mean '{near[0]}'?" if near else ""
            yield Refusal(message=f"property '{shown(name)}' is unsupported{hint}")
    for name in ("logit_bias", "logprobs", "top_logprobs"):
        if body.get(name) not in (None, False):
            yield Refusal(message=f"property '{name}' is unsupported")
    n = body.get("n", 1)
    if isinstance(n, int) and n != 1:
        yield Refusal(message="'n' : number must be at most 1")


def _message(refusal: Refusal) -> str:
    if is_unknown_url(refusal) or is_wrong_method(refusal):
        return (
            f"Unknown request URL: {requested_url(refusal)}. Please check the URL for typos, or see the docs at "
            "https://console.groq.com/docs/"
        )
    if refusal.code == "context_length_exceeded":
        return "Please reduce the length of the messages or completion."
    if refusal.code == "invalid_type" and refusal.param in _KNOWN:
        expected = refusal.message.partition(" expected ")[2].partition(", but got ")[0]
        return f"'{refusal.param}' : value must be {expected.replace('a decimal', 'a number')}"
    return refusal.message


def _errors(refusal: Refusal) -> Told:
    error: JsonObject = {"message": _message(refusal), "type": refusal.type}
    if is_unknown_url(refusal) or is_wrong_method(refusal):
        return Told(status=404, payload={"error": {**error, "type": INVALID_REQUEST, "code": "unknown_url"}})
    if refusal.code == "context_length_exceeded":
        error["param"] = refusal.param
    if refusal.code in ("context_length_exceeded", "model_not_found") or refusal.status != 400:
        error["code"] = refusal.code
    return Told(
        status=refusal.status,
        payload={"error": {key: value for key, value in error.items() if value is not None}},
    )


def _model(entry: JsonObject) -> JsonObject:
    return {
        **entry,
        "active": True,
        "context_window": 131072,
        "public_apps": None,
        "max_completion_tokens": 32768,
    }


_LIMITS = (
    ("x-ratelimit-limit-requests", "14400"),
    ("x-ratelimit-limit-tokens", "30000"),
    ("x-ratelimit-remaining-requests", "14399"),
    ("x-ratelimit-remaining-tokens", "29987"),
    ("x-ratelimit-reset-requests", "6s"),
    ("x-ratelimit-reset-tokens", "26ms"),
    ("x-request-id", "req_{id}"),
)

GROQ = register(
    Dialect(
        name="groq",
        source="api.groq.com, recorded answers of 2024 to 2026; console.groq.com/docs/openai and api-reference",
        chat=Manner(body=_BODY, stream=_STREAM),
        retold=one_without_refusals,
        ids=Ids(completion=lambda mark: f"chatcmpl-{as_uuid(mark)}", call=lettered("", LOWER, 9)),
        heads=Heads(
            sse_type="text/event-stream",
            json=(("cache-control", "private, max-age=0, no-store, no-cache, must-revalidate"), *_LIMITS),
            sse=(("cache-control", "no-cache"), *_LIMITS),
        ),
        errors=_errors,
        requests=Requests(
            chat=partial(
                refusal_of,
                rules=changed({"unknown-members": _members, "types": partial(members.types, table=_TABLE)}),
            ),
            completions=not_served("POST", "/openai/v1/completions"),
            embeddings=not_served("POST", "/openai/v1/embeddings"),
        ),
        model=_model,
        json=line,
        deviations=(
            Deviation(rule="chat.json.spec-complete", sentence="Messages have no member refusal."),
            Deviation(rule="chat.json.n", sentence="Another `n` than 1 is refused."),
            Deviation(
                rule="chat.sse.usage-asked",
                sentence="The chunk with the finish_reason has the usage too, before the one that was asked for.",
            ),
            Deviation(rule="chat.tools.content-null", sentence="Beside calls there is no member content."),
            Deviation(
                rule="chat.errors.shape", sentence="Errors have no param, and no code where there is none."
            ),
        ),
    )
)
