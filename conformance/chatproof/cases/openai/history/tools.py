"""Cases about rounds with tools in the history: the calls count, and what came of them."""

from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, dict_in, dicts_in
from chatproof.cases.endpoint import WEATHER, Endpoint, Messages, tool_round
from chatproof.cases.openai.history.asked import STATELESS, count_differs, said
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []


@case(
    "history.tool-round-counts",
    Level.MUST,
    breaks="The model never reads what its tools found.",
    reference=STATELESS,
)
def tool_round_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """Tool calls and results in the history raise prompt_tokens."""
    offered, told = endpoint.shared(endpoint.tool_body("auto")), said(endpoint, tool_round(), tools=[WEATHER])
    question, both = (ChatAnswer(one).count("prompt_tokens") for one in (offered, told))
    if told.status == 200 and question and both and both > question:
        return  # the question alone under `auto`, which is what holds where nothing is said
    before, base = _counted(endpoint, tool_round()[:1])
    after, exchange = _counted(endpoint, tool_round())
    if after <= before:
        _refuse_without_calls(endpoint, exchange)
        yield count_differs(f"more than {before}, the question's own", after, exchange, base)


_MORE = " This goes on for the whole week, with a light wind from the west in the afternoon."


@case(
    "history.tool-results-count",
    Level.MUST,
    breaks="The model never reads what its tools found.",
    reference=STATELESS,
)
def tool_results_count(endpoint: Endpoint) -> Iterator[Finding]:
    """A longer tool result counts more, and so do longer arguments of a call."""
    if said(endpoint, tool_round(), tools=[WEATHER]).status != 200:
        _counted(endpoint, tool_round()[:1])  # which says so where it is tools that are refused
    base, before = _counted(endpoint, tool_round())
    question, call, result = tool_round()
    longer_result: Messages = [question, call, {**result, "content": f"{result['content']}{_MORE}"}]
    longer_call: Messages = [question, _with_longer_arguments(call), result]
    for what, messages, breaks in (
        ("the result of the tool", longer_result, ""),
        ("the arguments of the call", longer_call, "The model does not know what it has called."),
    ):
        count, exchange = _counted(endpoint, messages)
        if count <= base:
            _refuse_without_calls(endpoint, exchange)
            expected = f"more than {base}: {what} is longer"
            yield count_differs(expected, count, exchange, before, breaks=breaks)


def _with_longer_arguments(message: dict[str, Json]) -> dict[str, Json]:
    call = dicts_in(message, "tool_calls")[0]
    function: Json = {
        **dict_in(call, "function"),
        "arguments": '{"city": "Paris, the capital of France, on both banks of the river Seine"}',
    }
    return {**message, "tool_calls": [{**call, "function": function}]}


def _counted(endpoint: Endpoint, messages: Messages) -> tuple[int, Exchange]:
    exchange = said(endpoint, messages, tools=[WEATHER])
    if 400 <= exchange.status < 500 and len(messages) == 1:
        raise UnsupportedError(f"requests with tools are refused: {exchange.describe()}", exchange)
    if exchange.status != 200:
        raise InconclusiveError(
            f"a history with tools is not answered (see chat.tools.round-trip): {exchange.describe()}",
            exchange,
        )
    return ChatAnswer(exchange).required_prompt_tokens(), exchange


def _refuse_without_calls(endpoint: Endpoint, exchange: Exchange) -> None:
    """A template that knows no tools writes down none.

    Raises:
        UnsupportedError: the model calls none, however it is asked.
    """
    if not endpoint.calls_tools():
        raise UnsupportedError("no tool call, neither with auto nor named or required", exchange)
