"""Whom a chat is with: the endpoint, what lets in there, and what must not be told of that."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from chatproof.clients import EVERYDAY, ChatModel
from chatproof.gate import Gate
from chatproof.probe import Access
from chatproof.probe.client import Client, Limits, is_near, trust_of
from chatproof.probe.exchange import Exchange, Sent

__all__ = ["Address", "models_of"]

_LISTING = 20.0
"""Seconds, at the most, for a list of models."""

_NO_WORD = re.compile(r".{16,}")
"""Values of keys that may be hidden in what people say; shorter ones are words such as EMPTY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`url` is the base of the API, without a slash at its end; `key` is that of the variable `key_variable`."""

    url: str
    key: str = field(default="", repr=False)
    key_variable: str = "OPENAI_API_KEY"
    access: Access = field(default_factory=Access)
    timeout: float = 120.0

    @property
    def sent_key(self) -> str:
        """The key, unless a header of the user's takes its place."""
        return "" if self.access.key_header else self.key

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be told, each with what is shown in its place."""
        own = {self.key: f"${self.key_variable}"} if self.key else {}
        return {**self.access.secrets, **own}

    @property
    def gate(self) -> Gate:
        """What all that is told of the endpoint goes through."""
        return Gate(self.secrets)

    def hidden(self) -> Callable[[str], str] | None:
        """What takes the keys out of what is said, and leaves all else; None where there is nothing to hide."""
        secrets = {secret: shown for secret, shown in self.secrets.items() if _NO_WORD.fullmatch(secret)}
        return Gate(secrets).prose if secrets else None

    def http(self) -> httpx.Client:
        """What requests go through: redirects are not followed, for the key would go along; cookies are not kept."""
        return httpx.Client(
            verify=trust_of(self.access, self.url),
            trust_env=not is_near(self.url),
            limits=httpx.Limits(max_keepalive_connections=0),  # a kept one may be closed between two messages
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers=[("user-agent", "chatproof"), *((one.name, one.value) for one in self.access.headers)],
        )

    def model(self, name: str, http: httpx.Client) -> ChatModel:
        """One of its models."""
        return ChatModel(
            base_url=self.url,
            api_key=self.sent_key,
            model=name,
            timeout=self.timeout,
            form=EVERYDAY,
            http=http,
        )

    def listing(self, url: str = "") -> Exchange:
        """What it says when it is asked for its models, at its URL or another one of the same host."""
        seconds = min(self.timeout, _LISTING)
        client = Client(
            url or self.url,
            api_key=self.sent_key,
            limits=Limits(seconds=seconds),
            transport=None,
            access=self.access,
        )
        asked = Sent(method="GET", url=f"{url or self.url}/models", headers=(), body=b"")
        with closing(client):
            return client.exchange(asked, seconds)


def models_of(listing: Exchange) -> list[str]:
    """The names in a list of models; none where it is no such list."""
    data = listing.object().get("data") if listing.status == 200 else None
    ids = [one.get("id") for one in data if isinstance(one, dict)] if isinstance(data, list) else []
    return [one for one in ids if isinstance(one, str) and one]
