"""What every report says of the same run, and what no report says."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from chatproof import __version__
from chatproof.cli import main
from chatproof.validate import (
    Complaints,
    GithubOutput,
    JsonOutput,
    JunitOutput,
    Output,
    SarifOutput,
    Standing,
    TextOutput,
)
from chatproof.validate.files.body import Place
from chatproof.validate.judging.verdict import Counts, FileFinding, Outcome, Verdict
from chatproof.validate.output import sarif
from chatschema import Kind, Level, Violation
from chatschema.deviations import Deviation
from chatschema.rulebook import RULEBOOK
from tests.portion import share
from tests.validate.bodies import COMPLETION, CUT_STREAM, STREAM, WARNED, WRONG, wrong

KEY = "sk-abcdefghijklmnopqrstuvwxyz0123456789"


def validate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments])


def interaction(body: bytes, path: str = "/v1/chat/completions") -> dict[str, object]:
    headers = {"authorization": [f"Bearer {KEY}"]}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": body.decode()}}
    return {
        "request": {"method": "POST", "uri": f"https://x{path}", "headers": headers},
        "response": response,
    }


@pytest.fixture(autouse=True)
def vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    """One vendor who is known for one thing, whatever the table says."""

    def known(violation: Violation, _kind: str | None) -> tuple[Deviation, ...]:
        return (_SOMEBODY,) if violation.rule == "shape.type" else ()

    monkeypatch.setattr("chatproof.validate.output.vendors.known_deviations", known)


_SOMEBODY = Deviation(
    id="acme.words",
    vendors=("Acme",),
    kinds=(Kind.COMPLETION,),
    signs=(),
    sentence="Acme tells the time in words.",
    sources=(),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one of everything, as the working directory."""
    folder = tmp_path / "tests, 100%"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    (folder / "good.json").write_bytes(COMPLETION)
    (folder / "lines.jsonl").write_bytes(b"\n".join([WARNED, wrong(model=KEY), COMPLETION[:100], wrong()]))
    (folder / "cut.sse").write_bytes(CUT_STREAM)
    interactions = [interaction(STREAM), interaction(b"{}", "/v1/files"), interaction(CUT_STREAM)]
    (folder / "cassette.yaml").write_text(yaml.safe_dump({"interactions": interactions, "version": 1}))
    (folder / "notes.txt").write_text("nothing")
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "github"])
def test_report_of_a_small_run(project: Path, form: str, snapshot: SnapshotAssertion) -> None:
    del project
    run = validate("tests, 100%", "--format", form, "--allow", "chat.json.spec-complete")
    assert run.exit_code == 2, run.stderr
    shown = run.stdout.replace(__version__, "VERSION")
    if form == "sarif":  # it lists all rules, which are many
        document = json.loads(shown)
        assert [rule["id"] for rule in document["runs"][0]["tool"]["driver"].pop("rules")] == [*RULEBOOK]
        for result in document["runs"][0]["results"]:
            assert [*RULEBOOK][result.pop("ruleIndex")] == result["ruleId"]
        shown = json.dumps(document, indent=1)
    assert shown == snapshot
    assert run.stderr == snapshot(name="stderr")


def test_text_of_a_large_run_puts_together_what_is_the_same(
    project: Path, snapshot: SnapshotAssertion
) -> None:
    lines = (
        [COMPLETION] * 20 + [WARNED] * 5 + [wrong(model="a"), wrong(), wrong(), wrong(), wrong(choices=[])]
    )
    (project / "large.jsonl").write_bytes(b"\n".join([*lines, b"{}", b"[]"]))
    run = validate("large.jsonl", "tests, 100%/cassette.yaml")
    assert run.stdout == snapshot
    assert run.stderr == snapshot(name="stderr")


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "github"])
def test_key_that_was_recorded_is_in_no_report(project: Path, form: str) -> None:
    member = json.dumps({**json.loads(COMPLETION), "created": KEY, f"x-{KEY}": 1, "model": [f"Bearer {KEY}"]})
    (project / "key.json").write_text(member)
    baseline = project / "known.json"
    assert "created" in validate("key.json", "--format", form).output
    for arguments in (["key.json"], ["key.json", "--baseline", str(baseline)]):
        run = validate(*arguments, "--format", form, "--write-baseline", str(baseline), "--level", "should")
        assert run.exit_code == 0
        assert "abcdefgh" not in run.output
    assert "abcdefgh" not in baseline.read_text()


