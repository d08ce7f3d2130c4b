"""Which headers are for the next hop only, and are not passed on (RFC 9110, 7.6.1)."""

from chatfake.core.http import Headers

#: `Connection`, those that it must name, and those that clients and servers use without naming them.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info", "proxy-authorization"}
    | {"proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)


def end_to_end(headers: Headers) -> Headers:
    """The headers without those of the connection, and without those that `Connection` names."""
    named = {
        option.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for option in value.split(",")
    }
    return tuple(
        (name, value)
        for name, value in headers
        if name.lower() not in _HOP_BY_HOP and name.lower() not in named
    )
