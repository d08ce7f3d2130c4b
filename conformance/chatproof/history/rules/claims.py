"""Why a client does not claim a rule: what it does not declare, and what its methods do not allow."""

from collections.abc import Callable, Collection

from chatproof.history.model.policy import Policy, SystemPrompt, Unit, Unknown, Window
from chatproof.history.rules.registry import Can, Unclaimed

__all__ = [
    "all_of",
    "has",
    "has_one_of",
    "is_handed_lists",
    "is_weak",
    "keeps_a_round",
    "needs_cap",
    "needs_many",
    "needs_models",
    "needs_persistence",
    "needs_system",
    "needs_timeout",
    "needs_tools",
    "needs_tree",
    "needs_window",
]


def all_of(*reasons: Unclaimed) -> Unclaimed:
    """The first reason of several."""
    return lambda policy, can: next((why for one in reasons if (why := one(policy, can))), "")


def has(*methods: str) -> Unclaimed:
    """The client has these methods, or its host can do this."""

    def reason(_: Policy, can: Can) -> str:
        lacking = [name for name in methods if name not in can]
        return _lacks(lacking)

    return reason


def has_one_of(*methods: str) -> Unclaimed:
    """The client has at least one of these."""
    return lambda _, can: "" if can & set(methods) else _lacks(methods)


_METHODS = {
    "load": "from_messages",
    "window": "window(n)",
    "together": "way to be told two things at once",
}
"""Where the client's method has another name, or one that is a word of policies too."""


def _lacks(names: Collection[str]) -> str:
    return f"it has no {' and no '.join(_METHODS.get(name, name) for name in names)}" if names else ""


def _declares(is_declared: Callable[[Policy], bool], what: str) -> Unclaimed:
    return lambda policy, _: "" if is_declared(policy) else what


needs_system = _declares(lambda policy: policy.system is not SystemPrompt.NONE, "it has no system prompt")
needs_cap = _declares(lambda policy: policy.cap is not None, "it declares no cap of what is stored")
needs_tools = _declares(lambda policy: policy.tools is not None, "it answers no calls of tools")
needs_persistence = _declares(lambda policy: policy.persistent, "it declares no persistence")
needs_many = all_of(_declares(lambda policy: policy.many, "it has one conversation"), has("conversation"))
needs_tree = all_of(_declares(lambda policy: policy.tree, "it has no branches"), has("fork"))
needs_models = _declares(lambda policy: len(policy.models) > 1, "it asks one model")
needs_timeout = _declares(lambda policy: policy.timeout is not None, "it declares no timeout")


def is_handed_lists(policy: Policy, can: Can) -> str:
    """What it makes a conversation of is the list of its caller, which can be looked at afterwards."""
    del policy
    return "" if "handed" in can else "what it gets is a copy of a list, and nobody else's"


def is_weak(policy: Policy) -> bool:
    """Whether nobody knows how much a request carries."""
    window = policy.window
    return isinstance(window, Unknown) or (isinstance(window, Window) and window.unit is Unit.TOKENS)


def needs_window(policy: Policy, can: Can) -> str:
    """A window of a known number of messages, rounds or turns."""
    del can
    match policy.window:
        case None:
            return "it declares no window"
        case Unknown():
            return "its window is unknown"
        case Window(unit=Unit.TOKENS):
            return "its window is counted in tokens, in its own way"
        case Window():
            return ""


def keeps_a_round(policy: Policy, can: Can) -> str:
    """At least one whole round is sent again."""
    del can
    window = policy.window
    if isinstance(window, Window) and not window.rounds:
        return f"no whole round fits in a {window}"
    return ""
