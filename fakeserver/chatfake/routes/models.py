"""`GET /v1/models` and `GET /v1/models/{id}`."""

from chatfake.core.api_error import unknown_url
from chatfake.handling.request_context import Answered, Asked

PREFIX = "/models"


def answer_models(asked: Asked) -> Answered:
    """The list, or one entry."""
    models, dialect = asked.house.models, asked.dialect
    name = asked.address.path.removeprefix(PREFIX).removeprefix("/")
    if not name:
        entries = [dialect.model(models.entry(one)) for one in models.listed]
        return Answered(answer=dialect.written(dialect.models([*entries])))
    if dialect.one_model is None:
        return asked.refused(unknown_url("GET", asked.request.path))
    refusal = models.refusal(name)
    if refusal is not None:
        return asked.refused(refusal)
    return Answered(answer=dialect.written(dialect.one_model(models.entry(name))))
