"""Files that projects have beside recordings: none fails, none ends a run, and each says why it was passed over."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatproof.cli import main
from chatproof.validate import Origin
from chatproof.validate.judging.verdict import Outcome
from tests.validate.bodies import COMPLETION
from tests.validate.judging import verdicts

KIND, FORMAT, REQUEST = "of no known kind", "of no known format", "a request"
TALK = '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]'
CHAT_EXPORT = f'{{"id": "c1", "title": "Greeting", "model": "gpt-4", "create_time": 1.5, "messages": {TALK}}}'

#: A file's name, what is in it, and why it is no body.
FORMS: Mapping[str, tuple[str, str]] = {
    # data to train with and to test with
    "train.jsonl": (f'{{"messages": {TALK}}}\n{{"messages": {TALK}}}\n', KIND),
    "tools.jsonl": (f'{{"messages": {TALK}, "tools": [], "parallel_tool_calls": false}}\n', KIND),
    "weighted.jsonl": ('{"messages": [{"role": "assistant", "content": "no", "weight": 0}]}\n', KIND),
    "preference.jsonl": (f'{{"input": {{"messages": {TALK}}}, "preferred_output": [], "non_preferred_output": []}}\n', KIND),
    "reinforcement.jsonl": (f'{{"messages": {TALK}, "reference_answer": 5}}\n', KIND),
    "legacy.jsonl": ('{"prompt": "2+2=", "completion": " 4"}\n', KIND),
    "alpaca.json": ('[{"instruction": "Add", "input": "2 2", "output": "4"}]', KIND),
    "sharegpt.json": ('[{"id": "1", "conversations": [{"from": "human", "value": "Hi"}]}]', KIND),
    "dpo.jsonl": ('{"prompt": "a", "chosen": "b", "rejected": "c", "model": "m"}\n', KIND),
    "quiz.json": ('{"question": "Capital?", "choices": ["A", "B"], "answer": 0}', KIND),
    "mmlu.jsonl": ('{"question": "?", "choices": [{"text": "A", "label": "a"}], "answerKey": "a"}\n', KIND),
    "squad.json": ('{"version": "2", "data": [{"title": "Oslo", "paragraphs": []}]}', "a list of objects"),
    "evals.jsonl": ('{"input": [{"role": "user", "content": "a"}], "ideal": "b"}\n', KIND),
    "reasoning.jsonl": ('{"input": "a", "reasoning": "b", "output": "c", "model": "m"}\n', KIND),
    "batch.jsonl": (
        '{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": []}}\n',
        REQUEST,
    ),
    # exports and logs
    "conversation.json": (CHAT_EXPORT, KIND),
    "conversations.json": (f"[{CHAT_EXPORT}, {CHAT_EXPORT}]", KIND),
    "chatgpt.json": ('[{"title": "T", "mapping": {"a": {"message": null}}, "current_node": "a"}]', KIND),
    "slack.json": ('{"messages": [{"type": "message", "user": "U1", "text": "hi"}], "ok": true, "error": null}', KIND),
    "app.jsonl": ('{"level": "error", "message": "failed", "code": "E1", "type": "error"}\n', KIND),
    "pino.jsonl": ('{"level": 50, "err": {"type": "TypeError", "message": "x", "stack": "y"}}\n', KIND),
    "crash.json": ('{"type": "TypeError", "message": "x", "code": "E", "stack": "at y"}', KIND),
    "python.log.txt": ("{'id': 1, 'choices': []}\n", FORMAT),
    # reports of tools
    "eslint.json": (
        '[{"filePath": "a.js", "messages": [{"ruleId": "semi", "severity": 2, "message": "no"}], "errorCount": 1}]',
        KIND,
    ),
    "stylelint.json": ('[{"source": "a.css", "warnings": [], "errored": false}]', KIND),
    "jest.json": ('{"numTotalTests": 1, "testResults": [{"status": "passed", "message": ""}]}', KIND),
    "pytest.json": ('{"created": 1.5, "summary": {"passed": 1}, "tests": [{"outcome": "passed"}]}', KIND),
    "pyright.json": ('{"version": "1", "generalDiagnostics": [], "summary": {"errorCount": 0}}', KIND),
    "sarif.json": ('{"version": "2.1.0", "runs": [{"results": []}]}', KIND),
    "coverage.json": ('{"meta": {}, "files": {}, "totals": {"percent_covered": 1.0}}', KIND),
    "bandit.json": ('{"errors": [], "results": [], "metrics": {}}', KIND),
    # answers of other services
    "result.json": ('{"data": {"id": 1}, "error": null}', KIND),
    "rows.json": ('{"data": [], "error": null}', "an empty list"),
    "failed.json": ('{"error": false, "status": "ok"}', KIND),
    "files.json": ('{"object": "list", "data": [{"id": "file-1", "object": "file", "bytes": 1}]}', "a list of file"),
    "batches.json": ('{"object": "list", "data": [{"id": "batch_1", "object": "batch"}]}', "a list of batch"),
    "images.json": ('{"created": 1, "data": [{"url": "http://x/1.png"}]}', "a list of objects"),
    "rerank.json": ('{"object": "list", "data": [{"index": 0, "relevance_score": 0.5}], "model": "r"}', "a list of objects"),
    "articles.json": ('{"data": [{"type": "articles", "id": "1"}], "links": {}}', "a list of articles"),
    "numbers.json": ('{"data": [1, 2, 3]}', "a list of numbers"),
    "rpc.json": ('{"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no"}}', KIND),
    "graphql.json": ('{"data": null, "errors": [{"message": "no"}]}', KIND),
    "anthropic.json": ('{"id": "msg_1", "type": "message", "role": "assistant", "content": [], "usage": {}}', KIND),
    "anthropic.sse": ('event: message_start\ndata: {"type": "message_start"}\n\n', KIND),
    "ticker.sse": ('data: {"price": 1}\n\ndata: {"price": 2}\n\n', KIND),
    "gemini.json": ('{"candidates": [{"content": {"parts": []}}], "usageMetadata": {}}', KIND),
    # configuration and texts
    "package.json": ('{"name": "x", "version": "1", "dependencies": {}}', KIND),
    "tsconfig.json": ('{\n  // comments\n  "compilerOptions": {}\n}', FORMAT),
    "comments.json": ('[\n  // comments\n  "a"\n]', FORMAT),
    "abi.json": ('{"name": "f", "inputs": [{"name": "x", "type": "uint256"}], "outputs": []}', KIND),
    "schema.json": ('{"$id": "x", "type": "object", "properties": {"choices": {"type": "array"}}}', KIND),
    "openapi.json": ('{"openapi": "3.1.0", "paths": {}, "components": {}}', KIND),
    "en.json": ('{"error": {"title": "Oh", "message": "It failed"}, "choices": "Choices"}', KIND),
    "models.json": ('{"models": [{"name": "a", "provider": "b"}]}', KIND),
    "tokens.json": ('{"token": {"color": "red"}}', KIND),
    "openai.yaml": ("model: m\nmessages:\n  - role: user\n    content: Hi\n", FORMAT),
    "workflow.yml": ("on: push\njobs: {}\n", FORMAT),
    "setup.txt": ("[console_scripts]\nx = y:z\n", FORMAT),
    "poetry.txt": ("[tool.poetry]\nname = 'x'\n", FORMAT),
    "notes.txt": ("[2020-11-29] written\n", FORMAT),
    "todo.txt": ("[ ] write\n[x] read\n", FORMAT),
    "meta.txt": ("data: 2026-11-29\nauthor: me\n", FORMAT),
    "event.txt": ("event: party\nid: 7\n", FORMAT),
    "requirements.txt": ("httpx==0.28\n", FORMAT),
    "empty.json": ("", FORMAT),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_file_of_another_sort_is_passed_over_and_says_why(tmp_path: Path, name: str) -> None:
    text, why = FORMS[name]
    (tmp_path / name).write_text(text)
    found = verdicts(tmp_path / name, origin=Origin.FOUND)
    assert {(verdict.outcome, str(verdict.why)) for verdict in found} == {(Outcome.SKIPPED, why)}


@pytest.mark.parametrize("name", FORMS)
def test_file_of_another_sort_that_is_named_never_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMS[name][0])
    found = verdicts(tmp_path / name)
    assert Outcome.FAILED not in {verdict.outcome for verdict in found}
    assert all(verdict.why or verdict.kind for verdict in found)


def test_directory_of_them_passes_with_its_one_answer_judged(tmp_path: Path) -> None:
    for name, (text, _) in FORMS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "answer.json").write_bytes(COMPLETION)
    run = CliRunner().invoke(main, ["validate", str(tmp_path)])
    assert (run.exit_code, run.stderr) == (0, "")
    last, skipped = run.stdout.splitlines()[-1], run.stdout.splitlines()[-2]
    assert last == "1 body in 1 file: 1 valid, 0 failed"
    assert skipped.startswith("skipped ")
    assert all(why in skipped for why in {why for _, why in FORMS.values()})
    report = CliRunner().invoke(main, ["validate", str(tmp_path), "--format", "json"])
    summary = json.loads(report.stdout)["summary"]
    assert (summary["judged"], summary["failed"], summary["unreadable"]) == (1, 0, 0)
    assert sum(summary["skipped"].values()) >= len(FORMS)
