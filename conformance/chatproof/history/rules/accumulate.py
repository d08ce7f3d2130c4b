"""What was said and answered is sent again, whole and untouched. What is no comparison is in `wire`."""

from chatproof.findings.finding import Level
from chatproof.history.model.policy import Policy
from chatproof.history.rules.claims import all_of, has, is_handed_lists, keeps_a_round, needs_system
from chatproof.history.rules.prefix import prefix_stable
from chatproof.history.rules.registry import Can, Check, Unclaimed, always, rule
from chatproof.history.rules.wire import (
    caller_untouched,
    private,
    request_valid,
    stateless,
)

__all__: list[str] = []


def _lets_them_through(policy: Policy, can: Can) -> str:
    del can
    return "it declares that it breaks them" if policy.breaks_control_tokens else ""


_ROWS: tuple[tuple[str, Level, Unclaimed, str, str, str, Check | None], ...] = (
    (
        "complete",
        Level.MUST,
        keeps_a_round,
        "Every recorded round is in the next request, the user's message before its reply.",
        "The model has forgotten something that both sides said: it contradicts itself or asks again.",
        "the stateless pattern of LoRAX and OpenAI; acon96/home-llm#384, infiniflow/ragflow#6880",
        None,
    ),
    (
        "order",
        Level.MUST,
        keeps_a_round,
        "Rounds are sent oldest first, and no message is reordered.",
        "Answers stand under the wrong questions, and the model reads another conversation.",
        "ggml-org/llama.cpp#16385",
        None,
    ),
    (
        "verbatim",
        Level.MUST,
        always,
        "Text is sent byte for byte: not trimmed, normalised, escaped or cut.",
        "The model reads another text than the user wrote: code, JSON and foreign scripts arrive damaged.",
        "minillmlib 0.4.4 runs str.format over everything that was said and answered",
        None,
    ),
    (
        "reply-verbatim",
        Level.MUST,
        keeps_a_round,
        "The recorded reply is exactly what the endpoint sent; of a stream, all of its deltas in order.",
        "The model goes on from words that it never wrote, and learns the damage as its own style.",
        "minillmlib 0.4.4 sends the reply {{}} back as {}; lm-deluge 0.0.168 adds [Thinking: None]",
        None,
    ),
    (
        "last-is-new",
        Level.MUST,
        always,
        "The last message of a request is the new user message, or the results that it answers, once.",
        "The model answers an earlier question, or the same one twice.",
        "openai/openai-agents-python#1699; huggingface/smolagents#1568 joins it with what stands before it",
        None,
    ),
    (
        "once",
        Level.MUST,
        always,
        "No message is sent twice, after retries and errors neither.",
        "Tokens are paid for twice with every later turn, and servers that want turns to alternate refuse the request.",
        "openai/openai-agents-python#1699, mastra-ai/mastra#13089",
        None,
    ),
    (
        "system-first",
        Level.MUST,
        needs_system,
        "The system prompt is sent once, first, in every request.",
        "The assistant forgets who it is, or templates that take it at the beginning only refuse the request.",
        "minillmlib 0.4.4 turns a late system message into a user's",
        None,
    ),
    (
        "system-survives",
        Level.MUST,
        needs_system,
        "The system prompt is still there after a failed first turn, truncation, a restart and clearing.",
        "After one error the assistant has lost every instruction and safeguard, and nobody notices.",
        "llm 0.36 loses it with a failed first turn; microsoft/semantic-kernel#12612",
        None,
    ),
    (
        "request-valid",
        Level.MUST,
        always,
        "Every request is valid, and sends back no member that only answers have.",
        "Strict servers refuse the conversation from the second turn on.",
        "the Chat Completions API; refusal, annotations, audio, function_call and reasoning_content sent back",
        request_valid,
    ),
    (
        "prefix-stable",
        Level.SHOULD,
        keeps_a_round,
        "While nothing is cut, each request begins with the whole of the one before, byte for byte.",
        "The endpoint's cache of the prefix never hits: each turn costs the whole conversation, in money and time.",
        "prompt caching of OpenAI and vLLM; NousResearch/hermes-agent#8687: a clock in the system prompt",
        prefix_stable,
    ),
    (
        "same-bytes",
        Level.MUST,
        keeps_a_round,
        "A user message is sent with the same bytes when it is new and when it is sent again.",
        "The model sees the question change after it has answered it, and the endpoint's cache is lost.",
        "yerzhansa/enduragent#989: sent with a line about the time, and later without",
        None,
    ),
    (
        "no-placeholder",
        Level.MUST,
        always,
        "Nothing is sent that was never said: no None, no notation of a program, nothing put in for the user's braces.",
        "The model reads words of the program as the user's or its own, and secrets of templates leak.",
        "RooCodeInc/Roo-Code#7249, oobabooga/textgen#5796, lm-deluge 0.0.168: [Thinking: None]",
        None,
    ),
    (
        "private",
        Level.MUST,
        always,
        "No bookkeeping of the client is sent: no timestamps, ids or members of other providers.",
        "Strict servers refuse the unknown member, and what should stay on the user's machine leaves it.",
        "provider_specific_fields and created_at in messages; Backend.AI 26.9 strips its created_at",
        private,
    ),
    (
        "stateless",
        Level.MUST,
        always,
        "Nothing but the messages carries the conversation: every request could go to another server.",
        "Behind a load balancer, or after the provider has forgotten, the conversation is lost without a word.",
        "the stateless chat API; previous_response_id and conversation of the Responses API",
        stateless,
    ),
    (
        "caller-untouched",
        Level.MUST,
        all_of(has("load"), is_handed_lists),
        "The list that the caller handed in is not changed behind its back.",
        "The caller's own copy grows or changes, and its next use sends everything twice.",
        "567-labs/instructor#2417, mem0ai/mem0#5580",
        caller_untouched,
    ),
    (
        "stream-equals-json",
        Level.MUST,
        all_of(keeps_a_round, has("stream")),
        "The same conversation leaves the same history, streamed or not.",
        "Whoever turns streaming on gets an assistant that forgets.",
        "openai/openai-agents-python#3852, run-llama/llama_index#20895",
        None,
    ),
    (
        "control-tokens",
        Level.MAY,
        _lets_them_through,
        "Control tokens of chat templates go through as they are, unless it is declared that they are broken.",
        "Whoever writes about templates cannot: the words are changed on the way.",
        "pydantic-ai 2.68 breaks them with joiners on purpose, against injection",
        None,
    ),
)

for _name, _level, _unclaimed, _sentence, _breaks, _reference, _check in _ROWS:
    rule(
        f"accumulate.{_name}",
        _level,
        _sentence,
        breaks=_breaks,
        reference=_reference,
        unclaimed=_unclaimed,
        check=_check,
    )
