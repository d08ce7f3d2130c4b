"""Near misses of Open Responses: the resource, its events, their stream, and the request."""

from chatproof.strategies.near_miss import Catalogue
from chatproof.strategies.near_response import NEAR_RESPONSE
from chatproof.strategies.near_response_event import NEAR_RESPONSE_EVENT
from chatproof.strategies.near_response_request import NEAR_RESPONSE_REQUEST
from chatproof.strategies.near_response_stream import NEAR_RESPONSE_STREAM
from chatproof.strategies.near_response_texts import NEAR_RESPONSE_TEXTS

__all__ = ["NEAR_RESPONSES"]

NEAR_RESPONSES: Catalogue = {
    **NEAR_RESPONSE,
    **NEAR_RESPONSE_EVENT,
    **NEAR_RESPONSE_STREAM,
    **NEAR_RESPONSE_TEXTS,
    **NEAR_RESPONSE_REQUEST,
}
