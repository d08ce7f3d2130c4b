"""The case about log probabilities: a capability that evaluations, classifiers and confidence scores are made of."""

from collections.abc import Iterator
from itertools import pairwise

from chatproof.cases.answer import ChatAnswer, completion, dict_in, dicts_in, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.streamed import streamed
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json

__all__: list[str] = []

_ASKED = 3
"""Rivals that are asked for at each place."""

_LIMIT = 6
_PLACE = "$.choices[0].logprobs.content"
_ABOVE = 1e-4
"""What rounding may add to the logarithm of a probability of 1."""


@case(
    "chat.json.logprobs",
    Level.MAY,
    breaks="Scores are given to the wrong tokens, or are none: evaluations and classifiers go wrong without a word.",
    reference="openai-openapi ChatCompletionTokenLogprob, top_logprobs; kept by 4 of 5 recorded servers that have it",
)
def logprobs(endpoint: Endpoint) -> Iterator[Finding]:
    """An entry for each token of the text, that decodes to it, not above 0, with the rivals asked for; in SSE too."""
    body = endpoint.body(limit=_LIMIT, logprobs=True, top_logprobs=_ASKED)
    exchange = endpoint.post(body)
    if exchange.complete and exchange.status >= 400:
        yield from end_unless_broken(exchange, "logprobs are refused")
        return
    answer = completion(exchange)
    if not dict_in(answer.choice, "logprobs"):
        raise UnsupportedError("logprobs are asked for, and none come", exchange)
    yield from _judged(answer)
    if not answer.text:
        raise InconclusiveError("the reply has no text, so no scores", exchange)
    other = streamed(endpoint, endpoint.post(body | {"stream": True}))
    if not dict_in(other.choice, "logprobs"):
        breaks = "Programs that stream get no scores, though they ask for them and JSON mode has them."
        seen = "no logprobs in any chunk"
        yield other.finding(
            "logprobs, as in JSON mode", seen, "$[*].choices[0].logprobs", breaks=breaks, level=Level.SHOULD
        )
        return
    yield from _judged(other)


def _judged(answer: ChatAnswer) -> Iterator[Finding]:
    entries = dicts_in(dict_in(answer.choice, "logprobs"), "content")
    shapes = list(answer.findings(at=r"\$\.choices\[0\]\.logprobs.*"))
    if shapes:
        yield from shapes
        return
    for number, entry in enumerate(entries):
        flaws = [*_entry(answer, entry, f"{_PLACE}[{number}]"), *_rivals(answer, entry, number)]
        yield from flaws
        if flaws:
            break  # what is wrong with one is wrong with all
    reasons = any(answer.message.get(name) for name in ("reasoning", "reasoning_content"))
    if isinstance(answer.message.get("content"), str) and not reasons:
        yield from _joined(answer, entries)  # some servers score the reasoning, too


def _entry(answer: ChatAnswer, entry: dict[str, Json], path: str) -> Iterator[Finding]:
    logprob, token, bytes_ = entry.get("logprob"), entry.get("token"), _bytes(entry)
    if isinstance(logprob, int | float) and logprob > _ABOVE:
        breaks = "Programs that make a probability of it have one above 1."
        yield answer.unlike("at most 0", logprob, f"{path}.logprob", breaks=breaks)
    if bytes_ is None or not isinstance(token, str):
        return
    try:
        text = bytes_.decode()
    except UnicodeDecodeError:  # a part of a character, for which there is no one text
        return
    if text != token:
        breaks = "Programs that join the bytes, as they must where a character is of several tokens, have another text."
        expected = f"the bytes of {shown(token)}"
        yield answer.finding(
            expected, f"{list(bytes_)}, which are {shown(text)}", f"{path}.bytes", breaks=breaks
        )


def _rivals(answer: ChatAnswer, entry: dict[str, Json], number: int) -> Iterator[Finding]:
    """How many and in which order: no client is known to break on that."""
    scores = [
        score
        for rival in dicts_in(entry, "top_logprobs")
        if isinstance(score := rival.get("logprob"), int | float)
    ]
    path = f"{_PLACE}[{number}].top_logprobs"
    if len(scores) != _ASKED:
        breaks = "Programs that compare rival tokens have others than they asked for."
        seen = f"{len(scores)} of them"
        yield answer.finding(f"{_ASKED} rivals, as asked", seen, path, level=Level.SHOULD, breaks=breaks)
    elif any(first < second for first, second in pairwise(scores)):
        breaks = "Programs that take the first rival for the likeliest take another one."
        yield answer.finding("the likeliest first", shown([*scores]), path, level=Level.SHOULD, breaks=breaks)


def _joined(answer: ChatAnswer, entries: list[dict[str, Json]]) -> Iterator[Finding]:
    """What is wrong with the tokens as a text. An end token may be the last one; a blank may be lost at the start."""
    pieces = [_piece(entry) for entry in entries]
    forms = {_text(pieces), _text(pieces[:-1])}
    said = answer.text.strip("\ufffd").lstrip()
    if said not in forms and said.rstrip() not in {form.rstrip() for form in forms}:
        breaks = "Scores are given to other tokens than those that were said."
        expected = f"tokens that add up to the text, {shown(answer.text)}"
        yield answer.finding(
            expected, f"{shown(_text(pieces))}, of {len(pieces)} tokens", _PLACE, breaks=breaks
        )
        return
    used = answer.count("completion_tokens") or 0
    if used > 0 and abs(used - len(pieces)) > 1:  # the end token is counted by some servers, scored by some
        breaks = "Scores for each token, such as a perplexity, are computed over another number of them."
        yield answer.finding(
            f"{used} entries, as many as completion_tokens",
            f"{len(pieces)}",
            _PLACE,
            level=Level.SHOULD,
            breaks=breaks,
        )


def _text(pieces: list[bytes]) -> str:
    return b"".join(pieces).decode("utf-8", "replace").strip("\ufffd").lstrip()


def _piece(entry: dict[str, Json]) -> bytes:
    token = entry.get("token")
    told = _bytes(entry)
    return told if told is not None else (token if isinstance(token, str) else "").encode("utf-8", "replace")


def _bytes(entry: dict[str, Json]) -> bytes | None:
    """The bytes of a token, where they are told and are such."""
    found = entry.get("bytes")
    if not isinstance(found, list):
        return None
    numbers = [n for n in found if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 256]
    return bytes(numbers) if len(numbers) == len(found) else None
