"""The endpoint behind a relay: who is asked, with what key, and why it cannot be asked any more."""

from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from chatproof.probe import Access
from chatproof.probe.client import is_near, trust_of

__all__ = ["Upstream"]

_CONNECT_SECONDS = 10.0
_FORWARDED = ("content-type", "accept", "openai-beta")
"""Headers of a client's request that say how it is to be answered. Its key and its cookies are the stage's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """`base_url` is what routes are below. An answer that is silent for so many `seconds` is given up."""

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    access: Access = field(default_factory=Access)
    seconds: float = 30.0

    def client(self) -> httpx.AsyncClient:
        """Connections to it, as the probe makes them: no redirect is followed, and no cookie is kept.

        Raises:
            OSError: the certificates cannot be read.
        """
        return httpx.AsyncClient(
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=not is_near(self.base_url),
            verify=trust_of(self.access, self.base_url),
            timeout=httpx.Timeout(self.seconds, connect=min(_CONNECT_SECONDS, self.seconds)),
            # a kept connection may be closed at any moment, and that would look like a fault of the endpoint
            limits=httpx.Limits(max_keepalive_connections=0, max_connections=None),
            headers={"user-agent": "chatproof", "accept": "*/*", "accept-encoding": "identity"},
        )

    def request(
        self, http: httpx.AsyncClient, path: str, body: bytes, headers: tuple[tuple[str, str], ...]
    ) -> httpx.Request:
        """The request of a client, with the key that lets it in here."""
        head = [(name, value) for name, value in headers if name in _FORWARDED]
        lines = [*head, *((one.name, one.value) for one in self.access.beside(name for name, _ in head))]
        if self.api_key and not self.access.key_header:
            lines.append(("authorization", f"Bearer {self.api_key}"))
        return http.build_request("POST", f"{self.base_url}{path}", content=body, headers=lines)

    def without_secrets(self, body: bytes) -> bytes:
        """A refusal may quote the key, and is read by whoever is judged."""
        secrets = [self.api_key or "", *self.access.secrets]
        for secret in filter(None, secrets):
            body = body.replace(secret.encode(), b"***")
        return body
