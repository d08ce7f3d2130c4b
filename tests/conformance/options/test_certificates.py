"""Which certificates are trusted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from chatfake import LiveServer
from chatfake.serving.tls import Tls
from tests.conformance.test_check_command import check
from tests.conformance.test_plugin import run_here


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A fake behind a certificate that nobody trusts, and the file that names who signed it."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    own = authority.issue_cert("127.0.0.1")
    own.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    with LiveServer(tls=Tls(cert=str(folder / "server.pem"), key=str(folder / "server.pem"))) as server:
        yield server.base_url, folder / "ca.pem"


def test_a_certificate_is_trusted_by_its_authority_or_not_looked_at(
    secured: tuple[str, Path], folder: Path
) -> None:
    url, authority = secured
    refused = check(url)
    assert refused.exit_code == 2
    assert "the TLS certificate is not trusted" in refused.stderr
    assert "--cacert FILE" in refused.stderr
    assert "--insecure" in refused.stderr
    trusted = check(url, "--cacert", str(authority), "-k", "models.list")
    assert trusted.exit_code == 0, trusted.output
    assert "certificates not checked" not in trusted.output
    unchecked = check(url, "--insecure", "-k", "models.list", "--json", "r.json")
    assert unchecked.exit_code == 0, unchecked.output
    assert "note: certificates not checked" in "\n".join(unchecked.output.splitlines()[:2])
    assert json.loads((folder / "r.json").read_text())["target"]["notes"][0].startswith("certificates not")


def test_plain_pytest_has_the_same_certificates(secured: tuple[str, Path], folder: Path) -> None:
    url, authority = secured
    case = ("--chatproof-url", url, "-k", "models.list")
    assert run_here(*case, "--chatproof-cacert", str(authority))[0] == 0
    code, _ = run_here(*case, "--chatproof-insecure", "--chatproof-json", "r.json")
    assert code == 0
    assert json.loads((folder / "r.json").read_text())["target"]["notes"][0].startswith("certificates not")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "no-such.pem (--cacert) cannot be read: No such file or directory"),
        ("", "no-such.pem (--cacert) holds no certificate in PEM"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate in PEM"),
    ],
)
def test_a_file_without_certificates_is_told(written: str | None, told: str, folder: Path) -> None:
    if written is not None:
        (folder / "no-such.pem").write_text(written)
    run = check("https://127.0.0.1:9/v1", "--cacert", "no-such.pem")
    assert run.exit_code == 2
    assert told in run.stderr
    assert run.stderr.count("\n") == 1


def test_both_ways_to_take_a_certificate_are_one_too_many(secured: tuple[str, Path]) -> None:
    url, authority = secured
    run = check(url, "--cacert", str(authority), "--insecure")
    assert (run.exit_code, "--cacert and --insecure exclude each other" in run.stderr) == (2, True)
