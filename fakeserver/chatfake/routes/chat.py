"""`POST /v1/chat/completions`."""

from chatfake.core.api_error import MALFORMED_JSON, ApiError
from chatfake.core.http import Answer
from chatfake.dialects.format.completion import Completion
from chatfake.generation.identity import identity
from chatfake.generation.truncation import limited
from chatfake.handling.effects import apply_effects
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.select_plan import select_plan
from chatfake.request.chat_request import Chat, read_chat
from chatfake.scripting.plan import Plan


def answer_chat(context: RequestContext) -> Handled:
    """Validates, chooses, speaks."""
    body = context.body()
    if isinstance(body, ApiError):
        return context.render_error(body)
    refusal = (
        None
        if context.settings.lenient
        else context.dialect.requests.chat(body, context.settings.context_length)
    )
    if refusal is not None or not isinstance(body, dict):
        return context.render_error(refusal or MALFORMED_JSON, body)
    chat = read_chat(context.normalize(body), context.settings.context_length)
    plan = select_plan(context, chat)
    if isinstance(plan, ApiError):
        return context.render_error(plan, body)
    return Handled(answer=_spoken(context, chat, plan), json=body, plan=plan)


def _spoken(context: RequestContext, chat: Chat, plan: Plan) -> Answer:
    settings, dialect = context.settings, context.dialect
    said, reshape = dialect.with_reasoning(plan.scenario.speak(chat), plan.scenario.reshape)
    cut = {reply: limited(reply, chat) for reply in said}  # most choices are the same reply
    replies = dialect.retold(tuple(cut[reply] for reply in said), chat)
    mark = identity(chat, replies, settings.clock, settings.new_id, dialect.ids)
    completion = Completion(chat=chat, replies=replies, identity=mark)
    return apply_effects(context, plan, dialect.render_chat(completion, reshape), mark.digest)
