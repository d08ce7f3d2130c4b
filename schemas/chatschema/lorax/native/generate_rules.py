"""What a native answer owes beyond its shape: rules over several members, and what only newer servers send."""

from collections.abc import Iterator
from typing import TypeGuard

from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import Found, objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .token_text import disagreement, is_sound

__all__ = ["EVENT_RULES", "GENERATE_RULES", "complete"]

_REFERENCE = "router/src/lib.rs, GenerateResponse"
#: Means of f32 log probabilities that differ by less are the same.
_SAME = 1e-3
_MOST = 2**53


def tokens_are_counted(answer: JsonObject) -> Iterator[Violation]:
    """`generated_tokens` is the number of tokens, in the best sequence and in all others."""
    for place, sequence in _sequences(answer):
        count, tokens = sequence.get("generated_tokens"), sequence.get("tokens")
        if whole(count) and isinstance(tokens, list) and count != len(tokens):
            yield _violation(
                f"{place}.generated_tokens", "The count is not that of the tokens.", seen(len(tokens)), count
            )


def tokens_make_the_text(answer: JsonObject) -> Iterator[Violation]:
    """The texts of the tokens that are not special are the end of the text."""
    for place, sequence in _sequences(answer):
        holder, at = (answer, "$") if place == "$.details" else (sequence, place)
        text, tokens = holder.get("generated_text"), sequence.get("tokens")
        if not isinstance(text, str) or not isinstance(tokens, list) or not all(map(is_sound, tokens)):
            continue
        sound = [token for token in tokens if isinstance(token, dict)]
        level = disagreement(text, sound, sequence.get("finish_reason"))
        if level is not None:
            yield _violation(
                f"{at}.generated_text",
                "The text is not what its tokens make.",
                "the joined texts of the tokens that are not special",
                text,
                level=level,
            )


def skipped_tokens_are_counted(answer: JsonObject) -> Iterator[Violation]:
    """`skipped_tokens` is the number of tokens that were skipped."""
    details = answer.get("details")
    if not isinstance(details, dict) or not whole(details.get("skipped_tokens")):
        return
    tokens = [token for _, token in objects(details, "tokens")]
    skipped = sum(token.get("skipped") is True for token in tokens)
    if all("skipped" in token for token in tokens) and skipped != details["skipped_tokens"]:
        yield _violation(
            "$.details.skipped_tokens",
            "The count is not that of the skipped tokens.",
            seen(skipped),
            details["skipped_tokens"],
            level=Level.SHOULD,
        )


def the_best_is_the_best(answer: JsonObject) -> Iterator[Violation]:
    """The answer is the sequence with the highest mean log probability."""
    details = answer.get("details")
    if not isinstance(details, dict):
        return
    best = _mean(details)
    for place, sequence in objects(details, "best_of_sequences", at="$.details"):
        other = _mean(sequence)
        if best is not None and other is not None and other > best + _SAME * (1 + abs(best)):
            yield _violation(
                place,
                "Another sequence is more likely than the one that was answered.",
                f"a mean log probability of at most {best:.4g}",
                round(other, 4),
                level=Level.SHOULD,
                rule="lorax.generate.best-of",
            )


def answer_is_complete(answer: JsonObject) -> Iterator[Violation]:
    """What servers send since 0.12.1, and what they leave out rather than send as null."""
    yield from _no_null(answer, "details", at="$")
    for place, sequence in _sequences(answer):
        if place == "$.details":
            yield from complete(sequence, "skipped_tokens", at=place, since="0.12.1")
            yield from _no_null(sequence, "best_of_sequences", at=place)
        for token_place, token in objects(sequence, "tokens", at=place):
            yield from _token(token, at=token_place)


def event_is_complete(event: JsonObject) -> Iterator[Violation]:
    """The same for the token of an event."""
    token = event.get("token")
    if isinstance(token, dict):
        yield from _token(token, at="$.token")


def complete(holder: JsonObject, name: str, *, at: str, since: str) -> Iterator[Violation]:
    """The should for a member that servers send since some release."""
    if name not in holder:
        yield violation(
            "lorax.spec-complete",
            f"{at}.{name}",
            f"The member {name} is missing; servers send it since {since}.",
            f"the member {name}",
            ABSENT,
            Level.SHOULD,
            reference=_REFERENCE,
        )


GENERATE_RULES: tuple[Rule, ...] = (
    tokens_are_counted,
    tokens_make_the_text,
    skipped_tokens_are_counted,
    the_best_is_the_best,
    answer_is_complete,
)
EVENT_RULES: tuple[Rule, ...] = (event_is_complete,)


def _sequences(answer: JsonObject) -> Iterator[Found]:
    details = answer.get("details")
    if isinstance(details, dict):
        yield "$.details", details
        yield from objects(details, "best_of_sequences", at="$.details")


def _token(token: JsonObject, *, at: str) -> Iterator[Violation]:
    yield from complete(token, "skipped", at=at, since="0.12.1")
    yield from _no_null(token, "alternative_tokens", at=at)


def _no_null(holder: JsonObject, name: str, *, at: str) -> Iterator[Violation]:
    if name in holder and holder[name] is None:
        yield _violation(
            f"{at}.{name}",
            f"The member {name} is null where it is left out.",
            f"no member {name}",
            None,
            level=Level.SHOULD,
            rule="lorax.spec-complete",
        )


def _mean(sequence: JsonObject) -> float | None:
    logprobs = [token.get("logprob") for _, token in objects(sequence, "tokens")]
    known = [float(number) for number in logprobs if _is_logprob(number)]
    return sum(known) / len(known) if known and len(known) == len(logprobs) else None


def _is_logprob(number: JsonValue) -> TypeGuard[float]:
    # an integer of any length may stand in a hostile answer
    return isinstance(number, float) or (whole(number) and abs(number) < _MOST)


def _violation(
    path: str,
    message: str,
    expected: str,
    what: JsonValue,
    *,
    level: Level = Level.MUST,
    rule: str = "lorax.generate.details",
) -> Violation:
    return violation(rule, path, message, expected, seen(what), level, reference=_REFERENCE)
