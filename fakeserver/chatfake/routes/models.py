"""`GET /v1/models` and `GET /v1/models/{id}`."""

from chatfake.core.api_error import unknown_url
from chatfake.handling.request_context import Handled, RequestContext

MODELS_PATH = "/models"


def answer_models(context: RequestContext) -> Handled:
    """The list of models, or one of them."""
    models, dialect = context.settings.models, context.dialect
    name = context.address.path.removeprefix(MODELS_PATH).removeprefix("/")
    if not name:
        entries = [dialect.model(models.entry(one)) for one in models.listed]
        return Handled(answer=dialect.written(dialect.models([*entries])))
    if dialect.one_model is None:
        return context.render_error(unknown_url("GET", context.request.path))
    refusal = models.refusal(name)
    if refusal is not None:
        return context.render_error(refusal)
    return Handled(answer=dialect.written(dialect.one_model(models.entry(name))))
