"""Which plan answers a request: what it names itself, else what its key's script says."""

from chatfake.core.api_error import ApiError
from chatfake.handling.request_context import RequestContext
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import OWNER, Plan, UnknownNameError, parse_plan

SCRIPT_IS_DRY = ApiError(
    message="The script of this API key has no answer left, and is told to say so.",
    type="server_error",
    code="script_is_dry",
    status=500,
)


def select_plan(context: RequestContext, chat: Chat) -> Plan | ApiError:
    """What the request chooses itself (path or header, then model), else what its key's script says."""
    refusal = context.settings.models.refusal(chat.model)
    if refusal is not None and not context.takes_model(chat.model):
        return refusal
    named = context.address.plan or (chat.model.removeprefix(OWNER) if chat.model.startswith(OWNER) else "")
    if not named:
        return context.session.next_plan(chat, context.request) or SCRIPT_IS_DRY
    try:
        plan = parse_plan(named)
    except UnknownNameError as unknown:
        return ApiError(message=f"{unknown}.", code="scenario_not_found", status=404)
    return plan.for_attempt(context.session.attempt(context.request)) if plan.failing_attempts else plan
