"""The model client as inference plays with it: plays without a server, of a policy that nobody is told."""

from dataclasses import replace
from itertools import count

from chatproof.history.model.plan import Plan, Say
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from tests.history.model_client import Habits, ModelClient
from tests.history.policies import CAN

__all__ = ["Modelled"]


class Modelled:
    """What `infer` needs of a session. Its own policy is the default one."""

    def __init__(self, hidden: Policy, habits: Habits, *, without: frozenset[str] = frozenset()) -> None:
        self.policy = Policy()
        self.requests = 0
        self.can = CAN - without
        self._hidden = hidden
        self._habits = habits
        self._numbers = count(1)

    def gate(self) -> Play:
        """One ask."""
        return self.play((Say(),))

    def play(self, plan: Plan) -> Play:
        """A new client."""
        play = ModelClient(self._hidden, self._habits, next(self._numbers)).play(plan)
        self.requests += sum(len(step.exchanges) for step in play.steps)
        return replace(play, policy=self.policy)
