"""What is installed is what is meant to be."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from chatproof.cli.check_options import PROFILES
from chatschema.judging.catalogue import CONTRACTS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_dependency_group_is_the_extra() -> None:
    assert PROJECT["dependency-groups"]["dev"] == PROJECT["project"]["optional-dependencies"]["dev"]


def test_the_pinned_packages_cover_every_dependency_and_name_no_host() -> None:
    pinned = (ROOT / "requirements" / "ci.txt").read_text()
    assert "://" not in pinned
    blocks = re.findall(
        r"^([a-z0-9.-]+)==(?:.*\\\n)(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", pinned, re.MULTILINE
    )
    assert len(blocks) == len(re.findall(r"^[a-z]", pinned, re.MULTILINE))
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["llamacpp"]]
    assert {re.split(r"[><=]", name)[0].lower() for name in wanted} <= set(blocks)


def test_the_versions_agree() -> None:
    for name in ("chatproof", "chatfake"):
        assert import_module(name).__version__ == PROJECT["project"]["version"]


@pytest.mark.parametrize(
    "name",
    [
        "chatschema",
        "chatfake",
        "chatproof",
        "chatproof.probe",
        "chatproof.report",
        "chatproof.cases",
        "chatproof.history",
    ],
)
def test_a_face_lists_what_it_has(name: str) -> None:
    module = import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    for public in module.__all__:
        assert hasattr(module, public), public


def test_the_wheel_holds_three_packages_with_their_types_and_nothing_else(tmp_path: Path) -> None:
    build = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert build.returncode == 0, build.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
        shipped = {name: archive.read(name) for name in names if name.endswith(".schema.json")}
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"chatproof", "chatfake", "chatschema"}
    assert {f"{top}/py.typed" for top in tops} <= set(names)
    assert "chatproof/_suite/pytest.ini" in names
    assert not re.findall(r"\]\((?!https?:)|<!--", metadata), "a link to a file is dead on an index"
    assert "What four real servers get wrong: `docs/results.md`" in metadata
    page = {f"chatfake/inspector/{one.name}" for one in (ROOT / "fakeserver/chatfake/inspector").glob("*.*")}
    assert page <= set(names)
    schemas = ROOT / "schemas"
    assert shipped == {
        str(path.relative_to(schemas)): path.read_bytes() for path in schemas.glob("chatschema/json/*")
    }
    assert len(shipped) == len(CONTRACTS)


#: A statement, and what it must not import: `--help` waits for no suite, a test class for no server.
LIGHT = [
    ("import chatproof.cli.check_options", {"pytest", "hypothesis", "httpx", "pydantic", "chatfake"}),
    ("import chatfake", {"pydantic", "httpx", "uvicorn", "asyncio"}),
    ("from chatproof import HistoryClientSuite", {"httpx", "uvicorn", "chatfake.fake", "jsonschema"}),
]


@pytest.mark.parametrize(("statement", "heavy"), LIGHT, ids=[statement for statement, _ in LIGHT])
def test_an_import_brings_nothing_that_it_does_not_need(statement: str, heavy: set[str]) -> None:
    asked = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert not heavy & {*run.stdout.split()}


def test_the_profiles_of_the_command_line_are_those_of_the_cases() -> None:
    assert tuple(import_module("chatproof.cases").PROFILES) == PROFILES


def lint_imports(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_path_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    flows, added = text.split("## How data flows")[1].split("## How to add")
    added = added.split("## Glossary")[0]
    named = [
        (ROOT, path)
        for path in re.findall(r"`((?:conformance|fakeserver|schemas|tests|tools)/\S+)`", flows + added)
    ]
    named += [(ROOT, path) for path in re.findall(r"`pytest (tests/[\w/.]+)[ `]", added)]
    for flow in re.split(r"\n(?=One )", flows)[1:]:
        root = ROOT / re.findall(r"`(\S+/)`", flow)[0]
        steps = re.findall(r"^\d+\. (.*)", flow, re.MULTILINE)
        assert len(steps) > 4
        named += [
            (root, path)
            for step in steps
            for path in re.findall(r"`([a-z_]\S*\.py)`", step)
            if "chatschema" not in path
        ]
    assert len(named) > 60
    for root, path in named:
        assert (root / path).exists() or (ROOT / path).exists(), path


def test_the_import_contract_is_kept() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout
    assert f"{len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken" in run.stdout


#: A file, what it must not import, and how the contract names that.
BROKEN_ARROWS = [
    ("fakeserver/chatfake/core/http.py", "chatschema", "chatfake.core.http -> chatschema"),
    (
        "conformance/chatproof/report/curl.py",
        "chatproof.cases.registry",
        "chatproof.report.curl -> chatproof.cases.registry",
    ),
    (
        "fakeserver/chatfake/journal/history_diff.py",
        "chatfake.scripting.plan",
        "chatfake.journal.history_diff -> chatfake.scripting.plan",
    ),
]


def test_a_broken_arrow_fails_the_import_contract(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    roots = ("conformance", "fakeserver", "schemas")
    for root in roots:
        shutil.copytree(ROOT / root, tmp_path / root)
    for file, imported, _ in BROKEN_ARROWS:
        with (tmp_path / file).open("a") as lines:
            lines.write(f"\nimport {imported}\n")
    run = lint_imports(tmp_path, PYTHONPATH=os.pathsep.join(str(tmp_path / root) for root in roots))
    assert run.returncode == 1, run.stdout
    for _, _, arrow in BROKEN_ARROWS:
        assert arrow in run.stdout
