"""Who is known to differ from OpenAI, how, and which clients broke on it.

A table with one row for each way (`table.DEVIATIONS`); `known_deviations` and `known_extension` look into it. It says
where something is likely to come from, and never changes a verdict.
"""

from .deviation import RECORDED, Deviation
from .lookup import known_deviations, known_extension

__all__ = ["RECORDED", "Deviation", "known_deviations", "known_extension"]
