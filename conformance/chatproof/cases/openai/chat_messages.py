"""Cases about forms of messages: content in parts, developers, names, a history that ends with the assistant."""

from collections.abc import Generator, Iterator
from dataclasses import replace

from chatproof.cases.answer import ChatAnswer, completion, shown
from chatproof.cases.combined import NAMED_USER, is_good, named_and_unknown
from chatproof.cases.endpoint import PLAIN, SHORT, Endpoint, Messages, assistant, in_parts, user
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, Level
from chatproof.probe import Json

__all__: list[str] = []

_PROMPT = "$.usage.prompt_tokens"


@case(
    "chat.json.parts",
    Level.MUST,
    breaks="SDKs and frameworks that send text as parts are refused, or their text is lost.",
    reference="openai-openapi: content is a string or an array of content parts",
)
def parts(endpoint: Endpoint) -> Iterator[Finding]:
    """Content as a list of text parts is accepted and counts the same as the string."""
    plain = completion(endpoint.shared(endpoint.brief([user(SHORT)])))
    exchange = endpoint.shared(endpoint.brief([in_parts()]))
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        breaks = "SDKs and frameworks that send text as parts get no answer."
        yield replace(
            Finding.instead("200, as for the same text as a string", exchange, breaks=breaks),
            compared=plain.exchange,
        )
        return
    ours, theirs = plain.required_prompt_tokens(), answer.required_prompt_tokens()
    if ours != theirs:
        expected = f"{ours}, as for the same text as a string"
        lost = "is lost" if theirs < ours else "reaches the model as something else"
        breaks = f"The text of SDKs and frameworks that send it as parts {lost}."
        yield answer.finding(expected, shown(theirs), _PROMPT, breaks=breaks, compared=plain.exchange)


@case(
    "chat.json.developer-role",
    Level.SHOULD,
    breaks="Programs written for OpenAI's newer models, whose instructions are a developer's, get no answer.",
    reference="openai-openapi ChatCompletionRequestDeveloperMessage; accepted by 5 of 6 servers that were recorded",
)
def developer_role(endpoint: Endpoint) -> Iterator[Finding]:
    """A developer message is accepted and reaches the model: it raises the prompt's tokens."""
    told: dict[str, Json] = {"role": "developer", "content": "Answer with digits only, please."}
    answer, plain = yield from _accepted(endpoint, [told, user(PLAIN)])
    read, alone = answer.count("prompt_tokens"), plain.count("prompt_tokens")
    if read is not None and alone and read <= alone:
        yield answer.finding(
            f"more than {alone}: there is a message more",
            shown(read),
            _PROMPT,
            level=Level.MUST,
            breaks="What the developer says never reaches the model, and nobody is told.",
            compared=plain.exchange,
        )


@case(
    "chat.json.name",
    Level.SHOULD,
    breaks="Programs with several speakers, who give each a name, get no answer.",
    reference="openai-openapi ChatCompletionRequestUserMessage.name",
)
def name(endpoint: Endpoint) -> Iterator[Finding]:
    """A name on a user message is accepted, and nothing of the message is lost."""
    both = ChatAnswer(named_and_unknown(endpoint))
    plain = completion(endpoint.plain())
    if is_good(both.exchange) and _reads(both) >= _reads(plain):
        return
    answer, plain = yield from _accepted(endpoint, [NAMED_USER])
    read, alone = answer.count("prompt_tokens"), plain.count("prompt_tokens")
    if read is not None and alone and read < alone:
        yield answer.finding(
            f"at least {alone}, as without a name",
            shown(read),
            _PROMPT,
            level=Level.MUST,
            breaks="A message whose speaker has a name is lost, or a part of it.",
            compared=plain.exchange,
        )


def _reads(answer: ChatAnswer) -> int:
    """The prompt's tokens, 0 where they are not told."""
    return answer.count("prompt_tokens") or 0


def _accepted(
    endpoint: Endpoint, messages: Messages
) -> Generator[Finding, None, tuple[ChatAnswer, ChatAnswer]]:
    """What is wrong where these messages get no answer; gives that and the plain one."""
    plain = completion(endpoint.plain())
    exchange = endpoint.shared(endpoint.body(messages))
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        expected = "200, as for the user's message alone"
        yield replace(Finding.instead(expected, exchange), compared=plain.exchange)
    return answer, plain


@case(
    "chat.json.assistant-last",
    Level.MAY,
    breaks="Programs that let the model go on with a text of their own get what looks like a fault of the server,"
    " which SDKs retry.",
    reference="vLLM continue_final_message, llama.cpp prefill_assistant; OpenAI answers with a message",
)
def assistant_last(endpoint: Endpoint) -> Iterator[Finding]:
    """A history that ends with the assistant gets an answer or 4xx, never 5xx."""
    exchange = endpoint.post(endpoint.body([user(PLAIN), assistant("One, two,")]))
    if exchange.complete and exchange.status >= 400:
        yield from end_unless_broken(exchange, "a history that ends with the assistant is refused")
    elif not exchange.complete or not ChatAnswer(exchange).choices:
        completion(endpoint.plain())
        breaks = (
            "Programs that let the model go on with a text of their own get no answer that they can read."
        )
        yield Finding.instead("a completion, or 4xx", exchange, breaks=breaks)
