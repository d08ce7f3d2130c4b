"""A request as a command that sends it again."""

import shlex

from chatfake.core.secret_names import is_secret_header
from chatfake.journal.journal import Recorded

#: Longer bodies fit no command line.
LONGEST = 100_000
#: What curl writes itself, and what belonged to the client's connection.
_LEFT_OUT = frozenset(
    {"host", "content-length", "connection", "accept", "accept-encoding", "user-agent", "transfer-encoding"}
)


def curl_of(entry: Recorded, key: str, origin: str) -> str | None:
    """The command; None for a body that no command line carries. Without a handle's key, `$OPENAI_API_KEY` is used."""
    try:
        body = entry.body.decode()
    except UnicodeDecodeError:
        return None
    if len(body) > LONGEST or "\0" in body:
        return None
    query = f"?{entry.query}" if entry.query else ""
    base = "" if entry.path.startswith("/_fake") else "/v1"
    stays = " -N" if isinstance(entry.json, dict) and entry.json.get("stream") is True else ""
    bearer = shlex.quote(f"Authorization: Bearer {key}") if key else '"Authorization: Bearer $OPENAI_API_KEY"'
    lines = [f"curl{stays} {shlex.quote(f'{origin}{base}{entry.path}{query}')}", f"-H {bearer}"]
    if entry.method not in ("GET", "POST") or (entry.method == "POST" and not body):
        lines.insert(1, f"-X {shlex.quote(entry.method)}")
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in entry.headers if _kept(name)]
    if body:
        lines.append(f"--data-binary {shlex.quote(body)}")
    return " \\\n  ".join(lines)


def _kept(name: str) -> bool:
    return name not in _LEFT_OUT and not is_secret_header(name) and not name.startswith("x-stainless-")
