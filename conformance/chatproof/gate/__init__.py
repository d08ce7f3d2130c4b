"""What everything that leaves the process goes through: keys are masked, and nothing in it is obeyed by a terminal."""

from chatproof.gate.gate import Gate

__all__ = ["Gate"]
