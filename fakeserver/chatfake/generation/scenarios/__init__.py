"""What the fake can be asked to say, by name: each is a model, a path, a header value and a test case by itself."""

from collections.abc import Mapping
from types import MappingProxyType

from chatfake.generation.reply import Reply, saying

# each of these files puts its scenarios into the registry, the default first
from chatfake.generation.scenarios import texts  # isort: skip
from chatfake.generation.scenarios import calls, choices, shapes
from chatfake.generation.scenarios.scenario import REGISTRY, Scenario

__all__ = ["DEFAULT", "SCENARIOS", "Scenario", "scripted"]

_FILES = (texts, calls, choices, shapes)

#: Every scenario by name, the default first.
SCENARIOS: Mapping[str, Scenario] = MappingProxyType(REGISTRY)
DEFAULT = SCENARIOS["text"]


def scripted(reply: Reply | str) -> Scenario:
    """A reply of a test's own as a scenario."""
    said = reply if isinstance(reply, Reply) else Reply(text=reply)
    return Scenario(name="script", description="a scripted reply", outcome=_outcome(said), speak=saying(said))


def _outcome(reply: Reply) -> str:
    if reply.tool_calls:
        return "whose answer had a tool call" if reply.text else SCENARIOS["tool-call-only"].outcome
    return (
        "whose answer was a refusal" if reply.refusal is not None else f"whose answer was {reply.text!r:.60}"
    )
