"""Cases about what a request to LoRAX's `/generate` can ask for besides a text."""

from collections.abc import Iterator

from chatproof.cases.answer import shown
from chatproof.cases.endpoint import PLAIN, Endpoint
from chatproof.cases.lorax.generation import GENERATE, Generated, asked, generated, plain
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange

__all__: list[str] = []


@case(
    "lorax.generate.stop",
    Level.MUST,
    breaks="Text after the stop sequence ends up in the program's output.",
    reference="router/src/lib.rs GenerateParameters.stop; the sequence itself is kept in the text",
)
def stop(endpoint: Endpoint) -> Iterator[Finding]:
    """A stop sequence that occurs ends the text with the finish_reason `stop_sequence`."""
    before = plain(endpoint)
    word, end = _stop_word(before)
    answer = generated(endpoint.shared(asked(stop=[word, "\u2042 never said"]), GENERATE))
    if not before.text.startswith(answer.text[: len(end) - len(word)]):
        raise InconclusiveError(f"the same request gave another text: {shown(answer.text)}", answer.exchange)
    if len(answer.text) > len(end):
        yield answer.unlike(shown(end), answer.text, "$.generated_text")
    if (reason := answer.details.get("finish_reason")) != "stop_sequence":
        yield answer.unlike('"stop_sequence"', reason, "$.details.finish_reason")


def _stop_word(answer: Generated) -> tuple[str, str]:
    """A token from the middle of a text that occurs nowhere before, and the text up to its end.

    A stop sequence is looked for at the end of the text after each token: one that ends within a token is not found.
    """
    said = ""
    for number, token in enumerate(answer.tokens):
        text = token.get("text")
        if not isinstance(text, str) or token.get("special"):
            break
        said += text
        word = text.strip()
        usable = word.isascii() and word and not text[-1:].isspace() and said.endswith(word)
        first = said.find(word) == len(said) - len(word)
        if number and usable and first and answer.text.startswith(said) and answer.text != said:
            return word, said
    raise InconclusiveError("the plain text has no token that could be a stop sequence", answer.exchange)


@case(
    "lorax.generate.prefill",
    Level.SHOULD,
    breaks="Programs that score a prompt by its log probabilities get none.",
    reference="router/src/lib.rs GenerateParameters.decoder_input_details, PrefillToken",
)
def prefill(endpoint: Endpoint) -> Iterator[Finding]:
    """`decoder_input_details` gives the prompt's tokens, as many as counted, and the details with them."""
    exchange = endpoint.shared(asked(details=False, decoder_input_details=True), GENERATE)
    _refused(exchange, "decoder_input_details")
    answer = generated(exchange)
    tokens, count = answer.details.get("prefill"), answer.count("prompt_tokens")
    if not isinstance(tokens, list) or not tokens or (count is not None and len(tokens) != count):
        yield answer.finding(
            f"{'the' if count is None else count} tokens of the prompt",
            f"{len(tokens)} tokens" if isinstance(tokens, list) else shown(tokens),
            "$.details.prefill",
        )


@case(
    "lorax.generate.best-of",
    Level.MAY,
    breaks="A program that asks for the best of two pays for one, or compares it with nothing.",
    reference="router/src/lib.rs GenerateParameters.best_of, BestOfSequence",
)
def best_of(endpoint: Endpoint) -> Iterator[Finding]:
    """`best_of: 2` gives the likelier text, and the other one in `best_of_sequences`."""
    exchange = endpoint.shared(asked(best_of=2, do_sample=True), GENERATE)
    _refused(exchange, "best_of: 2")
    answer = generated(exchange)
    others = answer.details.get("best_of_sequences")
    if not isinstance(others, list) or len(others) != 1:
        yield answer.unlike("one other text", others, "$.details.best_of_sequences")
    yield from answer.findings(r"lorax\.generate\.best-of")


@case(
    "lorax.generate.full-text",
    Level.SHOULD,
    breaks="Programs that ask for the prompt with its continuation get half of it.",
    reference="router/src/server.rs: return_full_text puts the prompt before the text",
)
def full_text(endpoint: Endpoint) -> Iterator[Finding]:
    """`return_full_text` puts the prompt, as it was sent, before the text; without it there is no prompt."""
    with_prompt = generated(endpoint.shared(asked(return_full_text=True), GENERATE))
    if not with_prompt.text.startswith(PLAIN):
        yield with_prompt.unlike(f"{shown(PLAIN)} and its continuation", with_prompt.text, "$.generated_text")
    without = generated(endpoint.shared(asked(return_full_text=False), GENERATE))
    if with_prompt.text == without.text:
        yield without.unlike("the continuation alone", without.text, "$.generated_text")


def _refused(exchange: Exchange, what: str) -> None:
    """Ends a case where this server does not have the capability."""
    if 400 <= exchange.status < 500:
        raise UnsupportedError(f"{what} is refused: {exchange.describe()}", exchange)
