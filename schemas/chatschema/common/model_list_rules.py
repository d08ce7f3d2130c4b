"""What the models of a list owe each other."""

from collections.abc import Iterator, Mapping

from chatschema.core.describe import seen
from chatschema.core.json_text import objects
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["MODEL_LIST_NOTES", "MODEL_LIST_RULES"]

MODEL_LIST_NOTES: Mapping[str, str] = {"models.ids": "Two models of a list have the same id."}
_TWICE = ViolationKind("models.ids", "The list has a model of this id already.", "each id once", Level.SHOULD)


def ids_differ(models: JsonObject) -> Iterator[Violation]:
    """A request names a model by its id alone, and a menu shows the same name twice."""
    earlier: set[str] = set()
    for place, model in objects(models, "data"):
        name = model.get("id")
        if isinstance(name, str) and name:
            if name in earlier:
                yield _TWICE.violation(f"{place}.id", seen(name), reference="ListModelsResponse")
            earlier.add(name)


MODEL_LIST_RULES: tuple[Rule, ...] = (ids_differ,)
