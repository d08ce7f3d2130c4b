"""Every answer of a run is judged, whatever it was asked for; one cause is one finding, of the case with its rule."""

from chatproof.judging.everywhere.ledger import Ledger
from chatproof.judging.everywhere.settling import settled

__all__ = ["Ledger", "settled"]
