"""Which plan answers a request: what it names itself, else what its key's script says."""

from chatfake.core.api_error import Refusal
from chatfake.handling.request_context import Asked
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import OWNER, Plan, UnknownNameError, plan_named

SCRIPT_IS_DRY = Refusal(
    message="The script of this API key has no answer left, and is told to say so.",
    type="server_error",
    code="script_is_dry",
    status=500,
)


def chosen(asked: Asked, chat: Chat) -> Plan | Refusal:
    """What the request chooses itself (path or header, then model), else what its key's script says."""
    refusal = asked.house.models.refusal(chat.model)
    if refusal is not None and not asked.takes_model(chat.model):
        return refusal
    named = asked.address.plan or (chat.model.removeprefix(OWNER) if chat.model.startswith(OWNER) else "")
    if not named:
        return asked.desk.take(chat, asked.request) or SCRIPT_IS_DRY
    try:
        plan = plan_named(named)
    except UnknownNameError as unknown:
        return Refusal(message=f"{unknown}.", code="scenario_not_found", status=404)
    return plan.at(asked.desk.attempt(asked.request)) if plan.spans else plan
