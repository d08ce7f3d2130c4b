"""The schemas judge alike in other tools: check-jsonschema on the command line, Ajv in Node."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from chatschema import JsonValue, Kind
from chatschema.judging.catalogue import CONTRACTS
from chatschema.schema_export import file_name, schema_id
from tests.schemas.json_schema.changing import changes
from tests.schemas.json_schema.drawing import Schema
from tests.schemas.json_schema.pair import committed
from tests.schemas.json_schema.samples import SAMPLES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas" / "chatschema" / "json"
#: Changed values of each kind that Ajv is asked about.
MOST = 300


def check_jsonschema(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_check_jsonschema_finds_the_schemas_right() -> None:
    run = check_jsonschema("--check-metaschema", *sorted(FOLDER.glob("*.json")))
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("kind", [Kind.COMPLETION, Kind.CHUNK, Kind.RESPONSE_EVENT, Kind.LORAX_ROOT])
def test_check_jsonschema_tells_broken_samples_from_valid_ones(kind: Kind) -> None:
    samples = [sample for sample in SAMPLES if sample.kind is kind]
    run = check_jsonschema(
        "--schemafile", FOLDER / file_name(kind), "-o", "json", *(sample.path for sample in samples)
    )
    assert run.returncode == 1, run.stdout + run.stderr
    refused = {Path(error["filename"]) for error in json.loads(run.stdout)["errors"]}
    assert refused == {sample.path for sample in samples if not sample.valid}


@pytest.fixture(scope="module")
def node_folder(environments: Path) -> Path:
    """A folder whose node_modules has Ajv."""
    found = environments / "ajv"
    if not found.is_dir():
        pytest.skip(f"{environments} has no environment ajv; `.ci/peers` makes it")
    return found


def ask_ajv(
    folder: Path, schemas: list[Schema], cases: list[tuple[Kind, JsonValue]]
) -> subprocess.CompletedProcess[str]:
    asked = {
        "folder": str(folder),
        "schemas": schemas,
        "cases": [(schema_id(kind), value) for kind, value in cases],
    }
    return subprocess.run(
        ["node", str(Path(__file__).with_name("ajv_program.cjs"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def by_ajv(folder: Path, cases: list[tuple[Kind, JsonValue]]) -> list[bool]:
    run = ask_ajv(folder, [committed(kind).schema for kind in CONTRACTS], cases)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    assert found["version"].startswith("8.")
    verdicts: list[bool] = found["verdicts"]
    return verdicts


@pytest.mark.peers
def test_ajv_in_strict_mode_has_our_verdict_on_every_sample(node_folder: Path) -> None:
    verdicts = by_ajv(node_folder, [(sample.kind, sample.value) for sample in SAMPLES])
    wrong = [
        str(sample) for sample, verdict in zip(SAMPLES, verdicts, strict=True) if verdict != sample.valid
    ]
    assert wrong == []


def changed_examples() -> Iterator[tuple[Kind, JsonValue]]:
    """Some changes of an example of each kind, the same in each run."""
    for kind, contract in CONTRACTS.items():
        tried = list(islice(changes(contract.examples[0], committed(kind).words), 100_000))
        yield from ((kind, value) for value in tried[:: len(tried) // MOST + 1])


@pytest.mark.peers
def test_ajv_in_strict_mode_has_the_verdict_of_the_models_on_changed_examples(node_folder: Path) -> None:
    cases = list(changed_examples())
    verdicts = by_ajv(node_folder, cases)
    ours = [committed(kind).accepted_by_models(value) for kind, value in cases]
    assert {True, False} == set(ours)
    wrong = [case for case, verdict, our in zip(cases, verdicts, ours, strict=True) if verdict != our]
    assert wrong == []


@pytest.mark.peers
def test_the_example_for_node_in_the_docs_runs(node_folder: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    (tmp_path / "example.mjs").write_text(example, encoding="utf-8")
    (tmp_path / "schemas").symlink_to(FOLDER)
    (tmp_path / "node_modules").symlink_to(node_folder / "node_modules")
    run = subprocess.run(
        ["node", "example.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout.splitlines() == ["true", "false data/error must be object"], run.stderr


@pytest.mark.peers
def test_ajv_in_strict_mode_refuses_what_a_schema_must_not_have(node_folder: Path) -> None:
    unknown = {**committed(Kind.ERROR).schema, "discriminator": {"propertyName": "type"}}
    run = ask_ajv(node_folder, [unknown], [(Kind.ERROR, None)])
    assert run.returncode != 0
    assert 'strict mode: unknown keyword: "discriminator"' in run.stderr
