"""Tools that read OpenAPI make of the fake's document what it means, and find the fake to keep it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from chatfake import LiveServer
from chatproof.openapi import text

#: They wait for what may never come.
WAITING = r"/_fake/(wait|events)"
#: LoRAX's router fails with 500 on an empty batch, and so does the fake; schemathesis takes any 500 for a fault.
FAILING = "/classify_batch"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def programs(environments: Path) -> Path:
    """Where the tools are."""
    found = environments / "openapi" / "bin"
    if not found.is_dir():
        pytest.skip(f"{environments} has no environment openapi; `.ci/peers` makes it")
    return found


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": ""},
    )


def test_the_document_is_valid(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(text(), encoding="utf-8")
    done = run(programs / "openapi-spec-validator", "openapi.json", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_validator_tells_a_document_that_is_none(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"openapi": "3.1.0", "paths": {"a": {}}}')
    assert run(programs / "openapi-spec-validator", "broken.json", folder=tmp_path).returncode != 0


def test_schemathesis_finds_the_fake_to_keep_its_document(programs: Path, tmp_path: Path) -> None:
    with LiveServer() as server:
        root = server.base_url.removesuffix("/v1")
        done = run(
            *(programs / "schemathesis", "run", f"{root}/openapi.json", "--checks", ",".join(CHECKS)),
            *("--exclude-path-regex", WAITING, "--exclude-path", FAILING),
            *("--max-examples", "5", "--phases", "examples,coverage,fuzzing"),
            folder=tmp_path,
        )
    assert done.returncode == 0, done.stdout[-4000:]
    counted = re.search(r"(\d+) generated", done.stdout)
    assert counted is not None
    assert int(counted[1]) > 1000


def test_schemathesis_tells_an_answer_that_is_not_in_the_document(programs: Path, tmp_path: Path) -> None:
    document = text().replace('"model_id"', '"model_name"')
    (tmp_path / "openapi.json").write_text(document, encoding="utf-8")
    with LiveServer() as server:
        done = run(
            *(programs / "schemathesis", "run", "openapi.json", "--url", server.base_url.removesuffix("/v1")),
            *("--include-path", "/info", "--max-examples", "5", "--checks", ",".join(CHECKS)),
            folder=tmp_path,
        )
    assert done.returncode == 1, done.stdout[-4000:]
    assert "model_name" in done.stdout
