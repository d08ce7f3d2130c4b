"""Cases about the conversation that a client resends: does all of it reach the model?

They compare token counts, never meaning, so they work on any model. Histories keep the order that strict
chat templates demand: system first, then user and assistant in turn, a user last.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from chatproof.cases.answer import ChatAnswer, completion, dict_in, dicts_in
from chatproof.cases.endpoint import WEATHER, Endpoint, Messages, assistant, system, tool_round, user
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_STATELESS = "the whole conversation is in the request; prompt_tokens count all of it"


def _rounds(count: int, topic: str = "river") -> Messages:
    """A history of so many finished rounds, each with words of its own, and a new question."""
    messages: Messages = []
    for n in range(1, count + 1):
        messages += [user(f"Question {n} about the {topic}."), assistant(f"Answer {n} about the {topic}.")]
    return [*messages, user(f"And what of the {topic} now?")]


def _differs(
    expected: str, seen: object, exchange: Exchange, compared: Exchange | None = None, *, breaks: str = ""
) -> Finding:
    return Finding(
        expected=expected,
        seen=str(seen),
        path="$.usage.prompt_tokens",
        breaks=breaks,
        exchange=exchange,
        compared=compared,
    )


def _asked(endpoint: Endpoint, messages: Messages, **members: Json) -> tuple[int, Exchange]:
    """A history's prompt tokens, with the exchange that says so."""
    answer = ChatAnswer(endpoint.post(endpoint.body(messages, limit=1, **members)))
    return answer.required_prompt_tokens(), answer.exchange


@case(
    "history.grows",
    Level.MUST,
    breaks="The model forgets what was said: part of the history never reaches it.",
    reference=_STATELESS,
)
def grows(endpoint: Endpoint) -> Iterator[Finding]:
    """Each round that is added to the history raises prompt_tokens."""
    counts: list[int] = []
    before: Exchange | None = None
    for n in range(4):
        count, exchange = _asked(endpoint, _rounds(n))
        if counts and count <= counts[-1]:
            expected = f"more than {counts[-1]} with {n} rounds"
            yield _differs(expected, f"{count}, after {counts}", exchange, before)
            return
        counts.append(count)
        before = exchange


@case(
    "history.repeatable",
    Level.MUST,
    breaks="The same conversation is read differently from one time to the next.",
    reference=_STATELESS,
)
def repeatable(endpoint: Endpoint) -> Iterator[Finding]:
    """The same messages give the same prompt_tokens, at once and after other conversations."""
    first, _ = _asked(endpoint, _rounds(2))
    for between in ([], [_rounds(1, "mountain")]):
        for other in between:
            _asked(endpoint, other)
        again, exchange = _asked(endpoint, _rounds(2))
        if again != first:
            yield _differs(f"{first}, as before", again, exchange)
            return


@case(
    "history.stateless",
    Level.MUST,
    breaks="One user's conversation leaks into another's.",
    reference=_STATELESS,
)
def stateless(endpoint: Endpoint) -> Iterator[Finding]:
    """A fresh conversation counts the same after a long one as before it."""
    fresh = [user("A fresh question.")]
    before, _ = _asked(endpoint, fresh)
    _, long = _asked(endpoint, _rounds(6, "desert"))
    after, exchange = _asked(endpoint, fresh)
    if after != before:
        breaks = "" if after > before else "What was asked before changes what reaches the model."
        yield _differs(f"{before}, as before the long conversation", after, exchange, long, breaks=breaks)


@case(
    "history.interleaved",
    Level.MUST,
    breaks="Conversations that run side by side mix.",
    reference=_STATELESS,
)
def interleaved(endpoint: Endpoint) -> Iterator[Finding]:
    """Two conversations, in alternation and at the same time, count as each does alone."""
    histories = [_rounds(n, topic) for topic in ("river", "mountain") for n in range(1, 3)]
    alone = [_asked(endpoint, history)[0] for history in histories]
    mixed = [histories[0], histories[2], histories[1], histories[3]]
    expected = [alone[0], alone[2], alone[1], alone[3]]
    in_turn = [_asked(endpoint, history) for history in mixed]
    with ThreadPoolExecutor(len(mixed)) as pool:
        at_once = list(pool.map(partial(_asked, endpoint), mixed))
    for manner, found in (("in alternation", in_turn), ("at the same time", at_once)):
        for want, (count, exchange) in zip(expected, found, strict=True):
            if count != want:
                yield _differs(f"{want}, as alone", f"{count} {manner}", exchange)
                return


