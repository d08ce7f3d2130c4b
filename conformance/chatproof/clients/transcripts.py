"""What a history file holds, as JSON: the format of today, and the one before.

Version 2 has rounds, so that no half of one can be written down. Version 1 had messages, and no format:
`{"deployments": {KEY: [{"role", "content", "created_at"}, …]}}`.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["Damaged", "Parsed", "Round", "Transcripts", "dumped", "dumped_as_version_1", "parsed"]


class Damaged(Exception):  # noqa: N818  the file's state, not a mistake of the reader's
    """It is no history file that this version can read."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Round(_Strict):
    """What a user said and what came back, and when, in ISO 8601."""

    at: str
    user: str
    assistant: str


Transcripts: TypeAlias = dict[str, list[Round]]
"""The rounds of each conversation, oldest first."""


class _Version2(_Strict):
    format: Literal["chatproof.history/2"]
    transcripts: Transcripts


class _Message1(_Strict):
    role: Literal["user", "assistant"]
    content: str
    created_at: str


class _Version1(_Strict):
    deployments: dict[str, list[_Message1]]

    def rounds(self) -> Transcripts:
        return {key: list(_rounds(messages)) for key, messages in self.deployments.items()}


class Parsed(NamedTuple):
    """The transcripts of a file, and whether it was one of version 1."""

    transcripts: Transcripts
    is_old: bool


def parsed(data: bytes) -> Parsed:
    """What a file holds.

    Raises:
        Damaged: it is a history file of neither version; the text says why.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        if isinstance(value, dict) and "deployments" in value:
            return Parsed(_Version1.model_validate(value).rounds(), is_old=True)
        return Parsed(_Version2.model_validate(value).transcripts, is_old=False)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Damaged(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise Damaged(f"it is no JSON: {type(error).__name__}") from None


def dumped(transcripts: Transcripts) -> bytes:
    """The bytes of a file of version 2."""
    told = _Version2(format="chatproof.history/2", transcripts=transcripts)
    # in ASCII, so that half of a surrogate pair is kept as it is
    return json.dumps(told.model_dump(), indent=1).encode("ascii")


def dumped_as_version_1(transcripts: Transcripts) -> bytes:
    """The bytes that version 1 wrote."""
    told = {
        key: [
            {"role": role, "content": text, "created_at": one.at}
            for one in rounds
            for role, text in (("user", one.user), ("assistant", one.assistant))
        ]
        for key, rounds in transcripts.items()
    }
    return json.dumps({"deployments": told}, indent=2).encode("ascii")


def _rounds(messages: Sequence[_Message1]) -> Sequence[Round]:
    """The whole rounds among messages; a half one was never meant to be there."""
    pairs = pairwise(messages)
    return [
        Round(at=reply.created_at, user=said.content, assistant=reply.content)
        for said, reply in pairs
        if (said.role, reply.role) == ("user", "assistant")
    ]
