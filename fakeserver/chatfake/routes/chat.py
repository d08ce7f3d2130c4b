"""`POST /v1/chat/completions`."""

from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.completion import Completion
from chatfake.generation.identity import identity
from chatfake.generation.reply import limited
from chatfake.handling.pipeline import Endpoint
from chatfake.handling.request_context import RequestContext
from chatfake.request.chat_request import Chat, read_chat
from chatfake.scripting.plan import Plan


def _chats(context: RequestContext, body: JsonObject) -> tuple[Chat, ...]:
    return (read_chat(context.normalize(body), context.settings.context_length),)


def _render(context: RequestContext, chats: tuple[Chat, ...], plan: Plan) -> tuple[Answer, str]:
    settings, dialect, chat = context.settings, context.dialect, chats[0]
    replies, reshape = dialect.with_reasoning(plan.scenario.speak(chat), plan.scenario.reshape)
    cut = {reply: limited(reply, chat) for reply in replies}  # most choices are the same reply
    replies = dialect.retold(tuple(cut[reply] for reply in replies), chat)
    mark = identity(chat, replies, settings.clock, settings.new_id, dialect.ids)
    completion = Completion(chat=chat, replies=replies, identity=mark)
    return dialect.render_chat(completion, reshape), mark.digest


CHAT = Endpoint(
    refuse=lambda context, body: context.dialect.requests.chat(body, context.settings.context_length),
    chats=_chats,
    render=_render,
)
