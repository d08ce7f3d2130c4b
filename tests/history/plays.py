"""Plays by hand: what a client sent and gave back, in the fewest words."""

import json
from collections.abc import Mapping
from typing import Any

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer, Move, Say
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Ask, Ending, Exchange, File, Play, Returned, Step
from chatproof.history.rules import RULES, Breach

SYSTEM = "Be brief."


def message(role: str, text: object, **members: object) -> dict[str, Any]:
    """A message of a request."""
    return {"role": role, "content": text, **members}


def user(text: str, **members: object) -> dict[str, Any]:
    """A user's."""
    return message("user", text, **members)


def reply(text: object, **members: object) -> dict[str, Any]:
    """The assistant's."""
    return message("assistant", text, **members)


class Hand:
    """Writes down a play, step by step; the system prompt stands before all that is sent."""

    def __init__(self, **policy: Any) -> None:
        self.policy = Policy(**policy)
        self.steps: list[Step] = []
        self._number = 0
        self._heard = False

    def heard(self, value: bool) -> "Hand":
        """Whether all that the client prints is in the steps."""
        self._heard = value
        return self

    def sends(
        self,
        *messages: dict[str, Any],
        answer: Answer | str = "fine",
        headers: Mapping[str, str] | None = None,
        streamed: bool = False,
        arrived: str = "",
        **body: object,
    ) -> Exchange:
        """A request and its answer."""
        self._number += 1
        prompt = [message("system", SYSTEM)]
        given = Answer(text=answer) if isinstance(answer, str) else answer
        return Exchange(
            number=self._number,
            route="chat",
            body=json.dumps({"model": "tiny", "messages": [*prompt, *messages], **body}).encode(),
            answer=given,
            arrived=arrived or given.text,
            streamed=streamed,
            headers=headers or {},
        )

    def says(
        self,
        said: str,
        *exchanges: Exchange,
        back: str | None = "fine",
        ending: Ending | None = None,
        move: Move | None = None,
        to: str = "a",
        **step: Any,
    ) -> "Hand":
        """One ask."""
        ask = Ask(to=to, said=said, ending=ending or Returned(text=back))
        self.steps.append(Step(move=move or Say(to=to), asks=(ask,), exchanges=exchanges, **step))
        return self

    def does(self, move: Move, **step: Any) -> "Hand":
        """A move without an ask."""
        self.steps.append(Step(move=move, **step))
        return self

    def together(self, move: Move, asks: tuple[Ask, ...], *exchanges: Exchange) -> "Hand":
        """Two asks at once."""
        self.steps.append(Step(move=move, asks=asks, exchanges=exchanges))
        return self

    @property
    def play(self) -> Play:
        """What was written."""
        return Play(policy=self.policy, system_prompt=SYSTEM, steps=tuple(self.steps), heard=self._heard)

    def breaches(self, rule: str) -> list[Breach]:
        """What the check of a rule finds in it."""
        check = RULES[rule].check
        assert check is not None
        return list(check(self.play, tuple(follow(self.play))))


def file(digest: str, *, size: int = 100, mode: int = 0o100600, holds_key: bool = False) -> File:
    """A file in a client's folder."""
    return File(mode=mode, size=size, digest=digest, holds_key=holds_key)
