"""The Dockerfile and the compose example do what they say. Their steps are carried out without an engine."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatfake import Fake, LiveServer
from tests.containers.dockerfile import Built, build, instructions

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = REPOSITORY / "examples" / "compose"
STEPS = instructions(DOCKERFILE)


def _pins(name: str) -> dict[str, str]:
    """The pins of a file of requirements, each with its hashes."""
    text = (REPOSITORY / "requirements" / name).read_text(encoding="utf-8")
    return {found[1]: found[0] for found in re.finditer(r"(?m)^([a-z0-9-]+)==.*(?:\n .*)*", text)}


def test_image_has_the_pins_of_ci() -> None:
    ours = _pins("ci.txt")
    for name in ("image.txt", "build.txt"):
        pins = _pins(name)
        assert len(pins) > 4
        assert pins == {one: ours[one] for one in pins}


def test_image_is_slim_non_root_and_names_no_registry() -> None:
    assert [step.text for step in STEPS if step.name == "FROM"] == [
        "python:3.13-slim AS build",
        "python:3.13-slim",
    ]
    (user,) = (step.text for step in STEPS if step.name == "USER")
    assert all(part.isdecimal() and int(part) > 0 for part in user.split(":"))
    (entry,) = (step.words for step in STEPS if step.name == "ENTRYPOINT")
    assert entry == ["chatproof", "serve", "--host", "0.0.0.0"]
    assert "://" not in DOCKERFILE
    files = [REPOSITORY / "requirements" / name for name in ("image.txt", "build.txt")]
    assert not any("://" in file.read_text(encoding="utf-8") for file in files)
    installs = [step.text for step in STEPS if step.name == "RUN" and " install " in step.text]
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_all_that_is_copied_is_in_the_context() -> None:
    shown = {
        line[1:]
        for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split()
        if line[0] == "!"
    }
    copied = [
        word
        for step in STEPS
        if step.name == "COPY" and "--from" not in step.text
        for word in step.words[:-1]
    ]
    assert {word.split("/")[0] for word in copied} == shown
    assert all((REPOSITORY / word).exists() for word in copied)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The image's environment, made by the Dockerfile's own steps."""
    root = tmp_path_factory.mktemp("image")
    python = root / "python"
    made = [sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", str(python)]
    subprocess.run(made, check=True, timeout=60)
    command: list[str] = [f"{python}/bin/python", "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--dest", f"{root}/try"]
    wanted = ["--require-hashes", "-r", str(_one_pin(root))]
    tried = subprocess.run(command + wanted, capture_output=True, text=True, check=False, timeout=120)
    if tried.returncode:
        pytest.skip(f"pip cannot install here: {(tried.stderr.strip() or 'no reason').splitlines()[-1]}")
    return build(STEPS, REPOSITORY, root, python / "bin")


def _one_pin(root: Path) -> Path:
    file = root / "one.txt"
    file.write_text(_pins("image.txt")["iniconfig"] + "\n", encoding="utf-8")
    return file


@contextmanager
def _container(image: Built, *command: str) -> Generator[int]:
    """The port of a running image; it must end by itself, with 0 and in silence, when it is told to stop."""
    started = [_found(image, image.entrypoint[0]), *image.entrypoint[1:], *command]
    with subprocess.Popen(
        started,
        env=image.environment,
        cwd=image.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r":(\d+)/v1", line)
            assert found, line
            yield int(found[1])
            server.send_signal(signal.SIGTERM)
            _, errors = server.communicate(timeout=30)
            assert (server.returncode, errors) == (0, "")
        finally:
            server.kill()


def _found(image: Built, program: str) -> str:
    places = (Path(place) / program for place in image.environment["PATH"].split(":"))
    return str(next(place for place in places if place.exists()))


def _is_healthy(image: Built, check: list[str], port: int) -> bool:
    command = [_found(image, check[0]), *(word.replace("8080", str(port)) for word in check[1:])]
    done = subprocess.run(command, env=image.environment, capture_output=True, check=False, timeout=30)
    return done.returncode == 0


def test_image_serves_says_that_it_is_well_and_ends_cleanly(image: Built) -> None:
    assert _found(image, "chatproof").startswith(str(image.root / "opt"))
    with _container(image, "--port", "0") as port:
        assert _is_healthy(image, image.health, port)
    assert not _is_healthy(image, image.health, port)


def test_example_passes_its_own_tests(image: Built) -> None:
    services = _compose()["services"]
    fake, tests = services["fake"], services["tests"]
    assert (COMPOSE / fake["build"] / "Dockerfile").resolve() == REPOSITORY / "Dockerfile"
    (source, target, _), *_ = (volume.split(":") for volume in fake["volumes"])
    command = [word.replace(target, str(COMPOSE / source)) for word in fake["command"]]
    assert command[:2] == ["--port", "8080"]
    with _container(image, "--port", "0", *command[2:]) as port:
        assert _is_healthy(image, _health(fake), port)
        done = _run_tests(tests, f"http://127.0.0.1:{port}/v1")
    assert done.returncode == 0, done.stderr
    assert "Ran 3 tests" in done.stderr


def test_example_waits_for_a_healthy_fake_and_asks_it() -> None:
    services = _compose()["services"]
    assert services["tests"]["depends_on"] == {"fake": {"condition": "service_healthy"}}
    assert services["tests"]["environment"]["OPENAI_BASE_URL"] == "http://fake:8080/v1"
    (health,) = (step.text for step in STEPS if step.name == "HEALTHCHECK")
    assert all(word in health for word in _health(services["fake"]))


def test_example_fails_where_the_fake_says_something_else() -> None:
    with LiveServer(Fake()) as server:
        done = _run_tests(_compose()["services"]["tests"], server.base_url)
    assert done.returncode == 1
    assert "AssertionError" in done.stderr


def _compose() -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
    return value


def _health(service: dict[str, Any]) -> list[str]:
    test: list[str] = service["healthcheck"]["test"]
    assert test[0] == "CMD"
    return test[1:]


def _run_tests(service: dict[str, Any], base_url: str) -> "subprocess.CompletedProcess[str]":
    (source, target, _), *_ = (volume.split(":") for volume in service["volumes"])
    assert target == service["working_dir"]
    assert service["command"][0] == "python"
    return subprocess.run(
        [sys.executable, *service["command"][1:]],
        cwd=COMPOSE / source,
        env={**os.environ, **service["environment"], "OPENAI_BASE_URL": base_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