def test_colours_are_for_terminals(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del project
    arguments = ["validate", "tests, 100%/cut.sse"]
    assert "\x1b[31m" in CliRunner().invoke(main, arguments, color=True).stdout
    assert "\x1b" not in CliRunner().invoke(main, arguments).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in CliRunner().invoke(main, arguments, color=True).stdout


# --- the forms, whatever they are told ---------------------------------------------------------------------------

texts = st.text(max_size=12) | st.sampled_from(
    ["\x1b[31m", "\ud800", "a\r\nb", "::error::", "%0A", "]]>", "\x00", "&<>"]
)
violations = st.builds(
    Violation,
    rule=st.sampled_from(["shape.type", "no.such-rule"]),
    level=st.sampled_from(Level),
    path=texts,
    message=texts,
    expected=texts,
    seen=texts,
    reference=texts,
)
findings = st.builds(FileFinding, violation=violations, standing=st.sampled_from(Standing))
places = st.builds(Place, file=texts.filter(bool), item=texts, line=st.integers(1, 9))
quiet = st.builds(
    Verdict,
    place=places,
    outcome=st.sampled_from([Outcome.SKIPPED, Outcome.UNREADABLE]),
    why=texts.filter(bool),
)


def _judged(place: Place, kind: str, found: list[FileFinding], extensions: tuple[str, ...]) -> Verdict:
    fails = any(finding.standing is Standing.FAILS for finding in found)
    outcome = Outcome.FAILED if fails else Outcome.WARNED if found else Outcome.VALID
    return Verdict(place=place, outcome=outcome, kind=kind, findings=tuple(found), extensions=extensions)


kinds = st.sampled_from(["chat.completion", "error"])
judged = st.builds(
    _judged, places, kinds, st.lists(findings, max_size=3), st.lists(texts, max_size=2).map(tuple)
)
runs = st.lists(judged | quiet, max_size=6)


def written(make: Callable[[Callable[[str], None]], Output], verdicts: list[Verdict]) -> str:
    pieces: list[str] = []
    output = make(pieces.append)
    for verdict in verdicts:
        output.take(verdict)
    count = [verdict.outcome for verdict in verdicts]
    skipped = (("of another route", count.count(Outcome.SKIPPED)),)
    judged = len(count) - count.count(Outcome.SKIPPED) - count.count(Outcome.UNREADABLE)
    output.end(
        Counts(
            files=1,
            judged=judged,
            failed=count.count(Outcome.FAILED),
            unreadable=count.count(Outcome.UNREADABLE),
            skipped=skipped,
        )
    )
    return "".join(pieces)


@given(verdicts=runs)
def test_json_is_a_document_with_an_item_a_line(verdicts: list[Verdict]) -> None:
    text = written(JsonOutput, verdicts)
    document = json.loads(text.encode())
    assert [item["outcome"] for item in document["items"]] == [verdict.outcome for verdict in verdicts]
    assert [
        json.loads(line.removesuffix(",")) for line in text.split("\n")[3 : 3 + len(verdicts)]
    ] == document["items"]
    assert document["summary"]["unreadable"] == sum(one.outcome is Outcome.UNREADABLE for one in verdicts)


@given(verdicts=runs)
def test_junit_is_xml_with_a_case_for_each_item(verdicts: list[Verdict]) -> None:
    suite = ET.fromstring(written(JunitOutput, verdicts).encode())[0]  # noqa: S314  our own
    assert len(suite.findall("testcase")) == len(verdicts) == int(suite.attrib["tests"])
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[attribute])


