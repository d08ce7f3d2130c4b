"""Cases about embeddings. Vectors are compared by their direction: servers compute in parts, and round."""

from collections.abc import Iterator

from chatproof.cases.answer import Answer, dicts_in, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.route_answer import answered, contract_findings, readable
from chatproof.cases.vectors import numbers, unlike, vector, vectors
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__ = ["EMBEDDINGS", "embeddings_body"]

EMBEDDINGS = "/embeddings"
_ONE = "The weather in Paris is sunny today."
_OTHER = "A dog chases a cat."


_WHAT = "a list of embeddings"


def embeddings_body(endpoint: Endpoint, input_: Json = _ONE, **members: Json) -> dict[str, Json]:
    """The body of a request; without more it is the one that tells whether there is this route."""
    made: dict[str, Json] = {"model": endpoint.profile.model, "input": input_}
    return made | members


def _single(endpoint: Endpoint) -> Answer:
    """The shared answer for one text.

    Raises:
        UnsupportedError: the route is not there.
        InconclusiveError: it answers with something else; `embeddings.shape` reports that.
    """
    answer = Answer(readable(endpoint, EMBEDDINGS, embeddings_body(endpoint), told_by="embeddings.shape"))
    vector(answer.exchange)
    return answer


def _batch(endpoint: Endpoint) -> Exchange:
    return endpoint.shared(embeddings_body(endpoint, [_ONE, _OTHER]), EMBEDDINGS)


def _again(endpoint: Endpoint) -> Exchange:
    """The same text once more, for the only vector that it has."""
    return endpoint.once("embedded again", lambda: endpoint.post(embeddings_body(endpoint), EMBEDDINGS))


def _refuse_chance(endpoint: Endpoint, single: Answer) -> None:
    """End a case that compares vectors where the same text has another one the second time.

    Raises:
        InconclusiveError: it has.
    """
    again = _again(endpoint)
    if unlike(vector(single.exchange), vector(again)):
        raise InconclusiveError("the text has another vector now (see embeddings.deterministic)", again)


def _packed(endpoint: Endpoint) -> Exchange:
    return endpoint.shared(embeddings_body(endpoint, encoding_format="base64"), EMBEDDINGS)


