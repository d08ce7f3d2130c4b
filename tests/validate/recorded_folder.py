"""The folder of recordings that docs/validate.md speaks of."""

from pathlib import Path

import yaml

from tests.validate.bodies import COMPLETION, CUT_STREAM, STREAM, WARNED, WRONG


def write_recordings(folder: Path) -> None:
    """Bodies, a stream that is cut, lines and a cassette: what the pages call `recordings`."""
    folder.mkdir()
    (folder / "chat.json").write_bytes(COMPLETION)
    (folder / "stream.sse").write_bytes(CUT_STREAM)
    (folder / "wrong.jsonl").write_bytes(b"\n".join([COMPLETION, WRONG, WARNED]))
    request = {"method": "POST", "uri": "https://api.example.com/v1/chat/completions"}
    answers = [STREAM] * 12 + [WARNED] * 3 + [WRONG] * 4
    interactions = [
        {
            "request": request,
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {},
                "body": {"string": body.decode()},
            },
        }
        for body in answers
    ]
    other = {**interactions[0], "request": {**request, "uri": "https://api.example.com/v1/files"}}
    text = yaml.safe_dump({"interactions": [*interactions, other], "version": 1}, width=1000)
    (folder / "cassette.yaml").write_text(text)