@given(verdicts=runs)
def test_github_is_one_command_a_line_and_nothing_in_it_is_another(verdicts: list[Verdict]) -> None:
    text = written(GithubOutput, verdicts)
    assert text.encode()
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"::(error|warning) file=([^,:\r]+),line=(\d+),title=([^,:\r]+)::([^\r]*)", line)
        assert match or line.startswith("::notice title=chatproof validate::"), line
    assert text.endswith("\n")


@given(verdicts=runs)
def test_text_has_nothing_that_a_terminal_obeys_but_our_colours(verdicts: list[Verdict]) -> None:
    lines: list[str] = []
    written(lambda _write: TextOutput(lines.append, *Standing), verdicts)
    assert all(re.sub(r"\x1b\[\d*m", "", line).isprintable() for line in lines)


#: What we write of SARIF 2.1.0, member by member, as its schema has it.
_TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}},
    "additionalProperties": False,
}
_LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "message": _TEXT,
        "logicalLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
            },
        },
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {
                        "uri": {"type": "string", "format": "uri-reference", "pattern": r"^[!-~]+$"}
                    },
                },
                "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
    },
}
_RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "level", "locations", "partialFingerprints"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["error", "warning"]},
        "message": _TEXT,
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": _LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"const": "external"}, "status": {"const": "accepted"}},
            },
        },
    },
}
_NOTIFICATION = {
    "type": "object",
    "required": ["message", "level"],
    "additionalProperties": False,
    "properties": {
        "message": _TEXT,
        "level": {"enum": ["error", "warning"]},
        "locations": {"type": "array", "items": _LOCATION},
    },
}
_RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "shortDescription": _TEXT,
        "fullDescription": _TEXT,
        "help": _TEXT,
    },
}
_DRIVER = {
    "type": "object",
    "required": ["name", "version", "rules"],
    "additionalProperties": False,
    "properties": {
        "name": {"const": "chatproof"},
        "version": {"type": "string"},
        "rules": {"type": "array", "uniqueItems": True, "items": _RULE},
    },
}
_RUN = {
    "type": "object",
    "required": ["tool", "results", "invocations", "columnKind"],
    "additionalProperties": False,
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": _DRIVER}},
        "columnKind": {"const": "unicodeCodePoints"},
        "results": {"type": "array", "items": _RESULT},
        "invocations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["executionSuccessful"],
                "additionalProperties": False,
                "properties": {
                    "executionSuccessful": {"type": "boolean"},
                    "toolExecutionNotifications": {"type": "array", "items": _NOTIFICATION},
                },
            },
        },
    },
}
SARIF = Draft202012Validator(
    {
        "type": "object",
        "required": ["$schema", "version", "runs"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": _RUN},
        },
    }
)


@share(0.4)
@given(verdicts=runs)
def test_sarif_has_the_members_that_its_schema_asks_for(verdicts: list[Verdict]) -> None:
    document = json.loads(written(SarifOutput, verdicts).encode())
    SARIF.validate(document)
    (run,) = document["runs"]
    assert len(run["results"]) == sum(len(verdict.findings) for verdict in verdicts)
    assert run["invocations"][0]["executionSuccessful"] is not any(
        one.outcome is Outcome.UNREADABLE for one in verdicts
    )


def failing(count: int, level: Level) -> Verdict:
    violation = Violation(rule="shape.type", level=level, path="$", message="M.", expected="e", seen="s")
    finding = FileFinding(violation=violation, standing=Standing.FAILS)
    return Verdict(place=Place(file="a"), outcome=Outcome.FAILED, kind="error", findings=(finding,) * count)


def test_sarif_of_a_large_run_has_the_errors_first_and_says_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 10)
    document = json.loads(written(SarifOutput, [failing(12, Level.SHOULD), failing(3, Level.MUST)]))
    (run,) = document["runs"]
    assert [result["level"] for result in run["results"]] == ["error"] * 3 + ["warning"] * 7
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "5 more results are left out: see --format json"


