"""The tour: a fixed set of plans that reaches every trigger of the rules that a client claims.

A leg is one plan, played with a new client. Failures stand in a chain, each with an ordinary ask after it, for the
oracle takes what a client sent as its history; what may lock a client out has a leg of its own.
"""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.rules.registry import Can
from chatproof.history.running.sayable import sayable
from chatproof.history.running.tour.acts import for_acts
from chatproof.history.running.tour.brief import abridged
from chatproof.history.running.tour.everyone import for_everyone
from chatproof.history.running.tour.leg import Leg
from chatproof.history.running.tour.stores import for_caps, for_stores
from chatproof.history.running.tour.template import template
from chatproof.history.running.tour.tools import for_models, for_tools

__all__ = ["Leg", "brief_tour", "template", "tour"]


def tour(policy: Policy, can: Can) -> tuple[Leg, ...]:
    """The legs for a client, each with the rules of it that the client claims; those without any are left out."""
    claimed = frozenset(id_ for id_, rule in RULES.items() if not rule.unclaimed(policy, can))
    legs = (
        replace(leg, plan=sayable(leg.plan, can), provokes=leg.provokes & claimed)
        for leg in _legs(policy, can)
        if leg.needs <= can
    )
    return tuple(leg for leg in legs if leg.provokes)


def brief_tour(policy: Policy, can: Can) -> tuple[Leg, ...]:
    """The same for a client of which an ask costs seconds."""
    return abridged(tour(policy, can), policy, can)


def _legs(policy: Policy, can: Can) -> Iterator[Leg]:
    yield from for_everyone(policy, can)
    yield from for_acts(policy)
    yield from for_tools(policy, can) if policy.tools is not None else ()
    yield from for_models(policy) if len(policy.models) > 1 else ()
    yield from for_stores(policy) if policy.persistent else ()
    yield from for_caps(policy)
