"""Near misses of the tools of a request, and of the choice among them."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import added, catalogue, defect, put
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.requests import FUNCTION, function_requests, plain_chat_requests
from chatschema import Kind

__all__ = ["NEAR_REQUEST_TOOLS"]

_PLAIN, _OLDER = plain_chat_requests(), function_requests()
_TOOLED = _PLAIN.map(lambda request: put(request, "tools", by=[FUNCTION]))
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_miss = partial(defect, Kind.CHAT_REQUEST)


NEAR_REQUEST_TOOLS = catalogue(
    *rows(__file__, plain=_PLAIN, tooled=_TOOLED, older=_OLDER),
    _miss(
        "too-many-tools",
        _VALUE,
        "There are more than 128 tools.",
        added(_PLAIN, "tools", by=st.sampled_from(([*([FUNCTION] * 129)],))),
    ),
)
