"""Every answer that an endpoint is made to give: how the fake gives it, and what becomes of its round by default.

An answer is named as the rule about it is, where a rule has one alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["ANSWERS", "AnswerKind", "Fate", "Mode"]


class Fate(StrEnum):
    """What becomes of a round."""

    KEEP = "keep"  #: both messages are in the history
    DROP = "drop"  #: it leaves no trace
    KEEP_USER = "keep-user"  #: what was said stays, without a reply
    KEEP_ARRIVED = "keep-arrived"  #: what was said stays, and what arrived of the reply
    UNKNOWN = "unknown"  #: any of these, as long as it stays so


class Mode(StrEnum):
    """In which answers it can be given."""

    BOTH = "both"
    JSON = "json"
    STREAM = "stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKind:
    """An answer by name. `scenario` and `fault` are the fake's names; `outcome` goes on "an answer …"."""

    name: str
    rule: str
    outcome: str
    fate: Fate = Fate.DROP
    scenario: str = ""
    fault: str = ""
    mode: Mode = Mode.BOTH
    finish_reason: str = ""
    has_text: bool = False  #: the words of the plan are what is said
    fails: bool = True  #: the caller has to be told
    chat_only: bool = False  #: only the chat route has such an answer

    @property
    def is_kept(self) -> bool:
        """Whether the round is a whole one by default."""
        return self.fate is Fate.KEEP