@case(
    "history.system-counts",
    Level.MUST,
    breaks="The system prompt is dropped: the model does not know who it is to be.",
    reference=_STATELESS,
)
def system_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """A longer system prompt raises prompt_tokens, with a history too."""
    # Many templates add a prompt of their own where there is none, so a short one is the base.
    short, long = system("Be brief."), system("Be brief. Speak of rivers, mountains, deserts and seas.")
    for history in (_rounds(0), _rounds(3)):
        base, shorter = _asked(endpoint, [short, *history])
        count, exchange = _asked(endpoint, [long, *history])
        if count <= base:
            yield _differs(f"more than {base}: the system prompt is longer", count, exchange, shorter)
            return


@case(
    "history.every-round-counts",
    Level.MUST,
    breaks="Rounds in the middle of a conversation never reach the model.",
    reference=_STATELESS,
)
def every_round_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """Dropping any one round from the middle lowers prompt_tokens."""
    whole = _rounds(4)
    total, complete = _asked(endpoint, whole)
    for n in range(4):
        without = whole[: 2 * n] + whole[2 * n + 2 :]
        count, exchange = _asked(endpoint, without)
        if count >= total:
            yield _differs(f"less than {total} without round {n + 1}", count, exchange, complete)


@case(
    "history.tool-round-counts",
    Level.MUST,
    breaks="The model never reads what its tools found.",
    reference=_STATELESS,
)
def tool_round_counts(endpoint: Endpoint) -> Iterator[Finding]:
    """Tool calls and results in the history raise prompt_tokens."""
    question = tool_round()[:1]
    base = ChatAnswer(endpoint.post(endpoint.body(question, tools=[WEATHER])))
    answer = ChatAnswer(endpoint.post(endpoint.body(tool_round(), tools=[WEATHER])))
    if base.exchange.status != 200 or answer.exchange.status != 200:
        raise InconclusiveError("a history with tools is refused (see chat.tools)", answer.exchange)
    before, after = base.required_prompt_tokens(), answer.required_prompt_tokens()
    if after <= before:
        yield _differs(f"more than {before}, the question's own", after, answer.exchange, base.exchange)


@case(
    "history.json-equals-sse",
    Level.MUST,
    breaks="Streaming sends the model another conversation than JSON mode does.",
    reference=_STATELESS,
)
def json_equals_sse(endpoint: Endpoint) -> Iterator[Finding]:
    """prompt_tokens are the same in JSON and SSE mode."""
    history = _rounds(2)
    expected, whole = _asked(endpoint, history)
    members: dict[str, Json] = {"stream": True, "stream_options": {"include_usage": True}}
    streamed = stream(endpoint.post(endpoint.body(history, limit=1, **members)))
    seen = streamed.answer.required_prompt_tokens()
    if seen != expected:
        yield _differs(f"{expected}, as in JSON mode", seen, streamed.exchange, whole)


@case(
    "history.reply-replay",
    Level.MUST,
    breaks="The second turn of a conversation fails: the endpoint refuses its own reply.",
    reference="clients append the reply's message to the list and resend it",
)
def reply_replay(endpoint: Endpoint) -> Iterator[Finding]:
    """The endpoint takes its own replies back verbatim, from JSON and from a stream."""
    question = user("Say one word.")
    whole = completion(endpoint.post(endpoint.body([question])))
    streamed = stream(endpoint.post(endpoint.body([question], stream=True)))
    for manner, answer in (("the JSON", whole), ("the streamed", streamed.answer)):
        if not answer.text:
            continue
        message = dict(answer.message) if answer is whole else _as_it_came(streamed)
        exchange = endpoint.post(endpoint.body([question, message, user("And another.")]))
        if exchange.status != 200:
            refused = 400 <= exchange.status < 500
            breaks = "" if refused else "The second turn of a conversation fails on the endpoint's own reply."
            expected = f"200 with {manner} reply in the history"
            finding = Finding.instead(expected, exchange, breaks=breaks)
            yield replace(finding, path="$.messages[1]", compared=answer.exchange)
    if not whole.text and not streamed.answer.text:
        raise InconclusiveError("the replies have no text", whole.exchange)


def _as_it_came(streamed: ChatStreamAnswer) -> dict[str, Json]:
    """The message that the deltas add up to: the members that came, and the role, without which it is none."""
    choices = (choice for _, chunk in streamed.chunks for choice in dicts_in(chunk, "choices"))
    came = {"role"}.union(*(dict_in(choice, "delta") for choice in choices))
    return {name: value for name, value in streamed.answer.message.items() if name in came}
