"""The oracle: what the next request must carry, from the log and the policy alone."""

from collections.abc import Mapping
from typing import Literal

from chatproof.history.model.log import AnswerKind, Log, Message
from chatproof.history.model.policy import Policy

__all__ = ["RECORDING", "expected_messages", "recorded_messages"]

RECORDING: Mapping[AnswerKind, Literal["kept", "dropped"]] = {
    AnswerKind.TEXT: "kept",
    AnswerKind.EMPTY_CHOICES: "dropped",
}
"""What becomes of a round, by the answer to it: the defaults of the `record` rules. A dropped round leaves
no trace, neither its user message nor a part of its reply."""


def recorded_messages(log: Log) -> tuple[Message, ...]:
    """The history that a log leaves behind, oldest first, before any window."""
    return tuple(
        message
        for past in log
        if RECORDING[past.answer.kind] == "kept"
        for message in (
            Message(role="user", text=past.said),
            Message(role="assistant", text=past.answer.text),
        )
    )


def expected_messages(log: Log, policy: Policy, system: str, new_user_text: str) -> tuple[Message, ...]:
    """The messages of the request that says `new_user_text` after `log`.

    `system` is the system prompt; it is not looked at where the policy has none.
    """
    history = recorded_messages(log)
    if policy.window is not None:
        history = policy.window.keep(history)
    head = (Message(role="system", text=system),) if policy.system == "kept" else ()
    return (*head, *history, Message(role="user", text=new_user_text))
