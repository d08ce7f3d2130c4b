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


def _at(path: str, code: str, message: str) -> ApiError:
    return ApiError(message=message, param=path, code=code)


def missing(path: str) -> ApiError:
    """A required member is not there."""
    return _at(path, "missing_required_parameter", f"Missing required parameter: '{path}'.")


def wrong_type(path: str, expected: str, value: JsonValue) -> ApiError:
    """A member of another JSON type; `expected` with its article."""
    got = json_type(value)
    return _at(
        path, "invalid_type", f"Invalid type for '{path}': expected {expected}, but got {got} instead."
    )


def not_given(path: str, expected: str, value: JsonValue) -> ApiError:
    """A required member that is not there, or null, or of another type."""
    return missing(path) if value is None else wrong_type(path, expected, value)


def unsupported(path: str, value: str, supported: tuple[str, ...]) -> ApiError:
    """A string outside its enumeration."""
    *others, last = (f"'{one}'" for one in supported)
    joined = f"{', '.join(others)}{',' * (len(others) > 1)} and {last}" if others else last
    words = f"Invalid value: '{shown(value)}'. Supported values are: {joined}."
    return _at(path, "invalid_value", words)


def out_of_range(path: str, value: float, kind: str, side: str, bound: float) -> ApiError:
    """A number past its bound; `kind` is integer or decimal, `side` is above or below."""
    extreme, sign = ("maximum", "<=") if side == "above" else ("minimum", ">=")
    words = f"Invalid '{path}': {kind} {side} {extreme} value. Expected a value {sign} {bound}, but got"
    return _at(path, f"{kind}_{side}_{extreme[:3]}_value", f"{words} {shown(str(value))} instead.")


def empty_array(path: str) -> ApiError:
    """An array that needs a first entry."""
    words = "Expected an array with minimum length 1, but got an empty array instead."
    return _at(path, "empty_array", f"Invalid '{path}': empty array. {words}")


def array_too_long(path: str, most: int, length: int) -> ApiError:
    """An array past its maximum length."""
    return _too_long(path, "an array", most, length)


def string_too_long(path: str, most: int, length: int) -> ApiError:
    """A string past its maximum length."""
    return _too_long(path, "a string", most, length)


def _too_long(path: str, kind: str, most: int, length: int) -> ApiError:
    name = kind.rsplit(maxsplit=1)[-1]
    words = f"Expected {kind} with maximum length {most}, but got {kind} with length {length} instead."
    return _at(path, f"{name}_above_max_length", f"Invalid '{path}': {name} too long. {words}")


def pattern_mismatch(path: str, pattern: str) -> ApiError:
    """A string that its pattern does not match."""
    words = f"Expected a string that matches the pattern '{pattern}'."
    return _at(path, "invalid_value", f"Invalid '{path}': string does not match pattern. {words}")


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
