"""Clients whose conversations have branches."""

from chatproof.findings.finding import Level
from chatproof.history.rules.claims import all_of, has, needs_persistence, needs_tree
from chatproof.history.rules.registry import Unclaimed, rule

__all__: list[str] = []

_ROWS: tuple[tuple[str, Unclaimed, str, str, str], ...] = (
    (
        "tree.path",
        needs_tree,
        "Completing from a node sends exactly the messages from the root to it.",
        "The branch begins with less or more than the user sees above it, and its answers do not fit.",
        "minillmlib 0.4.4: with add_child=False the reply has no parent, and the whole history is gone",
    ),
    (
        "tree.siblings",
        needs_tree,
        "Nothing from a sibling branch is ever sent, and completing twice from one node gives two children.",
        "A branch that was left speaks into the one that was chosen.",
        "danny-avila/LibreChat#1507: the next message hangs on another parent",
    ),
    (
        "tree.any-node",
        needs_tree,
        "Completing from an inner node leaves its other children as they were.",
        "Trying another answer destroys what followed the first one.",
        "the trees of minillmlib and LibreChat: any node can be completed from",
    ),
    (
        "tree.round-trip",
        all_of(needs_tree, needs_persistence, has("restart")),
        "A thread or tree that was saved and loaded sends the same messages.",
        "After loading, the conversation goes on in another branch, or with messages missing.",
        "minillmlib 0.4.4: save_loom writes a tree, and nothing reads it",
    ),
    (
        "tree.from-messages",
        has("load"),
        "A conversation that is built from a list of messages sends that list.",
        "An imported conversation begins with holes, or with other words than were imported.",
        "lm-deluge 0.0.168: from_openai_chat drops blank user messages and empty replies without a word",
    ),
)

for _id, _unclaimed, _sentence, _breaks, _reference in _ROWS:
    rule(_id, Level.MUST, _sentence, breaks=_breaks, reference=_reference, unclaimed=_unclaimed)
