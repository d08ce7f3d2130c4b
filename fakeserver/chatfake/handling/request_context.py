"""One request on its way through the rooms, and what came of it."""

from dataclasses import dataclass

from chatfake.core.api_error import BODY_TOO_LARGE, MALFORMED_JSON, NO_MODEL, Refusal
from chatfake.core.http import Answer, Request
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, canonical, digest, parse
from chatfake.dialects import Dialect, UnknownDialectError, dialect_named
from chatfake.handling.address import Address
from chatfake.handling.settings import House
from chatfake.scripting.key_session import Desk
from chatfake.scripting.key_sessions import Desks
from chatfake.scripting.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, where it goes, whose it is, and the house that it came to."""

    request: Request
    address: Address
    desk: Desk
    house: House
    desks: Desks
    now: float = 0.0  #: seconds of the fake's stopwatch, which the journal's times are of

    @property
    def dialect(self) -> Dialect:
        """The one that the request names, else the house's."""
        found = self._named_dialect
        return found if isinstance(found, Dialect) else self.house.dialect

    @property
    def dialect_refusal(self) -> Refusal | None:
        """The answer to a request that names a dialect that there is not."""
        found = self._named_dialect
        return found if isinstance(found, Refusal) else None

    @property
    def _named_dialect(self) -> Dialect | Refusal:
        if not self.address.dialect:
            return self.house.dialect
        try:
            return dialect_named(self.address.dialect)
        except UnknownDialectError as unknown:
            return Refusal(message=f"{unknown}.", code="dialect_not_found", status=404)

    def refused(self, refusal: Refusal, body: JsonValue = None) -> "Answered":
        """A refusal in this dialect; that of a parsed body has a request id of its own."""
        mark = "" if body is None else digest(canonical(body))[:32]
        return Answered(answer=self.dialect.refused(refusal, mark=mark), json=body)

    def taken(self, body: JsonObject) -> JsonObject:
        """The members of a body as the dialect reads them, without nulls, which are as absent."""
        requests, models = self.dialect.requests, self.house.models
        members = requests.taken({key: value for key, value in body.items() if value is not None})
        named = members.get("model")
        served = models.first or "tiny"
        if not named and requests.default_model is not None:
            return {**members, "model": requests.default_model(served)}
        if requests.unknown_model is not None and models.is_unknown(str(named)):
            return {**members, "model": requests.unknown_model(str(named), served)}
        return members

    def takes_model(self, name: str) -> bool:
        """Whether the dialect has some model speak although nobody of that name is served."""
        return self.dialect.requests.unknown_model is not None and self.house.models.is_unknown(name)

    def body(self) -> JsonValue | Refusal:
        """The parsed JSON, or what is wrong with the bytes."""
        if len(self.request.body) > self.house.max_body:
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
class Answered:
    """An answer, and what the journal keeps beside it."""

    answer: Answer
    json: JsonValue = None  #: the parsed body of the request
    plan: Plan | None = None  #: what answered; None where the request was refused, or none was needed
    noted: bool = True  #: the journal keeps it; what people ask about the fake itself is not kept
