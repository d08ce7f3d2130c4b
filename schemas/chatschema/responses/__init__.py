"""Open Responses: the resource, its stream of events, and the request; OpenAI's Responses API and its kin."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
