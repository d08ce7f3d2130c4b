"""The variables of a program under test: its endpoint, a home of its own, and nobody's keys."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from chatproof.drivers.variables import variables_at
from chatproof.gate import names_a_secret
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.plan import FIRST

__all__ = ["environment_at"]

_NO_KEY = "sk-play"
"""What a program finds where its user has a key."""

_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "ftp_proxy"})

_TOOLCHAINS: Mapping[str, str] = {
    "PYTHONUSERBASE": ".local",
    "PYENV_ROOT": ".pyenv",
    "UV_CACHE_DIR": ".cache/uv",
    "UV_PYTHON_INSTALL_DIR": ".local/share/uv/python",
    "UV_TOOL_DIR": ".local/share/uv/tools",
    "NVM_DIR": ".nvm",
    "npm_config_cache": ".npm",
    "VOLTA_HOME": ".volta",
    "FNM_DIR": ".local/share/fnm",
    "COREPACK_HOME": ".cache/node/corepack",
    "BUN_INSTALL": ".bun",
    "DENO_DIR": ".cache/deno",
    "RUSTUP_HOME": ".rustup",
    "CARGO_HOME": ".cargo",
    "GOPATH": "go",
    "GOCACHE": ".cache/go-build",
    "RBENV_ROOT": ".rbenv",
    "ASDF_DATA_DIR": ".asdf",
    "MISE_DATA_DIR": ".local/share/mise",
    "SDKMAN_DIR": ".sdkman",
    "GRADLE_USER_HOME": ".gradle",
    "NUGET_PACKAGES": ".nuget/packages",
}
"""What is found through a home, and would not be there in another: the variable that names its place, and the place."""


def environment_at(
    endpoint: Endpoint, now: Mapping[str, str], *, conversation: str = FIRST, hidden: Collection[str] = ()
) -> dict[str, str]:
    """All variables of a program: those of now, its own home in place of the user's, its endpoint by the usual names.

    Variables that are `hidden`, or named as secrets are, have a value that opens nothing. No proxy stands between.
    """
    kept = {name: value for name, value in now.items() if name.lower() not in _PROXIES}
    keyless = {name: _NO_KEY for name in kept if name in hidden or names_a_secret(name)}
    variables: dict[str, str | None] = {
        **kept,
        **keyless,
        **dict(_toolchains(now)),
        **variables_at(endpoint.home, now),
        **_locale(now),
        "OPENAI_BASE_URL": endpoint.base_url,
        "OPENAI_API_BASE": endpoint.base_url,
        "OPENAI_API_KEY": endpoint.api_key,
        "OPENAI_MODEL": endpoint.model,
        "CHATPROOF_BASE_URL": endpoint.base_url,
        "CHATPROOF_API_KEY": endpoint.api_key,
        "CHATPROOF_MODEL": endpoint.model,
        "CHATPROOF_HOME": str(endpoint.home),
        "CHATPROOF_SYSTEM_PROMPT": endpoint.system_prompt,
        "CHATPROOF_CONVERSATION": conversation,
    }
    return {name: value for name, value in variables.items() if value is not None}


def _toolchains(now: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those that are there and not named yet."""
    home = now.get("HOME")
    if not home:
        return
    for name, place in _TOOLCHAINS.items():
        path = Path(home, place)
        if name not in now and path.is_dir():
            yield name, str(path)


def _locale(now: Mapping[str, str]) -> dict[str, str]:
    """UTF-8, where nothing is said: in the C locale a program may print question marks for what it was answered."""
    if any(now.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        return {}
    return {"LANG": "C.UTF-8"}
