"""Driving a client: what is said to it, and what it gives back, in a thread or in a process of its own."""

from chatproof.drivers.driver import CannotError, ClientFailedError, Driver, HungError, Saying
from chatproof.drivers.process import ProcessDriver
from chatproof.drivers.thread import ThreadDriver

__all__ = [
    "CannotError",
    "ClientFailedError",
    "Driver",
    "HungError",
    "ProcessDriver",
    "Saying",
    "ThreadDriver",
]
