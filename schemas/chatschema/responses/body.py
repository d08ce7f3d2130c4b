"""The ground that the models of this family stand on."""

from pydantic import ConfigDict

from chatschema.core.base import Strict

__all__ = ["Body"]


class Body(Strict):
    """`Strict`, with the members described by `Field`: to read the source of so many models costs 60 ms at import."""

    model_config = ConfigDict(use_attribute_docstrings=False)
