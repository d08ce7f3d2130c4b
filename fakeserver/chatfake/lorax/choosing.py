"""Who answers a native request: as on the other routes, with the adapter in the place of the model."""

from chatfake.asked import Asked
from chatfake.chat import Chat
from chatfake.choosing import chosen
from chatfake.lorax.failure import Failure, from_refusal
from chatfake.plan import DEFAULT_PLAN, OWNER, Plan
from chatfake.refusal import Refusal

__all__ = ["beside", "speaks"]


def speaks(asked: Asked, chat: Chat) -> Plan | Failure:
    """For text: what the request names, else what the script says."""
    plan = chosen(asked, chat)
    return from_refusal(plan) if isinstance(plan, Refusal) else plan


def beside(asked: Asked, chat: Chat) -> Plan | Failure:
    """For what is no text: what the request names, and nothing of the script."""
    if asked.address.plan or chat.model.startswith(OWNER):
        return speaks(asked, chat)
    refusal = asked.house.models.refusal(chat.model)
    return DEFAULT_PLAN if refusal is None else from_refusal(refusal)
