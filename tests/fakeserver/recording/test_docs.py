"""What docs/record-replay.md shows is as it shows it."""

import json
import re
from pathlib import Path

from chatfake import Fake
from chatfake.recording.exchange import Finish
from chatfake.recording.file_format import dump_exchange, parse_exchange
from chatfake.recording.relay import Limits
from tests.fakeserver.asking import chat, post

TEXT = (Path(__file__).parents[3] / "docs" / "record-replay.md").read_text(encoding="utf-8")


def test_file_in_the_docs_is_a_recording(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert dump_exchange(parse_exchange(json.loads(shown), "docs")) == shown
    (tmp_path / "shown.json").write_text(shown, encoding="utf-8")
    assert post(Fake(replay=tmp_path), chat()).body == b"Rome."


def test_endings_and_limits_in_the_docs_are_all_there_are() -> None:
    assert all(f"`{one.value}`" in TEXT for one in Finish)
    assert all(f"`{name}`" in TEXT for name in Limits.__dataclass_fields__)