def _rows() -> tuple[AnswerKind, ...]:
    row = AnswerKind
    json_, stream = Mode.JSON, Mode.STREAM
    status = {
        400: "",
        401: "",
        403: "",
        404: "",
        413: "",
        422: "",
        429: "",
        500: "",
        502: "",
        503: "",
        504: "",
        529: "",
    }
    return (
        row(name="text", rule="", outcome="with a text", fate=Fate.KEEP, has_text=True, fails=False),
        row(
            name="empty-choices",
            rule="record.empty-choices",
            outcome="without choices",
            scenario="empty-choices",
            chat_only=True,
        ),
        row(
            name="tool-call-only",
            rule="record.tool-call-only",
            outcome="with a call of a tool and no text",
            scenario="tool-call-only",
            mode=json_,
        ),
        row(
            name="null-content",
            rule="record.null-content",
            outcome="whose content is null",
            scenario="null-content",
            chat_only=True,
        ),
        row(
            name="missing-content",
            rule="record.missing-content",
            outcome="without content",
            scenario="missing-content",
            chat_only=True,
        ),
        row(
            name="empty-content",
            rule="record.empty-content",
            outcome="with an empty text",
            scenario="empty-content",
        ),
        row(
            name="blank-content",
            rule="record.blank-content",
            outcome="with nothing but white space",
            scenario="blank-content",
            fate=Fate.UNKNOWN,
            fails=False,
        ),
        row(
            name="parts-content",
            rule="record.parts-content",
            outcome="whose content is a list of parts",
            scenario="parts-content",
            fate=Fate.UNKNOWN,
            has_text=True,
            fails=False,
            chat_only=True,
        ),
        row(
            name="refusal",
            rule="record.refusal",
            outcome="that is a refusal",
            scenario="refusal",
            fails=False,
        ),
        row(
            name="content-filter",
            rule="record.content-filter",
            outcome="cut by the content filter",
            fate=Fate.UNKNOWN,
            finish_reason="content_filter",
            has_text=True,
            fails=False,
        ),
        row(
            name="length",
            rule="record.length",
            outcome="cut by the token limit",
            fate=Fate.KEEP,
            finish_reason="length",
            has_text=True,
            fails=False,
        ),
        row(
            name="delta-in-json",
            rule="record.delta-shape",
            outcome="with a delta in place of a message",
            scenario="delta-in-json",
            mode=json_,
            chat_only=True,
        ),
        row(
            name="wrong-object",
            rule="record.wrong-object",
            outcome="that is another object",
            scenario="wrong-object",
            fate=Fate.UNKNOWN,
            has_text=True,
            fails=False,
            mode=json_,
            chat_only=True,
        ),
        row(
            name="null-choices",
            rule="record.wrong-object",
            outcome="whose choices are null",
            scenario="null-choices",
            mode=json_,
            chat_only=True,
        ),
        row(
            name="missing-choices",
            rule="record.wrong-object",
            outcome="without the member choices",
            scenario="missing-choices",
            mode=json_,
            chat_only=True,
        ),
        row(
            name="error-object-200",
            rule="record.error-object-200",
            outcome="with an error under status 200",
            scenario="error-object-200",
            mode=json_,
        ),
        row(name="html-200", rule="record.html-200", outcome="that is a page of HTML", fault="html-200"),
        row(
            name="truncated-json",
            rule="record.truncated-json",
            outcome="whose JSON is cut in the middle",
            fault="truncated-json",
            mode=json_,
        ),
        *(
            row(
                name=f"http-{code}",
                rule="record.http-error",
                outcome=f"with status {code}",
                fault="html-502" if code == 502 else f"http-{code}",
            )
            for code in status
        ),
        row(name="stall", rule="record.timeout", outcome="that never comes", fault="stall"),
        row(
            name="reset-before-head",
            rule="record.reset",
            outcome="that is a reset connection",
            fault="reset-before-head",
        ),
        row(
            name="reset-in-body",
            rule="record.reset",
            outcome="whose connection is reset in the body",
            fault="reset-in-body",
            mode=json_,
        ),
        row(
            name="stream-cut",
            rule="record.stream-cut",
            outcome="whose connection is lost in mid-stream",
            fault="stream-cut",
            mode=stream,
            has_text=True,
        ),
        row(
            name="stream-ends-early",
            rule="record.stream-cut",
            outcome="that ends without finish_reason and [DONE]",
            fault="stream-ends-early",
            mode=stream,
            has_text=True,
        ),
        row(
            name="stream-error",
            rule="record.stream-error",
            outcome="with an error in mid-stream",
            fault="stream-error",
            mode=stream,
            has_text=True,
        ),
        row(
            name="stream-garbled",
            rule="record.stream-garbled",
            outcome="with an event that is no JSON",
            fault="stream-garbled-json",
            mode=stream,
            has_text=True,
        ),
        row(
            name="stream-no-done",
            rule="record.stream-no-done",
            outcome="without [DONE]",
            fate=Fate.KEEP,
            fault="stream-no-done",
            mode=stream,
            has_text=True,
            fails=False,
        ),
        row(
            name="stream-empty",
            rule="record.stream-empty",
            outcome="with no choice in any chunk",
            scenario="empty-choices",
            mode=stream,
            chat_only=True,
        ),
        row(
            name="stream-tool-call-only",
            rule="record.stream-tool-call-only",
            outcome="that streams a call of a tool and no text",
            scenario="tool-call-only",
            mode=stream,
        ),
        *(
            row(
                name=name,
                rule="record.stream-keepalive",
                outcome=outcome,
                fate=Fate.KEEP,
                fault=name,
                mode=stream,
                has_text=True,
                fails=False,
            )
            for name, outcome in (
                ("stream-comments", "with comments between the events"),
                ("stream-blank-events", "with blank lines between the events"),
                ("stream-crlf", "whose lines end in CRLF"),
                ("one-byte-packets", "in packets of one byte"),
                ("split-characters", "in packets that split characters"),
            )
        ),
        row(
            name="two-choices",
            rule="record.duplicate-choice",
            outcome="with two choices",
            fate=Fate.KEEP,
            has_text=True,
            fails=False,
            mode=json_,
            chat_only=True,
        ),
    )


ANSWERS: Mapping[str, AnswerKind] = MappingProxyType({one.name: one for one in _rows()})
"""All answers by name, the ordinary one first."""
