"""Answers ready to be judged. They are read with patience: what is wrong in one place must not hide what
another case looks at, so nothing here validates; `chatschema` does that, in the cases about shape.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import takewhile

from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange, Json
from chatschema import Judgement, Violation
from chatschema.judging import judge_completion

__all__ = [
    "Answer",
    "ChatAnswer",
    "Seen",
    "Sentence",
    "body_findings",
    "completion",
    "dict_in",
    "dicts_in",
    "parted",
    "shown",
]

Sentence = Callable[[Violation], str]
"""What a violation breaks for a user."""


_MOST_COUNTED = 2**63
"""The sum of two longer ones may be too long to be written down."""


def dict_in(holder: Mapping[str, Json], name: str) -> dict[str, Json]:
    """The object that a member holds, or an empty one."""
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def dicts_in(holder: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    """The objects in the list that a member holds."""
    found = holder.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


class Seen:
    """What came in one exchange, and what is wrong with it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def finding(
        self,
        expected: str,
        seen: str,
        path: str = "",
        *,
        level: Level | None = None,
        breaks: str = "",
        compared: Exchange | None = None,
    ) -> Finding:
        """A deviation in this answer."""
        return Finding(
            expected=expected,
            seen=seen,
            path=path,
            level=level,
            breaks=breaks,
            exchange=self.exchange,
            compared=compared,
        )

    def unlike(
        self, expected: str, value: Json, path: str, *, level: Level | None = None, breaks: str = ""
    ) -> Finding:
        """A value in this answer that is not what was expected there."""
        return self.finding(expected, shown(value), path, level=level, breaks=breaks)


class Answer(Seen):
    """A JSON answer whose members are looked for and may be missing."""

    def __init__(self, exchange: Exchange, value: Mapping[str, Json] | None = None) -> None:
        super().__init__(exchange)
        self.value: Mapping[str, Json] = exchange.object() if value is None else value

    @property
    def counts(self) -> Mapping[str, Json]:
        """The object that holds the counts of tokens, or an empty one."""
        return dict_in(self.value, "usage")

    def count(self, name: str) -> int | None:
        """A count of tokens, where it is an integer that a counter of 64 bits can hold."""
        found = self.counts.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= _MOST_COUNTED:
            return None
        return found


class ChatAnswer(Answer):
    """A JSON answer, or a stream put together, seen as a chat completion."""

    @property
    def choices(self) -> list[dict[str, Json]]:
        """The choices that are objects."""
        return dicts_in(self.value, "choices")

    @property
    def choice(self) -> dict[str, Json]:
        """The first choice, or an empty one."""
        return self.choices[0] if self.choices else {}

    @property
    def message(self) -> dict[str, Json]:
        """The first choice's message, or an empty one."""
        return dict_in(self.choice, "message")

    @property
    def text(self) -> str:
        """The text of the reply, or an empty one."""
        found = self.message.get("content")
        return found if isinstance(found, str) else ""

    @property
    def finish_reason(self) -> Json:
        """The first choice's finish_reason."""
        return self.choice.get("finish_reason")

    @property
    def calls(self) -> list[dict[str, Json]]:
        """The tool calls that are objects."""
        return dicts_in(self.message, "tool_calls")

    def required_prompt_tokens(self) -> int:
        """The prompt tokens.

        Raises:
            InconclusiveError: there is no count; `chat.json.usage` reports that.
        """
        found = self.count("prompt_tokens")
        if found is None:
            raise InconclusiveError(f"no prompt_tokens to compare: {self.exchange.describe()}", self.exchange)
        return found

    def findings(self, *rules: str, at: str = "", sentence: Sentence | None = None) -> Iterator[Finding]:
        """Violations of these rules of the contract, and those at a place: a pattern for the whole JSON path."""
        found = (v for v in self._violations if v.rule in rules or (at and re.fullmatch(at, v.path)))
        yield from findings(found, self.exchange, sentence)

    @cached_property
    def _violations(self) -> tuple[Violation, ...]:
        return judge_completion(dict(self.value)).violations


def completion(exchange: Exchange) -> ChatAnswer:
    """A JSON answer that has choices.

    Raises:
        InconclusiveError: it has none; `chat.json.shape` reports that.
    """
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    return answer


def body_findings(
    exchange: Exchange, what: str, judge: Callable[[Json], Judgement], rules: str = ""
) -> Iterator[Finding]:
    """What breaks the contract in a JSON answer that has to come under 200; `rules` is how their names begin."""
    if exchange.status != 200:
        yield Finding.instead(
            f"200 with {what}", exchange, breaks=f"Programs get an error instead of {what}."
        )
        return
    try:
        violations = judge(exchange.json()).violations
    except ValueError as error:
        seen = f"{exchange.describe()}: {error}" if exchange.complete else exchange.describe()
        breaks = f"Programs get nothing that they can read instead of {what}."
        yield Finding(expected=f"{what} in JSON", seen=seen, breaks=breaks, exchange=exchange)
        return
    yield from findings((one for one in violations if one.rule.startswith(rules)), exchange)


def shown(value: Json, limit: int = 160) -> str:
    """A JSON value in one line, for "seen"."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def parted(one: Json, other: Json) -> tuple[str, str]:
    """Two values that differ, for "expected" and "seen": long texts from a little before the place where they part."""
    if not isinstance(one, str) or not isinstance(other, str):
        return shown(one), shown(other)
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    begin = 0 if max(len(one), len(other)) <= _SHORT else max(0, at - _BEFORE)
    return _part(one, begin), f"{_part(other, begin)}, which differs from character {at + 1} on"


_SHORT, _BEFORE = 100, 30


def _part(text: str, begin: int) -> str:
    end = begin + _SHORT
    part = f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
    return f"{shown(part)} ({len(text)} characters)"
