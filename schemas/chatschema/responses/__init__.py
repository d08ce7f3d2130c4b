"""Open Responses: the resource, its stream of events, and the request; OpenAI's Responses API and its kin."""
