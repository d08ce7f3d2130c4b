"""All kinds of hostile endpoints, by name."""

from tests.hostile.kind import Kind
from tests.hostile.kinds.connections import CONNECTIONS
from tests.hostile.kinds.controls import CONTROLS
from tests.hostile.kinds.encodings import ENCODINGS
from tests.hostile.kinds.endings import ENDINGS
from tests.hostile.kinds.keys import KEYS
from tests.hostile.kinds.mid_run import MID_RUN
from tests.hostile.kinds.shapes import SHAPES
from tests.hostile.kinds.sizes import SIZES

__all__ = ["CATALOGUE", "GROUPS"]

GROUPS: dict[str, tuple[Kind, ...]] = {
    "Connections": CONNECTIONS,
    "Ends": ENDINGS,
    "Sizes": SIZES,
    "Encodings": ENCODINGS,
    "Shapes": SHAPES,
    "The key": KEYS,
    "What a terminal obeys": CONTROLS,
    "In mid-run": MID_RUN,
}

CATALOGUE = {kind.name: kind for kinds in GROUPS.values() for kind in kinds}