@case(
    "embeddings.shape",
    Level.MUST,
    breaks="SDKs and vector stores that read the vector by its documented members fail, or store something else.",
    reference="openai-openapi CreateEmbeddingResponse; 58 of 58 recorded answers of OpenAI",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /embeddings gives a list with a vector of numbers."""
    exchange = answered(endpoint, EMBEDDINGS, embeddings_body(endpoint))
    others = ("embeddings.usage", "embeddings.count-and-index")
    yield from contract_findings(exchange, "embeddings", _WHAT, lambda one: one.rule not in others)
    for number, one in enumerate(dicts_in(exchange.object(), "data")):
        if isinstance(one.get("embedding"), str):
            breaks = "Programs that ask for nothing get base64 where they read numbers."
            path = f"$.data[{number}].embedding"
            yield Answer(exchange).unlike(
                "numbers, as nothing else was asked for", one["embedding"], path, breaks=breaks
            )


@case(
    "embeddings.count-and-index",
    Level.MUST,
    breaks="Vectors are stored under texts that they are not of, or texts have none.",
    reference="openai-openapi Embedding, index; 58 of 58 recorded answers of OpenAI count from 0 in order",
)
def count_and_index(endpoint: Endpoint) -> Iterator[Finding]:
    """Two texts give two vectors, index 0 and 1, in their order (another order is a should)."""
    single = _single(endpoint)
    exchange = _batch(endpoint)
    if exchange.status != 200:
        breaks = "Vector stores, which send many texts at once, are refused."
        yield Finding.instead("200 with a vector for each of two texts", exchange, breaks=breaks)
        return
    answer = Answer(exchange)
    indexes = [one.get("index") for one in dicts_in(answer.value, "data")]
    if len(indexes) != 2:
        seen = f"{len(indexes)} with index {shown(indexes)}"
        yield answer.finding("two vectors, index 0 and 1", seen, "$.data", compared=single.exchange)
    yield from contract_findings(
        exchange, "embeddings", _WHAT, lambda one: one.rule == "embeddings.count-and-index"
    )


@case(
    "embeddings.base64-equals-float",
    Level.MUST,
    breaks="SDKs, which ask for base64 unless they are told otherwise, read another vector.",
    reference="openai-python and openai-node send encoding_format base64; openai-node#1542: a list for it is read as a"
    " quarter of the numbers; 78 of 91 recorded vectors of OpenAI are base64",
)
def base64_equals_float(endpoint: Endpoint) -> Iterator[Finding]:
    """`encoding_format: base64` gives text, which decodes to the numbers that are given without."""
    single = _single(endpoint)
    exchange = _packed(endpoint)
    answer, path = Answer(exchange), "$.data[0].embedding"
    if exchange.status != 200:
        breaks = "SDKs, which ask for base64 unless they are told otherwise, get no vector."
        yield Finding.instead("200 with a vector in base64", exchange, breaks=breaks)
        return
    data = dicts_in(answer.value, "data")
    value = data[0].get("embedding") if data else None
    if not isinstance(value, str):
        breaks = "openai-node reads a list of numbers as base64: its vector has a quarter of the length."
        expected = "base64 of little-endian float32"
        yield answer.finding(expected, shown(value), path, breaks=breaks, compared=single.exchange)
        return
    decoded, floats = numbers(value), vector(single.exchange)
    if len(decoded) != len(floats):
        seen = f"{len(decoded)} numbers" if decoded else f"no base64 of float32: {shown(value)}"
        yield answer.finding(f"{len(floats)} numbers", seen, path, compared=single.exchange)
        return
    if what := unlike(floats, decoded):
        _refuse_chance(endpoint, single)
        expected = f"the numbers {shown([*floats[:3]])}…"
        seen = f"{shown([*decoded[:3]])}…: {what}"
        yield answer.finding(expected, seen, path, compared=single.exchange)


@case(
    "embeddings.dimensions",
    Level.MAY,
    breaks="Vectors do not fit the column or the index that they were asked for.",
    reference="openai-openapi: the number of dimensions the resulting output embeddings should have",
)
def dimensions(endpoint: Endpoint) -> Iterator[Finding]:
    """`dimensions` gives vectors of that length, where it is supported."""
    whole = len(vector(_single(endpoint).exchange))
    if whole < 2:
        raise InconclusiveError("a vector of one number cannot be shorter")
    exchange = endpoint.shared(embeddings_body(endpoint, dimensions=whole // 2), EMBEDDINGS)
    if exchange.status >= 400:
        yield from end_unless_broken(exchange, "dimensions are refused")
        return
    found = len(vector(exchange))
    if found == whole:
        raise UnsupportedError(
            f"dimensions are ignored: {whole} numbers where {whole // 2} were asked for", exchange
        )
    if found != whole // 2:
        answer = Answer(exchange)
        yield answer.finding(f"{whole // 2} numbers", f"{found} numbers", "$.data[0].embedding")


@case(
    "embeddings.deterministic",
    Level.MUST,
    breaks="A search does not find the text that was stored, for its vector is another one now.",
    reference="OpenAI's vectors of a text differ by about 1e-4 from call to call; a cosine of 0.99 is asked for",
)
def deterministic(endpoint: Endpoint) -> Iterator[Finding]:
    """The same text has the same vector again, but for rounding."""
    single = _single(endpoint)
    others = [found for exchange in (_packed(endpoint), _batch(endpoint)) for found in vectors(exchange)[:1]]
    if len(others) > 1 and not any(unlike(vector(single.exchange), other) for other in others):
        return  # in base64 and in a batch it is the same
    again = _again(endpoint)
    if what := unlike(vector(single.exchange), vector(again)):
        expected = "the vector of the time before, but for rounding"
        yield Answer(again).finding(expected, what, "$.data[0].embedding", compared=single.exchange)


@case(
    "embeddings.batch-equals-single",
    Level.MUST,
    breaks="Texts that were stored in batches are not found by a question that is embedded alone.",
    reference="openai-openapi: input is a string or an array; each text has an embedding of its own",
)
def batch_equals_single(endpoint: Endpoint) -> Iterator[Finding]:
    """A text's vector in a batch is the one that it has alone, but for rounding."""
    single = _single(endpoint)
    other = endpoint.shared(embeddings_body(endpoint, _OTHER), EMBEDDINGS)
    batch = _batch(endpoint)
    found = vectors(batch)
    if batch.status != 200 or len(found) != 2:
        raise InconclusiveError(
            f"no batch to compare (see embeddings.count-and-index): {batch.describe()}", batch
        )
    for number, alone in enumerate((single.exchange, other)):
        if what := unlike(vector(alone), found[number]):
            _refuse_chance(endpoint, single)
            path = f"$.data[{number}].embedding"
            yield Answer(batch).finding("the vector of the text alone", what, path, compared=alone)


@case(
    "embeddings.usage",
    Level.MUST,
    breaks="Costs and limits are computed from wrong counts.",
    reference="openai-openapi CreateEmbeddingResponse, usage; 58 of 58 recorded answers of OpenAI",
)
def usage(endpoint: Endpoint) -> Iterator[Finding]:
    """Counts add up, are above 0, and those of a batch are the sum of those of its texts (more or less is a should)."""
    single = _single(endpoint)
    yield from contract_findings(
        single.exchange,
        "embeddings",
        _WHAT,
        lambda one: one.rule == "embeddings.usage" or one.path.startswith("$.usage"),
    )
    one, path = single.count("prompt_tokens"), "$.usage.prompt_tokens"
    if one == 0:
        breaks = "The text is not counted: costs and limits are computed without it."
        yield single.unlike("above 0: there was a text", one, path, breaks=breaks)
    other = Answer(endpoint.shared(embeddings_body(endpoint, _OTHER), EMBEDDINGS)).count("prompt_tokens")
    batch = Answer(_batch(endpoint))
    both = batch.count("prompt_tokens")
    if one is None or other is None or both is None or both == one + other:
        return
    lost = both <= max(one, other)
    breaks = (
        "Of several texts not all are counted." if lost else "A batch costs something else than its texts do."
    )
    yield batch.finding(
        f"{one + other}: {one} and {other} for the two texts",
        shown(both),
        path,
        level=Level.MUST if lost else Level.SHOULD,
        breaks=breaks,
        compared=single.exchange,
    )
