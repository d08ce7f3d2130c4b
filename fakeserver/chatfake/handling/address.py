"""Where a request goes: the route, the API key that owns it, the plan and the dialect that it names itself.

`/key/KEY`, `/scenario/NAME` and `/dialect/NAME` may stand before the path, in any order, for clients whose key or
model can't be changed. `/v1` is optional, and `/openai/v1` is the same. `/openai/deployments/NAME` is how Azure's
clients write it: the deployment speaks where the request names no model.
"""

from dataclasses import dataclass

from chatfake.core.http import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`path` is without its prefixes and begins with a slash; absent names are empty strings."""

    path: str
    key: str
    plan: str
    dialect: str
    deployment: str = ""


#: What the clients for Azure put before a route.
DEPLOYMENTS = "/openai/deployments/"


def address_of(request: Request) -> Address:
    """Header, path and bearer token, read together. The path speaks before the headers."""
    path, named = request.path, {"key": "", "scenario": "", "dialect": ""}
    while (parts := path.split("/", 3))[1:2] in (["key"], ["scenario"], ["dialect"]) and len(parts) > 2:
        named[parts[1]] = parts[2]
        path = "/" + "/".join(parts[3:])
    deployment = ""
    if path.startswith(DEPLOYMENTS):
        deployment, _, path = path.removeprefix(DEPLOYMENTS).partition("/")
        path = f"/{path}"
    path = path.removeprefix("/openai") if path.startswith("/openai/v1") else path
    if path == "/v1" or path.startswith("/v1/"):
        path = path[3:] or "/"
    if path.endswith("/") and path.strip("/"):
        path = path[:-1]
    return Address(
        path=path,
        key=named["key"] or _key(request),
        plan=named["scenario"] or request.header("x-fake-scenario"),
        dialect=named["dialect"] or request.header("x-fake-dialect") or ("azure" if deployment else ""),
        deployment=deployment,
    )


def _key(request: Request) -> str:
    scheme, _, token = request.header("authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.header("api-key")
