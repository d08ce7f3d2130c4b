"""Near misses of Open Responses: the resource, its events, their stream, and the request."""

from chatproof.strategies.near.near_miss import joined
from chatproof.strategies.near.responses.request import NEAR_RESPONSE_REQUEST
from chatproof.strategies.near.responses.response import NEAR_RESPONSE
from chatproof.strategies.near.responses.stream import NEAR_RESPONSE_STREAM

__all__ = ["NEAR_RESPONSES"]

NEAR_RESPONSES = joined(NEAR_RESPONSE, NEAR_RESPONSE_STREAM, NEAR_RESPONSE_REQUEST)
