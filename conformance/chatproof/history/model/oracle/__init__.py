"""The oracle: what each request of a client has to carry, as a fold over what was seen."""

from chatproof.history.model.oracle.fold import Judged, follow

__all__ = ["Judged", "follow"]
