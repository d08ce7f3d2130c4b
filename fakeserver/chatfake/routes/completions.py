"""`POST /v1/completions`: a prompt is a conversation of one message, and its reply goes on in text."""

from dataclasses import dataclass, replace

from chatfake.core.api_error import MALFORMED_JSON, ApiError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count
from chatfake.dialects.format.completion import TextCompletion
from chatfake.generation.identity import identity
from chatfake.generation.reply import Reply
from chatfake.generation.truncation import limited
from chatfake.handling.effects import apply_effects
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.select_plan import select_plan
from chatfake.request.batch_limits import too_many_choices
from chatfake.request.chat_request import MOST_CHOICES, Chat, room_of_each

#: What OpenAI writes where no `max_tokens` is given.
USUAL_TOKENS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prompt:
    text: str
    tokens: int


def answer_completions(context: RequestContext) -> Handled:
    """Validates, chooses, goes on."""
    body = context.body()
    if isinstance(body, ApiError):
        return context.render_error(body)
    refusal = (
        None
        if context.settings.lenient
        else context.dialect.requests.completions(body, context.settings.context_length)
    )
    if refusal is not None or not isinstance(body, dict):
        return context.render_error(refusal or MALFORMED_JSON, body)
    members = context.normalize(body)
    prompts = _prompts(members.get("prompt"))
    if crowd := too_many_choices(len(prompts), _n(members)):
        return context.render_error(crowd, body)
    chats = [_chat(members, prompt, context.settings.context_length, len(prompts)) for prompt in prompts]
    plan = select_plan(context, chats[0])
    if isinstance(plan, ApiError):
        return context.render_error(plan, body)
    settings, dialect = context.settings, context.dialect
    replies: list[Reply] = []
    before: list[str] = []
    for prompt, chat in zip(prompts, chats, strict=True):
        for reply in plan.scenario.speak(chat):
            said = limited(replace(reply, text=reply.text or "", tool_calls=(), refusal=None), chat)
            ending = "stop" if said.ending == "tool_calls" else said.ending
            replies.append(Reply(text=said.text, finish_reason=ending, stopped_by=said.stopped_by))
            before.append(prompt.text)
    completion = TextCompletion(
        chat=replace(chats[0], prompt_tokens=sum(prompt.tokens for prompt in prompts)),
        replies=tuple(replies),
        prompts=tuple(before),
        echo=members.get("echo") is True,
        logprobs=_int(members.get("logprobs")),
        identity=identity(chats[0], (), settings.clock, settings.new_id, dialect.ids),
    )
    answer = apply_effects(
        context, plan, dialect.render_text(completion, plan.scenario.reshape), completion.identity.digest
    )
    return Handled(answer=answer, json=body, plan=plan)


def _n(body: JsonObject) -> int:
    return min(max(_int(body.get("n")) or 1, 1), MOST_CHOICES)


def _chat(body: JsonObject, prompt: _Prompt, context_length: int, prompts: int) -> Chat:
    most = _int(body.get("max_tokens"))
    limit = room_of_each(prompts * _n(body), context_length)
    options = body.get("stream_options")
    stop = body.get("stop")
    return Chat(
        body=body,
        messages=({"role": "user", "content": prompt.text},),
        model=str(body.get("model", "")),
        prompt_tokens=prompt.tokens,
        room=max(min(USUAL_TOKENS if most is None else most, context_length - prompt.tokens, limit), 0),
        n=_n(body),
        stream=body.get("stream") is True,
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        stop=tuple(
            one for one in (stop if isinstance(stop, list) else [stop]) if isinstance(one, str) and one
        ),
    )


def _prompts(prompt: JsonValue) -> list[_Prompt]:
    if isinstance(prompt, list) and prompt and not isinstance(prompt[0], int):
        return [_prompt(one) for one in prompt]
    return [_prompt(prompt)]


def _prompt(one: JsonValue) -> _Prompt:
    """Tokens that came as numbers are written as such: the fake's tokenizer has no vocabulary."""
    if isinstance(one, list):
        return _Prompt(text=" ".join(str(token) for token in one), tokens=len(one))
    text = one if isinstance(one, str) else ""
    return _Prompt(text=text, tokens=max(count(text), 1))


def _int(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
