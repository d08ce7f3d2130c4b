"""How many of our source files one validated file touches: `python bench/files_touched.py [--list]`.

A file counts where code of it runs while `chatproof validate` judges one file and reports it, when all is imported
and made: the second run of the same. What it costs to follow a file through the program is this number.
"""

import sys
import tempfile
from collections.abc import Iterator
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


def validate(path: Path) -> int:
    """What the command does with one file; how many bodies in it failed."""
    lines: list[str] = []
    outputs: list[Output] = [
        TextOutput(lines.append, Standing.FAILS, Standing.WARNS),
        SummaryOutput(lines.append),
    ]
    watcher = Progress(0, sys.stderr)
    return run(sources([str(path)]), kind=None, policy=Policy(), outputs=outputs, watcher=watcher).failed


@contextmanager
def touched() -> Iterator[set[str]]:
    """The source files of ours whose code runs."""
    files: set[str] = set()

    def called(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(FOLDERS):
            files.add(frame.f_code.co_filename)

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
            failed = validate(path)
            with touched() as files:
                failed += validate(path)
            print(f"{name:16} {len(files)} files{', and it failed' if failed else ''}")
            if "--list" in sys.argv:
                print(*(f"  {Path(file).relative_to(ROOT)}" for file in sorted(files)), sep="\n")


if __name__ == "__main__":
    main()
