"""Where a request goes: the route, the API key that owns it, the plan and the dialect that it names itself.

`/key/KEY`, `/scenario/NAME` and `/dialect/NAME` may stand before the path, in any order, for clients whose key or
model can't be changed. `/v1` is optional.
"""

from dataclasses import dataclass

from chatfake.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`path` is without its prefixes and begins with a slash; absent names are empty strings."""

    path: str
    key: str
    plan: str
    dialect: str


def address_of(request: Request) -> Address:
    """Header, path and bearer token, read together. The path speaks before the headers."""
    path, named = request.path, {"key": "", "scenario": "", "dialect": ""}
    while (parts := path.split("/", 3))[1:2] in (["key"], ["scenario"], ["dialect"]) and len(parts) > 2:
        named[parts[1]] = parts[2]
        path = "/" + "/".join(parts[3:])
    if path == "/v1" or path.startswith("/v1/"):
        path = path[3:] or "/"
    if path.endswith("/") and path != "/":
        path = path[:-1]
    return Address(
        path=path,
        key=named["key"] or _key(request),
        plan=named["scenario"] or request.header("x-fake-scenario"),
        dialect=named["dialect"] or request.header("x-fake-dialect"),
    )


def _key(request: Request) -> str:
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.header("api-key")