def test_sarif_names_files_from_the_working_directory_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [str(tmp_path / "a b" / "ü.json"), "./c.json", "/nowhere/d#.json", "e\udcff.json"]
    found = [Verdict(place=Place(file=name), outcome=Outcome.UNREADABLE, why="x") for name in names]
    document = json.loads(written(SarifOutput, found))
    notes = document["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    uris = [note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for note in notes]
    assert uris == ["a%20b/%C3%BC.json", "c.json", "file:///nowhere/d%23.json", "e%FF.json"]


def test_fingerprint_is_the_same_when_only_indexes_change() -> None:
    def fingerprint(path: str) -> str:
        violation = Violation(
            rule="shape.type", level=Level.MUST, path=path, message="", expected="", seen=""
        )
        finding = FileFinding(violation=violation, standing=Standing.FAILS)
        place = Place(file="a", line=len(path))
        verdict = Verdict(place=place, outcome=Outcome.FAILED, kind="error", findings=(finding,))
        document = json.loads(written(SarifOutput, [verdict]))
        return str(document["runs"][0]["results"][0]["partialFingerprints"]["chatproof/v1"])

    assert fingerprint("$.choices[0].a") == fingerprint("$.choices[12].a") != fingerprint("$.choices[0].b")


def test_case_of_junit_tells_the_first_violations_and_how_many_more_there_are() -> None:
    suite = ET.fromstring(written(JunitOutput, [failing(25, Level.MUST)]).encode())[0]  # noqa: S314  our own
    lines = (suite.findtext("testcase/failure") or "").splitlines()
    assert (len(lines), lines[0], lines[-1]) == (22, "a", "and 5 more")


def test_text_says_how_much_it_leaves_out() -> None:
    lines: list[str] = []
    output = TextOutput(lines.append, *Standing)
    for number in range(60):
        violation = Violation(
            rule=f"r.{number}", level=Level.MUST, path="$", message="M.", expected="e", seen="s"
        )
        finding = FileFinding(violation=violation, standing=Standing.FAILS)
        output.take(Verdict(place=Place(file="a"), outcome=Outcome.FAILED, kind="error", findings=(finding,)))
    output.end(Counts())
    assert lines[0] == "and 10 violations of other sorts: --format json has them all"
    assert sum("✗ must" in line for line in lines) == 50


def test_complaints_say_each_thing_once_for_a_file_and_how_much_they_leave_out() -> None:
    lines: list[str] = []
    output = Complaints(lines.append)
    for number in range(25):
        for line in (1, 2):
            place = Place(file=f"{number}.jsonl", item=f"line {line}", line=line)
            output.take(Verdict(place=place, outcome=Outcome.UNREADABLE, why="is odd"))
    output.end(Counts())
    assert lines[0] == "chatproof: 0.jsonl:1: is odd (and 1 more here)"
    assert lines[20:] == ["chatproof: and 10 more that cannot be judged"]


def test_quiet_annotations_are_errors_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_bytes(WRONG)
    (tmp_path / "warned.json").write_bytes(WARNED)
    run = CliRunner().invoke(main, ["validate", str(tmp_path), "--format", "github", "-q"])
    assert [line.split(" ")[0] for line in run.stdout.splitlines()] == ["::error"]
    run = CliRunner().invoke(main, ["validate", str(tmp_path / "warned.json"), "--format", "github", "-q"])
    assert (run.exit_code, run.stdout) == (0, "")


def test_violations_of_a_body_stand_from_its_start_to_its_end(tmp_path: Path) -> None:
    body = {**json.loads(WRONG), "id": 1, "model": 2}
    (tmp_path / "a.json").write_text(json.dumps(body))
    for form, word in (("text", "✗ must"), ("github", "::error")):
        run = CliRunner().invoke(main, ["validate", str(tmp_path / "a.json"), "--format", form])
        told = [line for line in run.stdout.splitlines() if word in line]
        places = [next(name for name in ("$.id", "$.created", "$.model") if name in line) for line in told]
        assert places == ["$.id", "$.created", "$.model"]
