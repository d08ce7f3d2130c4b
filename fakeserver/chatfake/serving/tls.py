"""Where a certificate and its key are."""

import ssl
from dataclasses import dataclass


class TlsError(ValueError):
    """One sentence that says what is wrong with the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Two files in PEM. Raises `TlsError` where they are no certificate and its key."""

    cert: str
    key: str

    def __post_init__(self) -> None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.cert, self.key)
        except OSError as error:  # ssl.SSLError is one too
            reason = error.strerror or str(error)
            raise TlsError(f"{self.cert} and {self.key} are no certificate and its key: {reason}") from None
