"""Near misses of Open Responses: the resource, its events, their stream, and the request."""

from chatproof.strategies.near.near_miss import Catalogue
from chatproof.strategies.near.responses.event import NEAR_RESPONSE_EVENT
from chatproof.strategies.near.responses.request import NEAR_RESPONSE_REQUEST
from chatproof.strategies.near.responses.response import NEAR_RESPONSE
from chatproof.strategies.near.responses.stream import NEAR_RESPONSE_STREAM
from chatproof.strategies.near.responses.texts import NEAR_RESPONSE_TEXTS

__all__ = ["NEAR_RESPONSES"]

NEAR_RESPONSES: Catalogue = {
    **NEAR_RESPONSE,
    **NEAR_RESPONSE_EVENT,
    **NEAR_RESPONSE_STREAM,
    **NEAR_RESPONSE_TEXTS,
    **NEAR_RESPONSE_REQUEST,
}
