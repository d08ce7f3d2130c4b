"""What a client declares, found out: a few plays, and the policies under which they show nothing amiss."""

from chatproof.history.running.inference.infer import Inferred, infer

__all__ = ["Inferred", "infer"]
