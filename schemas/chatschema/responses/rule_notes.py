"""What the rules of Open Responses say is wrong."""

from collections.abc import Mapping

__all__ = ["RESPONSE_NOTES"]

RESPONSE_NOTES: Mapping[str, str] = {
    "responses.json.created": "The time is no time of an answer: in milliseconds, 0, before 1970.",
    "responses.json.items": "An item of the output has no id, or two calls share one call_id.",
    "responses.json.model": "The model has no name.",
    "responses.json.status": "What a response says of its end does not fit its status.",
    "responses.json.usage": "The token counts are missing, the total is not their sum, or one is what none can be.",
    "responses.output-text": "A message has its text in a part of a type that clients pass over.",
    "responses.request.calls": "A result has no call, or a call has no result.",
    "responses.request.input": "A request asks nothing.",
    "responses.request.model": "A request names no model.",
    "responses.request.parts": "A message has a part that its role cannot have.",
    "responses.request.past": "A request goes on in two places at once.",
    "responses.request.tool-choice": "The tool that has to be called is not among those that are given.",
    "responses.sequence-numbers": "The events do not count from 0 by one.",
    "responses.spec-complete": "A member is missing that the specification requires and clients live without.",
    "responses.sse.events": "The events do not open, fill and close a response in order, or contradict each other.",
    "responses.sse.framing": "An event is not framed by the rules, or its data is no JSON object.",
    "responses.sse.shape": "An event has a member missing, of another type, or with a value that it cannot have.",
    "responses.unknown-type": "A type is not the specification's and has no vendor's prefix.",
}
