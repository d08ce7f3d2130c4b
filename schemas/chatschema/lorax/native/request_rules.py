"""What a native request owes beyond its shape: whatever the router refuses under any limits.

Rule 1: a must is what gets 422 on every server; a limit that `/info` shows is none of ours. Rule 2: they pass over
what has the wrong shape.
"""

from collections.abc import Iterator

from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.lorax.refusal import adapters, fractions, refused

__all__ = ["EMBED_RULES", "GENERATE_REQUEST_RULES", "best_of_violations"]

_INTEGERS = ("best_of", "top_k", "max_new_tokens", "truncate", "return_k_alternatives", "seed")
_SAMPLING = ("temperature", "top_k", "top_p", "typical_p")
_AT = "$.parameters"


def integers_have_no_fraction(request: JsonObject) -> Iterator[Violation]:
    """`20.0` is refused where an integer is wanted."""
    yield from fractions(_parameters(request), _INTEGERS, at=_AT)


def adapters_are_known(request: JsonObject) -> Iterator[Violation]:
    """Names that the router unwraps, and a source that there is."""
    yield from adapters(_parameters(request), at=_AT)


def adapter_is_named_once(request: JsonObject) -> Iterator[Violation]:
    """One adapter or several merged, not both; an empty name counts as one."""
    parameters = _parameters(request)
    if isinstance(parameters.get("adapter_id"), str) and isinstance(parameters.get("merged_adapters"), dict):
        yield refused(
            f"{_AT}.merged_adapters",
            "Both adapter_id and merged_adapters are there.",
            "one of them",
            parameters["merged_adapters"],
        )


def merged_adapters_have_weights(request: JsonObject) -> Iterator[Violation]:
    """At least one adapter, and a weight for each."""
    merged = _parameters(request).get("merged_adapters")
    if not isinstance(merged, dict):
        return
    ids, weights = merged.get("ids"), merged.get("weights", [])
    if ids == []:
        yield refused(f"{_AT}.merged_adapters.ids", "There is no adapter to merge.", "at least one name", ids)
    elif isinstance(ids, list) and isinstance(weights, list) and len(ids) != len(weights):
        yield refused(
            f"{_AT}.merged_adapters.weights",
            "There is not one weight for each adapter.",
            f"a list of {len(ids)}",
            weights,
        )


def best_of_is_possible(request: JsonObject) -> Iterator[Violation]:
    """Several sequences need sampling without a seed, and no stream."""
    parameters = _parameters(request)
    sampling = parameters.get("do_sample") is True or any(
        parameters.get(name) is not None for name in _SAMPLING
    )
    yield from best_of_violations(
        parameters, "best_of", sampling=sampling, streamed=request.get("stream") is True, at=_AT
    )


def best_of_violations(
    holder: JsonObject, name: str, *, sampling: bool, streamed: bool, at: str
) -> Iterator[Violation]:
    """What is wrong with the number of sequences, `holder[name]`."""
    count, path = holder.get(name), f"{at}.{name}"
    if not whole(count) or count < 0:
        return
    if streamed and count != 1:
        yield refused(path, f"{name} is not 1 in a stream.", "1, null or no such member", count)
        return
    if count == 0:
        message = f"{name} is 0, which the router takes for 1 and lorax-client refuses."
        yield refused(path, message, "1 or more", count, level=Level.SHOULD)
    if count > 1 and not sampling:
        yield refused(path, f"{name} is above 1 without sampling.", "1, or sampling", count)
    if count > 1 and whole(holder.get("seed")):
        yield refused(f"{at}.seed", f"A seed beside {name} above 1.", "no seed", holder["seed"])


def a_stream_has_no_prefill(request: JsonObject) -> Iterator[Violation]:
    """The prompt's tokens come in JSON answers only."""
    if request.get("stream") is True and _parameters(request).get("decoder_input_details") is True:
        yield refused(
            f"{_AT}.decoder_input_details",
            "The prompt's tokens are asked for in a stream.",
            "false, or no stream",
            True,  # noqa: FBT003 - the value that was seen
        )


GENERATE_REQUEST_RULES: tuple[Rule, ...] = (
    integers_have_no_fraction,
    adapters_are_known,
    adapter_is_named_once,
    merged_adapters_have_weights,
    best_of_is_possible,
    a_stream_has_no_prefill,
)

#: Embeddings take adapters, and check nothing about them.
EMBED_RULES: tuple[Rule, ...] = (adapters_are_known,)


def _parameters(request: JsonObject) -> JsonObject:
    parameters = request.get("parameters")
    return parameters if isinstance(parameters, dict) else {}
