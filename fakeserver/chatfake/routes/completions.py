"""`POST /v1/completions`: a prompt is a conversation of one message, and its reply goes on in text."""

from collections.abc import Iterator
from dataclasses import replace

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count
from chatfake.dialects.format.completion import TextCompletion
from chatfake.generation.identity import identity
from chatfake.generation.reply import Reply, limited
from chatfake.handling.pipeline import Endpoint
from chatfake.handling.request_context import RequestContext
from chatfake.request.batch_limits import too_many_choices
from chatfake.request.chat_request import MOST_CHOICES, Chat, room_of_each
from chatfake.scripting.plan import Plan

#: What OpenAI writes where no `max_tokens` is given.
USUAL_TOKENS = 16


def _chats(context: RequestContext, body: JsonObject) -> tuple[Chat, ...] | ApiError:
    members, length = context.normalize(body), context.settings.context_length
    prompt = members.get("prompt")
    batch = isinstance(prompt, list) and prompt and not isinstance(prompt[0], int)
    prompts = prompt if batch and isinstance(prompt, list) else [prompt]
    crowd = too_many_choices(len(prompts), _choices(members))
    return crowd or tuple(_chat(members, one, length, len(prompts)) for one in prompts)


def _choices(body: JsonObject) -> int:
    return min(max(_int(body.get("n")) or 1, 1), MOST_CHOICES)


def _chat(body: JsonObject, prompt: JsonValue, context_length: int, prompts: int) -> Chat:
    text, tokens = _text(prompt)
    most, stop, options = _int(body.get("max_tokens")), body.get("stop"), body.get("stream_options")
    limit = room_of_each(prompts * _choices(body), context_length)
    return Chat(
        body=body,
        messages=({"role": "user", "content": text},),
        model=str(body.get("model", "")),
        prompt_tokens=tokens,
        room=max(min(USUAL_TOKENS if most is None else most, context_length - tokens, limit), 0),
        n=_choices(body),
        stream=body.get("stream") is True,
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        stop=tuple(
            one for one in (stop if isinstance(stop, list) else [stop]) if isinstance(one, str) and one
        ),
    )


def _text(prompt: JsonValue) -> tuple[str, int]:
    """A prompt and its tokens. Those that came as numbers are written as such: the tokenizer has no vocabulary."""
    if isinstance(prompt, list):
        return " ".join(str(token) for token in prompt), len(prompt)
    text = prompt if isinstance(prompt, str) else ""
    return text, max(count(text), 1)


def _int(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _render(context: RequestContext, chats: tuple[Chat, ...], plan: Plan) -> tuple[Answer, str]:
    settings, dialect, first = context.settings, context.dialect, chats[0]
    spoken = [(chat.last_text, reply) for chat in chats for reply in _replies(chat, plan)]
    completion = TextCompletion(
        chat=replace(first, prompt_tokens=sum(chat.prompt_tokens for chat in chats)),
        replies=tuple(reply for _, reply in spoken),
        prompts=tuple(prompt for prompt, _ in spoken),
        echo=first.body.get("echo") is True,
        logprobs=_int(first.body.get("logprobs")),
        identity=identity(first, (), settings.clock, settings.new_id, dialect.ids),
    )
    return dialect.render_text(completion, plan.scenario.reshape), completion.identity.digest


def _replies(chat: Chat, plan: Plan) -> Iterator[Reply]:
    """The texts of what the plan says, for there is nothing else in a completion."""
    for reply in plan.scenario.speak(chat):
        cut = limited(replace(reply, text=reply.text or "", tool_calls=(), refusal=None), chat)
        ending = "stop" if cut.ending == "tool_calls" else cut.ending
        yield Reply(text=cut.text, finish_reason=ending, stopped_by=cut.stopped_by)


COMPLETIONS = Endpoint(
    refuse=lambda context, body: context.dialect.requests.completions(body, context.settings.context_length),
    chats=_chats,
    render=_render,
)
