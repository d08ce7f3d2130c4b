"""The members of answers: which there are, of what type, and which a gateway has lost."""

from collections.abc import Iterable, Iterator

from chatproof.probe import Json

__all__ = ["is_relied_on", "lost", "members"]

Members = frozenset[tuple[str, str]]

_RELIED_ON = frozenset(
    {
        *("id", "object", "created", "model", "choices", "index", "message", "delta", "role", "content"),
        *("tool_calls", "type", "function", "name", "arguments", "finish_reason", "text", "refusal"),
        *("logprobs", "token", "logprob", "bytes", "top_logprobs", "reasoning", "reasoning_content"),
    }
)
"""Members that SDKs and clients of servers that reason read; others are a server's own, or tell of its state."""

_MOST = 2000


def members(value: Json, path: str = "$", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The path and the type of each member that is not null; all items of a list are one."""
    if isinstance(value, dict) and depth < 20:
        for name, inner in list(value.items())[:_MOST]:
            if inner is not None:
                yield f"{path}.{name}", _type(inner)
                yield from members(inner, f"{path}.{name}", depth + 1)
    elif isinstance(value, list) and depth < 20:
        for inner in value[:_MOST]:
            if inner is not None:
                yield f"{path}[*]", _type(inner)
                yield from members(inner, f"{path}[*]", depth + 1)


def _type(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def lost(gateway: Iterable[Members], backend: Iterable[Members]) -> list[tuple[str, str, str]]:
    """What all answers of the backend have, and none of the gateway's: path, type, and what stands there instead.

    A member within one that is lost is not told by itself.
    """
    always = frozenset[tuple[str, str]].intersection(*backend)
    ever = frozenset[tuple[str, str]]().union(*gateway)
    missing = sorted(always - ever)
    paths = {path for path, _ in missing}
    return [
        (path, kind, _instead(path, ever, {other for other, _ in always}))
        for path, kind in missing
        if not any(outer in paths for outer in _outer(path))
    ]


def _outer(path: str) -> Iterator[str]:
    for at, char in enumerate(path):
        if char in ".[" and at > 1:
            yield path[:at]


def _instead(path: str, there: Members, known: set[str]) -> str:
    if kinds := sorted(kind for other, kind in there if other == path):
        return f"{' or '.join(kinds)}"
    parent = path.rpartition(".")[0]
    new = sorted({other for other, _ in there if other.rpartition(".")[0] == parent} - known)
    return "no such member" + (f"; new beside it: {', '.join(new)[:200]}" if new else "")


def is_relied_on(path: str) -> bool:
    """Whether clients read the member."""
    return path.rpartition(".")[2].removesuffix("[*]") in _RELIED_ON
