"""`GET /v1/models` and `GET /v1/models/{id}`."""

from chatfake.asked import Answered, Asked
from chatfake.framing import json_answer

PREFIX = "/models"


def answer_models(asked: Asked) -> Answered:
    """The list, or one entry."""
    models = asked.house.models
    name = asked.address.path.removeprefix(PREFIX).removeprefix("/")
    if not name:
        return Answered(answer=json_answer(models.listing()))
    refusal = models.refusal(name)
    return Answered(answer=json_answer(models.entry(name))) if refusal is None else asked.refused(refusal)
