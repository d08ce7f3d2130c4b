"""Texts that a terminal, a log or a CI system obeys."""

from tests.hostile.kind import Kind
from tests.hostile.kinds.texts import DOORS, PLACES, Text

__all__ = ["CONTROLS"]

_TEXTS = {
    "OSC": ("sets the terminal's title and clipboard", "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x1b\\"),
    "CSI": ("clears the screen, moves the cursor up", "\x1b[2J\x1b[1A\x1b[31mpassed"),
    "BEL, BS, DEL": ("rings, and rubs out what was said", "failed\x07\x08\x08\x08\x08\x08\x08\x7fpassed"),
    "C1": ("controls of eight bits", "\x9b31m\x9d0;owned\x9c\x85"),
    "marks of direction": ("reads backwards", "\u202epassed\u202c\u2066x\u2069\u200f"),
    "separators": ("line and paragraph", "a\u2028::error::owned\u2029::error::owned"),
    "workflow command": ("a line of its own", "a\r\n::error file=x::owned\n##vso[task.complete]\n##[error]x"),
    "tags": ("a character that nobody sees, and XML", "\U000e0041\ufeff]]><a>&lt;\ufffe\x0c"),
}


def _told(text: str) -> Text:
    return lambda _: text


CONTROLS = tuple(
    Kind(name=f"{name} in {place}", what=what, does=make(_told(text)), door=DOORS.get(place, 2))
    for name, (what, text) in _TEXTS.items()
    for place, make in PLACES.items()
    if place in {"an error", "a model's id", "an answer"} or name in {"OSC", "workflow command"}
)
