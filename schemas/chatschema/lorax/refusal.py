"""What the router refuses although each member by itself is right."""

from collections.abc import Iterable, Iterator

from chatschema.core.describe import seen
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.violation_kind import violation

__all__ = ["REFUSED", "adapters", "fractions", "refused", "strategies"]

#: The rule of whatever the router answers with 422.
REFUSED = "lorax.errors.validation"

_STRATEGIES = ("linear", "ties", "dare_linear", "dare_ties")
_SIGNS = ("total", "frequency")
_SOURCES = ("hub", "local", "s3", "pbase")


def refused(
    path: str, message: str, expected: str, what: JsonValue, *, level: Level = Level.MUST, rule: str = REFUSED
) -> Violation:
    """A request that gets 422, or (as a should) one that the server takes for something else."""
    return violation(rule, path, message, expected, seen(what), level, reference="router/src/validation.rs")


def fractions(holder: JsonObject, names: Iterable[str], *, at: str) -> Iterator[Violation]:
    """The router reads `20.0` as a float, wherever an integer is wanted, although JSON calls the two equal."""
    for name in names:
        number = holder.get(name)
        if isinstance(number, float) and number.is_integer():
            yield refused(f"{at}.{name}", f"{name} is written with a fraction.", "digits alone", number)


def adapters(holder: JsonObject, *, at: str) -> Iterator[Violation]:
    """Which adapter: one by name, or several merged; from a source that there is."""
    merged = holder.get("merged_adapters")
    if isinstance(merged, dict):
        yield from strategies(merged, at=f"{at}.merged_adapters")
    source = holder.get("adapter_source")
    named = bool(holder.get("adapter_id") or holder.get("model")) or isinstance(merged, dict)
    if named and isinstance(source, str) and source.lower() not in _SOURCES:
        yield refused(
            f"{at}.adapter_source",
            "No adapter comes from such a source.",
            f"one of {', '.join(_SOURCES)}",
            source,
            level=Level.SHOULD,
            rule="lorax.errors.unknown-adapter",
        )


def strategies(merged: JsonObject, *, at: str) -> Iterator[Violation]:
    """The router unwraps an unknown name of these two, and that is its end."""
    for name, known in (("merge_strategy", _STRATEGIES), ("majority_sign_method", _SIGNS)):
        value = merged.get(name)
        if isinstance(value, str) and value.lower() not in known:
            yield refused(
                f"{at}.{name}",
                f"{name} is none of the known names, which ends the router.",
                ", ".join(known),
                value,
            )
