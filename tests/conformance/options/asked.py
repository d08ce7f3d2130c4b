"""What tests of how an endpoint is asked have in common."""

import json

import httpx

from chatproof.judging.target import Target

TARGET = Target(url="http://there/v1", model="tiny")


def answered(status: int, value: object = None) -> httpx.Response:
    """An answer that is still to be read, as one from the network is."""
    return httpx.Response(status, stream=httpx.ByteStream(json.dumps(value).encode()))
