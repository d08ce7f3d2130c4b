"""How many of our source files one validated file touches: `python bench/files_touched.py [--list]`.

A file counts where code of it runs while `chatproof validate` judges one file, when all is imported and made: the
second run of the same. What it costs to follow a file through the program is this number. The second number is that
with the report for people and the progress bar.
"""

import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from chatproof.validate import Output, Policy, Progress, Standing, SummaryOutput, TextOutput, run, sources

ROOT = Path(__file__).parents[1]
FOLDERS = tuple(f"{ROOT / name}/" for name in ("conformance", "fakeserver", "schemas"))

HEAD = '"id": "chatcmpl-1", "created": 1764000000, "model": "gpt-4o-mini-2024-07-18"'
COMPLETION = f"""{{{HEAD}, "object": "chat.completion", "choices": [{{"index": 0, "logprobs": null,
"message": {{"role": "assistant", "content": "Hello!", "refusal": null}}, "finish_reason": "stop"}}],
"usage": {{"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}}}}"""
CHUNKS = (
    ('{"role": "assistant", "content": ""}', "null"),
    ('{"content": "Hel"}', "null"),
    ('{"content": "lo!"}', "null"),
    ("{}", '"stop"'),
)
STREAM = "".join(
    f'data: {{{HEAD}, "object": "chat.completion.chunk", "choices": '
    f'[{{"index": 0, "delta": {delta}, "logprobs": null, "finish_reason": {reason}}}]}}\n\n'
    for delta, reason in CHUNKS
)
FILES = {"completion.json": COMPLETION, "stream.sse": f"{STREAM}data: [DONE]\n\n"}


class Silent:
    """Nobody waits."""

    def advance(self, count: int) -> None:
        """Nothing is shown."""

    def judged(self) -> None:
        """Nothing is shown."""

    def end(self) -> None:
        """Nothing is shown."""


def validate(path: Path, *, report: bool) -> int:
    """What the command does with one file; how many bodies in it failed."""
    lines: list[str] = []
    outputs: list[Output] = []
    watcher: Silent | Progress = Silent()
    if report:
        outputs = [TextOutput(lines.append, Standing.FAILS, Standing.WARNS), SummaryOutput(lines.append)]
        watcher = Progress(0, sys.stderr)
    return run(sources([str(path)]), kind=None, policy=Policy(), outputs=outputs, watcher=watcher).failed


@contextmanager
def touched() -> Generator[set[str]]:
    """The source files of ours whose code runs."""
    files: set[str] = set()

    def called(frame: FrameType, event: str, _arg: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(FOLDERS):
            files.add(name)

    sys.setprofile(called)
    try:
        yield files
    finally:
        sys.setprofile(None)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = Path(folder, name)
            path.write_text(text, encoding="utf-8")
            failed, found = 0, list[set[str]]()
            for report in (False, True):
                failed += validate(path, report=report)
                with touched() as files:
                    validate(path, report=report)
                found.append(files)
            alone, reported = found
            print(
                f"{name:16} {len(alone)} files, {len(reported)} with its report{', FAILED' if failed else ''}"
            )
            if "--list" in sys.argv:
                print(*(f"  {Path(file).relative_to(ROOT)}" for file in sorted(alone)), sep="\n")


if __name__ == "__main__":
    main()
