"""Who answers a native request: as on the other routes, with the adapter in the place of the model."""

from chatfake.core.api_error import ApiError
from chatfake.handling.pipeline import select_plan
from chatfake.handling.request_context import RequestContext
from chatfake.lorax.generate_request import Adapter
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import DEFAULT_PLAN, OWNER, Plan

NONE = Adapter()


def plan_for_generation(context: RequestContext, chat: Chat, adapter: Adapter = NONE) -> Plan | ApiError:
    """For text: what the request names, else what the script says. All adapters that are merged must be there."""
    refusals = (context.settings.models.refusal(name) for name in adapter.names)
    refusal = next((refusal for refusal in refusals if refusal is not None), None)
    return refusal or select_plan(context, chat)


def plan_without_script(context: RequestContext, chat: Chat, adapter: Adapter = NONE) -> Plan | ApiError:
    """For what is no text: what the request names, and nothing of the script."""
    if context.address.plan or chat.model.startswith(OWNER):
        return plan_for_generation(context, chat, adapter)
    refusals = (context.settings.models.refusal(name) for name in (chat.model, *adapter.names))
    refusal = next((refusal for refusal in refusals if refusal is not None), None)
    return DEFAULT_PLAN if refusal is None else refusal
