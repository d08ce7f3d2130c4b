"""What everything that leaves the process goes through: keys are masked, and nothing in it is obeyed by a terminal."""

from chatproof.gate.gate import Gate, names_a_secret

__all__ = ["Gate", "names_a_secret"]
