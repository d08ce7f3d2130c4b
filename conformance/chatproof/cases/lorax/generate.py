"""Cases about the answer of LoRAX's `/generate`."""

from collections.abc import Iterator

from chatproof.cases.answer import parted
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.lorax.generation import GENERATE, Generated, asked, generated, plain
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, Level

__all__: list[str] = []

_DETAILS = r"lorax\.generate\..*"


@case(
    "lorax.generate.shape",
    Level.MUST,
    breaks="lorax-client raises on the answer, or reads what is not there.",
    reference="router/src/lib.rs GenerateResponse, Details, Token",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /generate gives 200 with `generated_text`, and `details` where they were asked for."""
    exchange = endpoint.shared(asked(), GENERATE)
    if exchange.status != 200 or "generated_text" not in exchange.object():
        yield Finding.instead('200 with {"generated_text": …, "details": …}', exchange)
        return
    yield from Generated(exchange, exchange.object()).findings(".*", but=_DETAILS)


@case(
    "lorax.generate.details",
    Level.MUST,
    breaks="Costs and log probabilities are read from details that belong to another text, or are not there.",
    reference="router/src/server.rs generate_internal: details where `details` or `decoder_input_details` asks",
)
def details(endpoint: Endpoint) -> Iterator[Finding]:
    """`details` come where they are asked for, fit the text and its tokens, and stay away where they are not."""
    answer = plain(endpoint)
    if not answer.details:
        yield answer.unlike("details", answer.value.get("details"), "$.details")
    yield from answer.findings(_DETAILS)
    prompt = answer.count("prompt_tokens")
    if prompt is not None and prompt < 1:
        yield answer.unlike("the tokens of the prompt", prompt, "$.details.prompt_tokens")
    without = generated(endpoint.shared(asked(details=False), GENERATE))
    if "details" in without.value:
        breaks = "Programs that asked for no details read more than they need."
        yield without.unlike(
            "no member `details`", without.value["details"], "$.details", level=Level.SHOULD, breaks=breaks
        )


@case(
    "lorax.generate.finish-reason",
    Level.MUST,
    breaks="A text that was cut looks whole, or a whole one looks cut.",
    reference="router/src/lib.rs FinishReason; server/lorax_server/utils/tokens.py StoppingCriteria: length first",
)
def finish_reason(endpoint: Endpoint) -> Iterator[Finding]:
    """`length` where the limit was reached, `eos_token` where it was not, and nothing else without a stop sequence."""
    for limit in (16, 1):
        answer = generated(endpoint.shared(asked(max_new_tokens=limit), GENERATE))
        reason, count = answer.details.get("finish_reason"), answer.count("generated_tokens")
        if count is None:
            continue  # lorax.generate.details says so
        right = "length" if count >= limit else "eos_token"
        if reason != right:
            yield answer.unlike(
                f'"{right}" after {count} of at most {limit} tokens', reason, "$.details.finish_reason"
            )


@case(
    "lorax.generate.max-new-tokens",
    Level.MUST,
    breaks="A text costs more than the caller allowed.",
    reference="router/src/lib.rs GenerateParameters.max_new_tokens",
)
def max_new_tokens(endpoint: Endpoint) -> Iterator[Finding]:
    """`max_new_tokens` limits the tokens, those that are counted and those that are listed."""
    for limit in (1, 4):
        answer = generated(endpoint.shared(asked(max_new_tokens=limit), GENERATE))
        counts = {"$.details.generated_tokens": answer.count("generated_tokens"), "$.details.tokens": None}
        if "tokens" in answer.details:
            counts["$.details.tokens"] = len(answer.tokens)
        for path, count in counts.items():
            if count is not None and count > limit:
                yield answer.finding(f"at most {limit}", str(count), path)


@case(
    "lorax.generate.seed",
    Level.SHOULD,
    breaks="Tests and evaluations that fix the seed give another result each time.",
    reference="router/src/lib.rs GenerateParameters.seed",
)
def seed(endpoint: Endpoint) -> Iterator[Finding]:
    """The same seed gives the same sampled text twice, and is told in the details."""
    body = asked(do_sample=True, seed=7)
    first, second = (generated(endpoint.post(body, GENERATE)) for _ in range(2))
    if first.text != second.text:
        expected, seen = parted(first.text, second.text)
        yield second.finding(expected, seen, "$.generated_text")
    if first.details and first.details.get("seed") != 7:
        breaks = "Nobody can ask for the same text again: the details do not say its seed."
        yield first.unlike("7", first.details.get("seed"), "$.details.seed", breaks=breaks)
