"""What becomes of a round when the endpoint misbehaves: one row an answer. `OWNERS` has what each selects."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.oracle import Judged
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Hung, Play
from chatproof.history.rules.claims import has_one_of, needs_timeout
from chatproof.history.rules.registry import Breach, Can, Unclaimed, always, rule
from chatproof.history.rules.turns import turns, unanswered

__all__: list[str] = []

_MOST_REQUESTS = 5
_MOST_SECONDS = 30
_POISONED = (
    "A failed round poisons the conversation: what many servers reject is sent with every later message."
)
_HALF = "Half an answer, or an error, is sent again as the model's own words, and the model goes on from it."
_LOST = (
    "A reply that the user has read is forgotten, or its question with it, and the model contradicts itself."
)
_CODE = "The model reads the notation of a program as its own words, and begins to write so."


def _answers_calls(policy: Policy, can: Can) -> str:
    del can
    return "" if policy.tools is None else "it answers calls of tools"


def _dropped(what: str) -> str:
    return f"A round whose answer {what} leaves no trace, or what was declared."


def _retries_bounded(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    declared = play.policy.retries
    most = declared + 1 if isinstance(declared, int) else _MOST_REQUESTS
    for turn in turns(play, judged):
        if not turn.has_failed(play.policy):
            continue
        failed = [one.model for one in turn.exchanges if one.answer.name == turn.exchanges[-1].answer.name]
        requests = max(failed.count(model) for model in failed)
        if requests > most:
            yield turn.breach(
                "One failed turn costs too many requests.",
                expected=f"at most {most} to one model",
                seen=f"{requests} in {turn.step.seconds:.1f} s",
            )
        elif turn.step.seconds > _MOST_SECONDS or isinstance(turn.ask.ending, Hung):
            yield turn.breach(
                "One failed turn costs too much time.",
                expected=f"at most {_MOST_SECONDS} s",
                seen=f"{requests} requests in {turn.step.seconds:.1f} s",
            )


rule(
    "record.recovers",
    Level.MUST,
    "After a round that failed, the next ordinary one is sent and answered.",
    breaks="One bad answer locks the user out: every later message fails, though the endpoint is well again.",
    reference="lm-deluge 0.0.168: one 401, 403 or 404 blocks the model for the life of the client",
    check=unanswered("record.recovers"),
)
rule(
    "record.retry-once",
    Level.MUST,
    "Saying the same text again after a failure sends it once.",
    breaks="The question stands in the history twice: servers that want turns to alternate reject it for good.",
    reference="openai-agents 0.24, LangGraph and minillmlib 0.4.4 send it twice",
)
rule(
    "record.retries-bounded",
    Level.SHOULD,
    "A turn that fails costs at most 5 requests to one model, or as many as were declared, and 30 seconds.",
    breaks="An outage costs many times the tokens, and the user waits for minutes before hearing of it.",
    reference="1, 3, 5, 9, 10, 12 and 27 requests for one failed turn were measured in real clients",
    check=_retries_bounded,
)

_ROWS: tuple[tuple[str, str, str, str, Unclaimed], ...] = (
    (
        "empty-choices",
        _dropped("has no choices"),
        _POISONED,
        "Backend.AI 26.9 drops the round, openai-agents 0.24 keeps the question",
        always,
    ),
    (
        "tool-call-only",
        _dropped("calls a tool, where none is there,"),
        _POISONED,
        "LangChain 1.7 and llm 0.36 send the call without a result",
        _answers_calls,
    ),
    (
        "null-content",
        _dropped("has null for content"),
        _POISONED,
        "openai 3.52 with a list: the reply is sent back as null; tashfeenahmed/freellmapi#165",
        always,
    ),
    (
        "missing-content",
        _dropped("has no content"),
        _POISONED,
        "lm-deluge 0.0.168 sends an empty list of parts from then on",
        always,
    ),
    (
        "empty-content",
        _dropped("has an empty text"),
        _POISONED,
        "defilantech/LLMKube#935, tidyverse/ellmer#709",
        always,
    ),
    (
        "blank-content",
        "A round whose answer is nothing but white space is kept as it came, or dropped whole.",
        _LOST,
        "Backend.AI 26.9 and minillmlib 0.4.4 record it as it came",
        always,
    ),
    (
        "parts-content",
        "An answer whose content is a list of parts is refused, or recorded as its text, never as code.",
        _CODE,
        "Mistral's list of parts; minillmlib and Backend.AI refuse it",
        always,
    ),
    (
        "refusal",
        _dropped("is a refusal"),
        _POISONED,
        "OpenAI's member refusal; clients that read content alone send null back",
        always,
    ),
    (
        "content-filter",
        "What an answer that the content filter cut leaves is what was declared, and always the same.",
        _HALF,
        "finish_reason content_filter; every client that was measured records it as an ordinary reply",
        always,
    ),
    (
        "length",
        "A reply that the token limit cut is kept as it came.",
        _LOST,
        "finish_reason length; every client that was measured records it",
        always,
    ),
    (
        "delta-shape",
        _dropped("has a delta in place of a message"),
        _POISONED,
        "Backend.AI 26.9 refuses it; openai 3.52 does not validate",
        always,
    ),
    (
        "wrong-object",
        _dropped("is another object"),
        _POISONED,
        "openai 3.52 does not validate: choices may be None",
        always,
    ),
    (
        "error-object-200",
        _dropped("is an error under status 200"),
        _HALF,
        "coaidev/coai#209: the error's text is recorded as the reply; OpenRouter answers so",
        always,
    ),
    (
        "html-200",
        _dropped("is a page of HTML"),
        _HALF,
        "proxies and captive portals answer with a page of their own",
        always,
    ),
    (
        "truncated-json",
        _dropped("is JSON that is cut in the middle"),
        _POISONED,
        "Backend.AI 26.9 ends with a traceback on a cut body",
        always,
    ),
    (
        "http-error",
        _dropped("has an error status"),
        _POISONED,
        "marcominerva/ChatGptNet#13, nexu-io/open-design#475; LangGraph keeps the question",
        always,
    ),
    (
        "timeout",
        _dropped("does not come in time"),
        _POISONED,
        "iOfficeAI/AionUi#982: refused ever after",
        needs_timeout,
    ),
    (
        "reset",
        _dropped("ends with a reset connection"),
        _POISONED,
        "openai-agents 0.24 and LangGraph keep the question",
        always,
    ),
    (
        "stream-cut",
        _dropped("is a stream that ends too early"),
        _HALF,
        "every streaming client that was measured takes a clean end for a whole reply",
        always,
    ),
    (
        "stream-error",
        _dropped("is a stream that ends with an error"),
        _HALF,
        "Groq and OpenRouter end a stream that fails with an error object",
        always,
    ),
    (
        "stream-garbled",
        _dropped("is a stream with an event that is no JSON"),
        _HALF,
        "the data of each event is a JSON object in the Chat Completions API",
        always,
    ),
    (
        "stream-no-done",
        "A streamed reply that has a finish_reason and no [DONE] is kept whole.",
        _LOST,
        "Cerebras behind the Hugging Face router and TGI until 2024 end without [DONE]",
        always,
    ),
    (
        "stream-empty",
        _dropped("is a stream without choices"),
        _POISONED,
        "Azure's first chunk and the chunk with usage have no choices; a stream may have no others",
        always,
    ),
    (
        "stream-tool-call-only",
        _dropped("streams a call of a tool, where none is there,"),
        _POISONED,
        "LangChain 1.7 and llm 0.36 send the call without a result",
        _answers_calls,
    ),
    (
        "stream-keepalive",
        "A streamed reply is kept verbatim, however its bytes are split, and whatever stands between its events.",
        "Letters of the reply are lost or damaged, or the connection is taken for dead while the model is thinking.",
        "the WHATWG specification of server-sent events; OpenRouter keeps alive with comments",
        always,
    ),
    (
        "stream-abandoned",
        "A stream whose reader leaves before the end leaves what was declared, never half a reply as a whole one.",
        _HALF,
        "run-llama/llama_index#20895, eneo-ai/eneo#349, NousResearch/hermes-agent#76633",
        has_one_of("cancel", "stream"),
    ),
    (
        "duplicate-choice",
        "Of several choices the one with index 0 is recorded.",
        "The history holds a reply that the user never saw.",
        "n in the Chat Completions API; every client that was measured reads the first",
        always,
    ),
)

for _name, _sentence, _breaks, _reference, _unclaimed in _ROWS:
    rule(
        f"record.{_name}",
        Level.MUST,
        _sentence,
        breaks=_breaks,
        reference=_reference,
        unclaimed=_unclaimed,
    )
