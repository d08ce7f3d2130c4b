"""Gateways: those that change one thing of what their backend says, and right ones, which no case may blame."""

from chatproof.selftest.endpoint.gateways.right import RIGHT
from chatproof.selftest.endpoint.gateways.wrong import WRONG, Gateway

__all__ = ["RIGHT", "WRONG", "Gateway"]
