"""Error statuses with the bodies that go with them."""

from collections.abc import Mapping
from dataclasses import replace

from chatfake.core.api_error import INVALID_REQUEST, ApiError, model_not_found, wrong_method
from chatfake.core.http import Headers
from chatfake.faults.fault import REGISTRY, SERVER_ERROR, Fault


def _failed(status: int, message: str, kind: str = "server_error", code: str | None = None) -> ApiError:
    return ApiError(message=message, type=kind, code=code, status=status)


#: What OpenAI, or a proxy before it, says with a status.
_STATUSES: Mapping[int, ApiError] = {
    error.status: error
    for error in (
        _failed(400, "The request could not be understood.", INVALID_REQUEST),
        _failed(
            401,
            "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.",
            INVALID_REQUEST,
            "invalid_api_key",
        ),
        _failed(402, "Insufficient credits.", "insufficient_quota", "insufficient_quota"),
        _failed(
            403,
            "Country, region, or territory not supported",
            "request_forbidden",
            "unsupported_country_region_territory",
        ),
        model_not_found("fake"),
        replace(wrong_method("POST", "/v1/chat/completions"), message="Not allowed."),
        _failed(408, "Request timed out.", "timeout"),
        _failed(409, "The request conflicts with another one.", "conflict"),
        _failed(413, "Request body too large.", INVALID_REQUEST, "request_too_large"),
        _failed(415, "Unsupported content type.", INVALID_REQUEST),
        _failed(422, "The request could not be processed.", INVALID_REQUEST),
        _failed(424, "Request failed during generation.", "generation"),
        _failed(451, "Unavailable for legal reasons.", "request_forbidden"),
        _failed(500, SERVER_ERROR.message),
        _failed(501, "Not implemented."),
        _failed(502, "Bad gateway."),
        _failed(503, "The engine is currently overloaded, please try again later"),
        _failed(504, "The upstream server did not answer in time.", "timeout"),
        _failed(520, "The origin server returned an unknown error."),
        _failed(522, "The connection to the origin server timed out."),
        _failed(524, "The origin server took too long to answer."),
        _failed(529, "Overloaded", "overloaded_error"),
    )
}

RATE_LIMIT = ApiError(
    message="Rate limit reached in organization org-chatfake on requests per min (RPM): Limit 3, Used 3, "
    "Requested 1. Please try again in 1s. Visit https://platform.openai.com/account/rate-limits to learn more.",
    type="requests",
    code="rate_limit_exceeded",
    status=429,
)
_LIMITS: Headers = (
    ("x-ratelimit-limit-requests", "3"),
    ("x-ratelimit-limit-tokens", "60000"),
    ("x-ratelimit-remaining-requests", "0"),
    ("x-ratelimit-remaining-tokens", "59000"),
    ("x-ratelimit-reset-requests", "1s"),
    ("x-ratelimit-reset-tokens", "1s"),
)
RATE_LIMIT_HEADERS: Headers = (("retry-after", "1"), ("retry-after-ms", "1000"), *_LIMITS)
#: The same as two dates, two seconds apart: the answer brings its own clock, so that it is always the same.
RATE_LIMIT_DATES: Headers = (
    ("date", "Sat, 01 Jan 2050 00:00:00 GMT"),
    ("retry-after", "Sat, 01 Jan 2050 00:00:02 GMT"),
    *_LIMITS,
)


def _rate_limit(name: str, description: str, headers: Headers) -> Fault:
    outcome = "which failed with status 429"
    return Fault(name=name, description=description, outcome=outcome, refusal=RATE_LIMIT, headers=headers)


def status_fault(number: int) -> Fault:
    """The fault of any status from 400 to 599."""
    other = f"The request failed with status {number}."
    kind = "server_error" if number >= 500 else INVALID_REQUEST
    return Fault(
        name=f"http-{number}",
        description=f"status {number} with the error that goes with it",
        outcome=f"which failed with status {number}",
        refusal=_STATUSES.get(number) or ApiError(message=other, type=kind, status=number),
    )


_RATE_LIMITS = (
    _rate_limit("http-429", "status 429 with Retry-After and rate-limit headers", RATE_LIMIT_HEADERS),
    _rate_limit("http-429-date", "status 429 with Retry-After as a date", RATE_LIMIT_DATES),
)
REGISTRY.update({fault.name: fault for fault in _RATE_LIMITS})
REGISTRY.update({f"http-{number}": status_fault(number) for number in _STATUSES})
