"""The words in which a difference is told: in what way, of what message, after what."""

from enum import StrEnum

__all__ = ["IN_PLACE", "Cause", "Difference", "Moment", "Presence"]


class Difference(StrEnum):
    """In what way a message of a request is not as expected."""

    MISSING = "missing"
    EXTRA = "extra"
    TWICE = "twice"
    MOVED = "moved"
    ALTERED = "altered"
    MALFORMED = "malformed"


class Cause(StrEnum):
    """What the message is that differs."""

    SYSTEM = "system"
    NEW = "new"  #: what was just said
    KEPT = "kept"  #: of a round that is in the history
    CALL = "call"  #: of the assistant, in a round that is in the history
    RESULT = "result"  #: of a tool
    FAILED = "failed"  #: of a round that was dropped
    OUTSIDE = "outside"  #: older than the window
    PRUNED = "pruned"  #: older than what is stored
    CLEARED = "cleared"
    REPLACED = "replaced"  #: a reply that was asked for again
    CONVERSATION = "conversation"  #: of another conversation
    BRANCH = "branch"  #: of another branch of this one
    NEVER_SAID = "never-said"


IN_PLACE = frozenset({Cause.SYSTEM, Cause.NEW, Cause.KEPT, Cause.CALL, Cause.RESULT})
"""Where a message of these causes stands in a conversation is known; others are in none."""


class Presence(StrEnum):
    """Whether a message is to be in a request."""

    MUST = "must"
    SUFFIX = "suffix"  #: where anything older of the history is, or of its own round
    TIED = "tied"  #: where anything of its round is
    MAY = "may"
    NEVER = "never"


class Moment(StrEnum):
    """What happened in the conversation before the request, or is under way."""

    PLAIN = "plain"
    RETRY = "retry"  #: another request of the same ask
    FALLBACK = "fallback"  #: another model is asked the same
    FELL_BACK = "fell-back"  #: the round before was answered by another model
    TOOL_ROUND = "tool-round"  #: the request brings results of tools
    TOOLS_USED = "tools-used"  #: tools were called in the round before
    FAULT = "fault"  #: the round before had an unusual answer
    FAULT_AFTER_CALL = "fault-after-call"
    SAID_AGAIN = "said-again"  #: what failed is said once more
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"  #: the same of a stream
    REGENERATING = "regenerating"
    REGENERATED = "regenerated"
    RESTARTED = "restarted"
    KILLED = "killed"
    RESTARTED_TOGETHER = "restarted-together"  #: after two asks at once
    RESTARTED_TREE = "restarted-tree"  #: with branches
    CLEARED = "cleared"
    FORKED = "forked"
    FORKED_FROM = "forked-from"  #: a branch began here
    LOADED = "loaded"
    WIDENED = "widened"
    WIDENED_FROM_ZERO = "widened-from-zero"
    SPOILED = "spoiled"
    UNWRITABLE = "unwritable"  #: nothing can be stored any more
    MIGRATED = "migrated"  #: the files are those of an older version
    TOGETHER = "together"  #: another conversation is asked at the same time
    TOGETHER_IN_ONE = "together-in-one"  #: this one is asked twice at once
    STREAMED = "streamed"  #: the round before was streamed, and others are not
