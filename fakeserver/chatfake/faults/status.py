"""Error statuses with the bodies that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.http import Headers
from chatfake.faults.fault import REGISTRY, Fault

__all__ = ["status_fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    """What OpenAI, or a proxy before it, says with a status."""

    message: str
    type: str = "server_error"
    code: str | None = None
    param: str | None = None


_STATUSES: Mapping[int, _Status] = {
    400: _Status(message="The request could not be understood.", type="invalid_request_error"),
    401: _Status(
        message="Incorrect API key provided. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        type="invalid_request_error",
        code="invalid_api_key",
    ),
    402: _Status(message="Insufficient credits.", type="insufficient_quota", code="insufficient_quota"),
    403: _Status(
        message="Country, region, or territory not supported",
        type="request_forbidden",
        code="unsupported_country_region_territory",
    ),
    404: _Status(
        message="The model `fake` does not exist or you do not have access to it.",
        type="invalid_request_error",
        code="model_not_found",
    ),
    405: _Status(message="Not allowed.", type="invalid_request_error", code="method_not_supported"),
    408: _Status(message="Request timed out.", type="timeout"),
    409: _Status(message="The request conflicts with another one.", type="conflict"),
    413: _Status(message="Request body too large.", type="invalid_request_error", code="request_too_large"),
    415: _Status(message="Unsupported content type.", type="invalid_request_error"),
    422: _Status(message="The request could not be processed.", type="invalid_request_error"),
    424: _Status(message="Request failed during generation.", type="generation"),
    451: _Status(message="Unavailable for legal reasons.", type="request_forbidden"),
    500: _Status(message="The server had an error while processing your request. Sorry about that!"),
    501: _Status(message="Not implemented."),
    502: _Status(message="Bad gateway."),
    503: _Status(message="The engine is currently overloaded, please try again later", type="server_error"),
    504: _Status(message="The upstream server did not answer in time.", type="timeout"),
    520: _Status(message="The origin server returned an unknown error."),
    522: _Status(message="The connection to the origin server timed out."),
    524: _Status(message="The origin server took too long to answer."),
    529: _Status(message="Overloaded", type="overloaded_error"),
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
    known = _STATUSES.get(number) or _Status(
        message=f"The request failed with status {number}.",
        type="server_error" if number >= 500 else "invalid_request_error",
    )
    return Fault(
        name=f"http-{number}",
        description=f"status {number} with the error that goes with it",
        outcome=f"which failed with status {number}",
        refusal=ApiError(
            message=known.message, type=known.type, code=known.code, param=known.param, status=number
        ),
    )


_RATE_LIMITS = (
    _rate_limit("http-429", "status 429 with Retry-After and rate-limit headers", RATE_LIMIT_HEADERS),
    _rate_limit("http-429-date", "status 429 with Retry-After as a date", RATE_LIMIT_DATES),
)
REGISTRY.update({fault.name: fault for fault in _RATE_LIMITS})
REGISTRY.update({f"http-{number}": status_fault(number) for number in _STATUSES})
