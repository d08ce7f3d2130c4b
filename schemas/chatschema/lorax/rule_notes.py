"""What the rules of LoRAX say is wrong."""

from collections.abc import Mapping

__all__ = ["LORAX_RULES"]

LORAX_RULES: Mapping[str, str] = {
    "lorax.classify": "An entity ends before it starts.",
    "lorax.errors.stream": "An error in a stream is not one event of its form, or not the last event.",
    "lorax.errors.unknown-adapter": "An adapter comes from a source that there is not.",
    "lorax.errors.validation": "A request that the router refuses, or a validation error that does not say so.",
    "lorax.generate.best-of": "The sequence that was answered is not the likeliest of all.",
    "lorax.generate.details": "The details do not fit the text, or their counts not the tokens.",
    "lorax.spec-complete": "A member is missing that newer servers send, or null where they leave it out.",
    "lorax.stream.framing": "An event is not framed by the rules, its data is no JSON, or a native stream says [DONE].",
    "lorax.stream.last-event": "The event that says how the text ended does not come once, in its place.",
    "lorax.stream.shape": "An event has a member missing, of another type, or with a value that it cannot have.",
    "lorax.stream.text-adds-up": "The last event has another text or another count than the events add up to.",
    "lorax.tokenize": "A piece of a text ends before it starts.",
}
