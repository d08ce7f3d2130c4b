"""The exported documents: in step with the models, right by their meta-schema, shipped, and the same everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chatschema import Kind
from chatschema.judging.catalogue import CONTRACTS
from chatschema.schema_export import file_name, schema_id, text
from tests.schemas.json_schema.pair import COMMAND, FOLDER, committed
from tests.schemas.json_schema.samples import SAMPLES, Sample

ROOT = Path(__file__).parents[3]
every_kind = pytest.mark.parametrize("kind", list(CONTRACTS))


@every_kind
def test_the_committed_schema_is_that_of_the_models(kind: Kind) -> None:
    path = FOLDER.joinpath(file_name(kind))
    assert path.is_file(), f"{file_name(kind)} is not there: {COMMAND}"
    assert path.read_bytes() == text(CONTRACTS[kind]).encode(), COMMAND


def test_no_committed_schema_is_left_over() -> None:
    present = {path.name for path in FOLDER.iterdir()}
    assert present <= {file_name(kind) for kind in CONTRACTS}, "its kind is gone: delete the file"


@every_kind
def test_a_document_says_what_it_is(kind: Kind) -> None:
    found = committed(kind).schema
    Draft202012Validator.check_schema(found)
    assert list(found)[:4] == ["$schema", "$id", "title", "description"]
    assert found["$id"] == schema_id(kind) == f"urn:chatproof:schema:1:{kind}"
    assert found["description"].startswith(CONTRACTS[kind].summary)


@every_kind
def test_an_example_breaks_nothing_and_stands_in_the_document(kind: Kind) -> None:
    assert CONTRACTS[kind].examples
    for example in CONTRACTS[kind].examples:
        assert CONTRACTS[kind].inspect(example).violations == ()
        assert committed(kind).accepted_by_schema(example)
        assert example in committed(kind).schema["examples"]


@every_kind
def test_a_kind_has_samples_that_are_valid_and_some_that_are_broken(kind: Kind) -> None:
    assert {sample.valid for sample in SAMPLES if sample.kind is kind} == {True, False}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_sample_has_the_verdict_that_its_folder_says(sample: Sample) -> None:
    pair = committed(sample.kind)
    assert pair.accepted_by_schema(sample.value) == pair.accepted_by_models(sample.value) == sample.valid


def test_another_process_exports_the_same_bytes() -> None:
    program = (
        "import sys\n"
        "from chatschema.judging.catalogue import CONTRACTS\n"
        "from chatschema.schema_export import text\n"
        "sys.stdout.buffer.write(''.join(map(text, CONTRACTS.values())).encode())"
    )
    seeded = os.environ | {"PYTHONHASHSEED": "1"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=seeded, capture_output=True, check=True, timeout=60
    )
    assert run.stdout == "".join(map(text, CONTRACTS.values())).encode()
