"""The whole table. Among rows with the same sign, what was recorded more often comes first."""

from .chat_answers import CHAT_ANSWERS
from .chat_members import CHAT_MEMBERS
from .chat_remarks import CHAT_REMARKS
from .chat_streams import CHAT_STREAMS
from .chat_tools import CHAT_TOOLS
from .completions import TEXT_ANSWERS
from .deviation import Deviation
from .errors import ERROR_BODIES
from .hosted_members import HOSTED_MEMBERS
from .model_lists import LISTED_MODELS
from .other_members import OTHER_MEMBERS
from .response_members import RESPONSE_MEMBERS
from .responses import RESPONSE_ANSWERS
from .usage_members import USAGE_MEMBERS

__all__ = ["DEVIATIONS"]

DEVIATIONS: tuple[Deviation, ...] = (
    *CHAT_ANSWERS,
    *CHAT_TOOLS,
    *CHAT_STREAMS,
    *CHAT_REMARKS,
    *TEXT_ANSWERS,
    *RESPONSE_ANSWERS,
    *ERROR_BODIES,
    *LISTED_MODELS,
    *CHAT_MEMBERS,
    *HOSTED_MEMBERS,
    *USAGE_MEMBERS,
    *OTHER_MEMBERS,
    *RESPONSE_MEMBERS,
)
