"""Near misses of the small bodies: a model, a list of them, an error."""

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lists import model_lists, plain_errors, single_models

__all__ = ["NEAR_LISTS"]

NEAR_LISTS = catalogue(
    *rows(
        __file__,
        {"bare": lambda models: models["data"]},
        one=single_models(),
        many=model_lists().filter(lambda models: bool(models["data"])),
        error=plain_errors(),
    )
)
