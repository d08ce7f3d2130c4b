"""What went wrong, as values: an error in OpenAI's words, and the facts that other servers put into their own."""

from dataclasses import dataclass, replace

from chatfake.core.json_text import JsonObject, JsonValue, json_type

INVALID_REQUEST = "invalid_request_error"
#: Characters of a stranger's text that an error repeats.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiError:
    """An error answer: the four members of OpenAI's error object and the HTTP status."""

    message: str
    param: str | None = None
    code: str | None = None
    type: str = INVALID_REQUEST
    status: int = 400

    @property
    def payload(self) -> JsonObject:
        """The JSON body."""
        members: JsonObject = {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }
        return {"error": members}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoModelError(ApiError):
    """No model is named; an empty body names none."""

    message: str = "you must provide a model parameter"


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedJsonError(ApiError):
    """The body is no JSON."""

    message: str = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your "
        "HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you "
        "have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownUrlError(ApiError):
    """There is no such route."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongMethodError(UnknownUrlError):
    """The path is there and takes other methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownModelError(ApiError):
    """A model that is not served."""

    model: str
    near: tuple[str, ...] = ()  #: served names that are much like it
    served: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """A second sentence that offers the near names."""
        return f" Did you mean {' or '.join(f'`{name}`' for name in self.near)}?" if self.near else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextExceededError(ApiError):
    """More tokens than the context has; `output` are those that were asked for beside the prompt's."""

    limit: int
    prompt: int
    output: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTypeError(ApiError):
    """A member of another JSON type; both types with their articles."""

    expected: str
    got: str


def missing(path: str) -> ApiError:
    """A required member is not there."""
    return ApiError(
        message=f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter"
    )


def wrong_type(path: str, expected: str, value: JsonValue) -> ApiError:
    """A member of another JSON type; `expected` with its article."""
    got = json_type(value)
    return WrongTypeError(
        message=f"Invalid type for '{path}': expected {expected}, but got {got} instead.",
        param=path,
        code="invalid_type",
        expected=expected,
        got=got,
    )


def not_given(path: str, expected: str, value: JsonValue) -> ApiError:
    """A required member that is not there, or null, or of another type."""
    return missing(path) if value is None else wrong_type(path, expected, value)


def unsupported(path: str, value: str, supported: tuple[str, ...]) -> ApiError:
    """A string outside its enumeration."""
    quoted = [f"'{one}'" for one in supported]
    joined = (
        quoted[0]
        if len(quoted) == 1
        else f"{', '.join(quoted[:-1])}{',' * (len(quoted) > 2)} and {quoted[-1]}"
    )
    return ApiError(
        message=f"Invalid value: '{shown(value)}'. Supported values are: {joined}.",
        param=path,
        code="invalid_value",
    )


def out_of_range(path: str, value: float, kind: str, side: str, bound: float) -> ApiError:
    """A number past its bound; `kind` is integer or decimal, `side` is above or below."""
    extreme, sign = ("maximum", "<=") if side == "above" else ("minimum", ">=")
    return ApiError(
        message=f"Invalid '{path}': {kind} {side} {extreme} value. "
        f"Expected a value {sign} {bound}, but got {shown(str(value))} instead.",
        param=path,
        code=f"{kind}_{side}_{extreme[:3]}_value",
    )


def empty_array(path: str) -> ApiError:
    """An array that needs a first entry."""
    return ApiError(
        message=f"Invalid '{path}': empty array. "
        "Expected an array with minimum length 1, but got an empty array instead.",
        param=path,
        code="empty_array",
    )


def array_too_long(path: str, most: int, length: int) -> ApiError:
    """An array past its maximum length."""
    return ApiError(
        message=f"Invalid '{path}': array too long. "
        f"Expected an array with maximum length {most}, but got an array with length {length} instead.",
        param=path,
        code="array_above_max_length",
    )


def string_too_long(path: str, most: int, length: int) -> ApiError:
    """A string past its maximum length."""
    return ApiError(
        message=f"Invalid '{path}': string too long. "
        f"Expected a string with maximum length {most}, but got a string with length {length} instead.",
        param=path,
        code="string_above_max_length",
    )


def pattern_mismatch(path: str, pattern: str) -> ApiError:
    """A string that its pattern does not match."""
    return ApiError(
        message=f"Invalid '{path}': string does not match pattern. "
        f"Expected a string that matches the pattern '{pattern}'.",
        param=path,
        code="invalid_value",
    )


def model_not_found(
    model: str, near: tuple[str, ...] = (), served: tuple[str, ...] = ()
) -> UnknownModelError:
    """A model that is not served; near names are offered in a second sentence."""
    error = UnknownModelError(
        message=f"The model `{shown(model)}` does not exist or you do not have access to it.",
        code="model_not_found",
        status=404,
        model=shown(model),
        near=near,
        served=served,
    )
    return replace(error, message=error.message + error.hint)


def unknown_url(method: str, path: str) -> UnknownUrlError:
    """There is no such route."""
    path = shown(path)
    return UnknownUrlError(message=f"Invalid URL ({method} {path})", status=404, method=method, path=path)


def wrong_method(method: str, path: str) -> WrongMethodError:
    """The route is there and takes other methods."""
    path = shown(path)
    return WrongMethodError(
        message=f"Not allowed to {method} on {path} (HINT: Perhaps you meant to use a different HTTP method?)",
        code="method_not_supported",
        status=405,
        method=method,
        path=path,
    )


def shown(text: str) -> str:
    """A stranger's text as an error message may repeat it."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


MALFORMED_JSON = MalformedJsonError()
NO_MODEL = NoModelError()
BODY_TOO_LARGE = ApiError(message="Request body too large.", code="request_too_large", status=413)
