"""One request on its way: where it goes, whose it is, how its body is read, and what came of it.

`/key/KEY`, `/scenario/NAME` and `/dialect/NAME` may stand before the path, in any order, for clients whose key or
model can't be changed. `/v1` is optional, and `/openai/v1` is the same. `/openai/deployments/NAME` is how Azure's
clients write it: the deployment is the model where the request names none.
"""

from dataclasses import dataclass

from chatfake.core.api_error import BODY_TOO_LARGE, MALFORMED_JSON, NO_MODEL, ApiError
from chatfake.core.http import Answer, Request
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, canonical, digest, parse
from chatfake.dialects import Dialect, UnknownDialectError, dialect_named
from chatfake.handling.settings import Settings
from chatfake.scripting.key_session import KeySession
from chatfake.scripting.key_sessions import KeySessions
from chatfake.scripting.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`path` is without its prefixes and begins with a slash; absent names are empty strings."""

    path: str
    key: str
    plan: str
    dialect: str
    deployment: str = ""


#: What the clients for Azure put before a route.
DEPLOYMENTS = "/openai/deployments/"


def address_of(request: Request) -> Address:
    """Header, path and bearer token, read together. The path speaks before the headers."""
    path, named = request.path, {"key": "", "scenario": "", "dialect": ""}
    while (parts := path.split("/", 3))[1:2] in (["key"], ["scenario"], ["dialect"]) and len(parts) > 2:
        named[parts[1]] = parts[2]
        path = "/" + "/".join(parts[3:])
    deployment = ""
    if path.startswith(DEPLOYMENTS):
        deployment, _, path = path.removeprefix(DEPLOYMENTS).partition("/")
        path = f"/{path}"
    path = path.removeprefix("/openai") if path.startswith("/openai/v1") else path
    if path == "/v1" or path.startswith("/v1/"):
        path = path[3:] or "/"
    if path.endswith("/") and path.strip("/"):
        path = path[:-1]
    return Address(
        path=path,
        key=named["key"] or _key(request),
        plan=named["scenario"] or request.header("x-fake-scenario"),
        dialect=named["dialect"] or request.header("x-fake-dialect") or ("azure" if deployment else ""),
        deployment=deployment,
    )


def _key(request: Request) -> str:
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.header("api-key")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """A request, where it goes, whose it is, and the settings of the fake that it came to."""

    request: Request
    address: Address
    session: KeySession
    settings: Settings
    sessions: KeySessions
    now: float = 0.0  #: seconds of the fake's stopwatch, which the journal's times are of
    plan: Plan | None = None  #: what answers, whatever the request or its script chooses

    @property
    def dialect(self) -> Dialect:
        """The one that the request names, else the one that the fake was made with."""
        found = self._named_dialect
        return found if isinstance(found, Dialect) else self.settings.dialect

    @property
    def dialect_refusal(self) -> ApiError | None:
        """The answer to a request that names a dialect that there is not."""
        found = self._named_dialect
        return found if isinstance(found, ApiError) else None

    @property
    def _named_dialect(self) -> Dialect | ApiError:
        if not self.address.dialect:
            return self.settings.dialect
        try:
            return dialect_named(self.address.dialect)
        except UnknownDialectError as unknown:
            return ApiError(message=f"{unknown}.", code="dialect_not_found", status=404)

    def render_error(self, refusal: ApiError, body: JsonValue = None) -> "Handled":
        """A refusal in this dialect; that of a parsed body has a request id of its own."""
        mark = "" if body is None else digest(canonical(body))[:32]
        return Handled(answer=self.dialect.render_error(refusal, mark=mark), json=body)

    def normalize(self, body: JsonObject) -> JsonObject:
        """The members of a body as the dialect reads them, without nulls, which are as absent."""
        requests, models = self.dialect.requests, self.settings.models
        members: JsonObject = {key: value for key, value in body.items() if value is not None}
        if requests.normalize is not None:
            members = requests.normalize(members)
        named = members.get("model")
        served = models.first or "tiny"
        if not named and requests.default_model is not None:
            return {**members, "model": requests.default_model(served)}
        if requests.unknown_model is not None and models.is_unknown(str(named)):
            return {**members, "model": requests.unknown_model(str(named), served)}
        return members

    def takes_model(self, name: str) -> bool:
        """Whether the dialect has some model speak although nobody of that name is served."""
        return self.dialect.requests.unknown_model is not None and self.settings.models.is_unknown(name)

    def body(self) -> JsonValue | ApiError:
        """The parsed JSON, or what is wrong with the bytes."""
        if len(self.request.body) > self.settings.max_body:
            return BODY_TOO_LARGE
        if not self.request.body.strip():
            return NO_MODEL
        try:
            body = parse(self.request.body)
        except JsonError:
            return MALFORMED_JSON
        if self.address.deployment and isinstance(body, dict) and not body.get("model"):
            return {**body, "model": self.address.deployment}
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A request's answer, with what its journal entry says of it."""

    answer: Answer
    json: JsonValue = None  #: the parsed body of the request
    plan: Plan | None = None  #: what answered; None where the request was refused, or none was needed
    journaled: bool = True  #: the journal keeps it; what people ask about the fake itself is not kept
