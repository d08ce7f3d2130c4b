"""Which plan answers a request: what it names itself, else what its key's script says."""

from chatfake.asked import Asked
from chatfake.plan import OWNER, Plan, UnknownNameError, plan_named
from chatfake.refusal import Refusal


def chosen(asked: Asked, model: str) -> Plan | Refusal:
    """What the request chooses itself (path or header, then model), else the next of its key's script."""
    refusal = asked.house.models.refusal(model)
    if refusal is not None:
        return refusal
    if asked.address.plan:
        try:
            return plan_named(asked.address.plan)
        except UnknownNameError as unknown:
            return Refusal(message=f"{unknown}.", code="scenario_not_found", status=404)
    return plan_named(model.removeprefix(OWNER)) if model.startswith(OWNER) else asked.desk.take()
