"""Scripts as YAML or JSON, for the command line and for other languages. Every mistake is named with its line.

A list is a queue of answers; a mapping has `turns`, `rules`, `answers` and `dry`, and at the top `keys` too: the same
for one API key each. An answer is a text (`Hello!`, or `{text: Hello!}`), another reply
(`{tool_calls: [{name: get_weather, arguments: {city: Paris}}]}`, `{refusal: No.}`, with `reasoning` and
`finish_reason` beside it), or a plan by its name (`{scenario: tool-call-only}`, `{plan: unicode+stream-cut}`); `faults`
may stand beside any of them. A text that is the name of a plan has to be written `{text: …}`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NoReturn, cast

import yaml

from chatfake.core.json_text import JsonValue, dump, encode, parse
from chatfake.generation.reply import Reply, ToolCall
from chatfake.scripting.key_script import KeyScript
from chatfake.scripting.key_session import MOST_PLANS
from chatfake.scripting.plan import AmbiguousTextError, Plan, UnknownNameError, parse_plan, to_plan
from chatfake.scripting.script import Dry, Match, Predicate, Rule, Script

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
#: libyaml, where PyYAML was built with it, reads ten times faster; its line of a mistake may be the next one.
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONG = 20_000
_TEXT_TAG = "tag:yaml.org,2002:str"
#: Members of a `Reply` that are texts.
_REPLY = ("text", "reasoning", "refusal", "finish_reason")


class ScriptError(ValueError):
    """One sentence that names the line."""


def read_script(text: str | bytes, name: str = "script") -> Mapping[str, KeyScript]:
    """What a file says by API key; that of requests without a key stands under an empty name.

    Raises `ScriptError`: `script.yaml, line 7: no scenario or fault is called 'empty-choice'; did you mean …?`
    """
    if len(text) > MAX_BYTES:
        raise ScriptError(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        text = text.decode() if isinstance(text, bytes) else text
        _guard(text, name)
        root = yaml.compose(text, Loader=_loader(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        raise ScriptError(f"{name}{line}: {getattr(error, 'problem', None) or 'this is no YAML'}") from None
    except UnicodeDecodeError:
        raise ScriptError(f"{name} is not UTF-8") from None
    return MappingProxyType({} if root is None else _Reader(name).root(root))


def _guard(text: str, name: str) -> None:
    """An alias can make a small file endless, and depth can end Python."""
    depth = 0
    for event in yaml.parse(text, Loader=_loader(text)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise ScriptError(f"{name}, line {_line(event.start_mark)}: aliases are not understood here")
        if depth > MAX_DEPTH:
            raise ScriptError(f"{name}, line {_line(event.start_mark)}: nested too deep")


def _loader(text: str) -> Any:
    return _FAST if len(text) > _LONG else yaml.SafeLoader


def _line(mark: Any) -> int:
    """Counted from 1, as editors do."""
    return 0 if mark is None else int(mark.line) + 1


class _Reader:
    """Nodes to values."""

    def __init__(self, name: str) -> None:
        self._name = name

    def root(self, node: yaml.Node) -> dict[str, KeyScript]:
        keys: dict[str, KeyScript] = {}
        if isinstance(node, yaml.MappingNode):
            for key, value in self._members(node, {"keys", "turns", "rules", "answers", "dry"}):
                if key == "keys":
                    keys |= {one: self._key_script(inner) for one, inner in self._pairs(value, "keys")}
        return {"": self._key_script(node), **keys}

    def _key_script(self, node: yaml.Node) -> KeyScript:
        if isinstance(node, yaml.SequenceNode):
            return KeyScript(answers=self._queue(node, tuple(self._answer(item) for item in node.value)))
        rules: tuple[Rule, ...] = ()
        turns: dict[int, Plan] = {}
        answers: tuple[Plan, ...] = ()
        when_dry = Dry.DEFAULT
        for key, value in self._members(node, {"keys", "turns", "rules", "answers", "dry"}):
            match key:
                case "turns":
                    turns = {
                        self._turn(one, value): self._answer(inner) for one, inner in self._pairs(value, key)
                    }
                case "rules":
                    rules = tuple(self._rule(item) for item in self._items(value, key))
                case "answers":
                    answers = tuple(self._answer(item) for item in self._items(value, key))
                case "dry":
                    when_dry = self._one_of(value, {dry.value: dry for dry in Dry}, key)
                case _:
                    pass
        return KeyScript(
            script=Script(rules=rules, turns=turns), answers=self._queue(node, answers), when_dry=when_dry
        )

    def _queue(self, node: yaml.Node, answers: tuple[Plan, ...]) -> tuple[Plan, ...]:
        if sum(plan.failing_attempts + 1 for plan in answers) > MOST_PLANS:
            self._wrong(node, f"a script has at most {MOST_PLANS} answers")
        return answers

    def _rule(self, node: yaml.Node) -> Rule:
        members = dict(self._members(node, {"when", "answer"}))
        if "answer" not in members:
            self._wrong(node, "a rule needs an answer")
        when = self._match(members["when"]) if "when" in members else Match()
        return Rule(when=when, plan=self._answer(members["answer"]))

    def _match(self, node: yaml.Node) -> Match:
        texts = ("text", "contains", "matches", "role", "tool", "model", "adapter")
        conditions: dict[str, Any] = {}
        for key, value in self._members(node, {*texts, "turn", "header"}):
            if key == "turn":
                conditions[key] = self._turn(self._text(value, key), value)
            elif key == "header":
                conditions[key] = {name: self._text(inner, name) for name, inner in self._pairs(value, key)}
            else:
                conditions[key] = self._text(value, key)
        if "matches" in conditions:
            conditions["test"] = self._search(node, conditions.pop("matches"))
        return Match(**conditions)

    def _search(self, node: yaml.Node, pattern: str) -> Predicate:
        from chatfake.scripting.pattern import PatternError, compile_search  # noqa: PLC0415  few scripts need one

        found = self._try(
            node, lambda: compile_search(pattern), PatternError, "is no regular expression for a script"
        )
        return lambda chat: found(chat.user_text)

    def _answer(self, node: yaml.Node) -> Plan:
        if isinstance(node, yaml.ScalarNode):
            return self._bare_text(node)
        members = dict(self._members(node, {*_REPLY, "tool_calls", "scenario", "plan", "faults"}))
        faults = tuple(
            fault
            for item in self._items(members.pop("faults", None), "faults")
            for fault in self._plan(item).faults
        )
        if "scenario" in members and "plan" in members:
            self._wrong(node, "an answer has a scenario or a plan, not both")
        if (named := members.get("plan", members.get("scenario"))) is not None:
            under = self._plan(named)
        else:
            calls = tuple(
                self._call(item) for item in self._items(members.pop("tool_calls", None), "tool_calls")
            )
            texts = {key: self._text(value, key) for key, value in members.items()}
            under = to_plan(Reply(tool_calls=calls, **texts))
        return Plan(scenario=under.scenario, faults=(*under.faults, *faults))

    def _bare_text(self, node: yaml.ScalarNode) -> Plan:
        text = str(node.value)
        if node.tag != _TEXT_TAG:
            self._wrong(node, f"{text!r:.60} is no text in YAML; put it in quotes if it is to be said")
        try:
            return to_plan(text)
        except AmbiguousTextError as error:
            self._wrong(
                node,
                f"{text!r} is the name of a {error.word}; write {{{error.word}: {text}}} for that, "
                f"or {{text: {text}}} for the text",
            )

    def _call(self, node: yaml.Node) -> ToolCall:
        members = dict(self._members(node, {"name", "arguments", "id"}))
        if "name" not in members:
            self._wrong(node, "a tool call needs a name")
        arguments = members.get("arguments")
        written = "{}" if arguments is None else self._arguments(arguments)
        identity = self._text(members["id"], "id") if "id" in members else ""
        return ToolCall(name=self._text(members["name"], "name"), arguments=written, id=identity)

    def _arguments(self, node: yaml.Node) -> str:
        """JSON text as it stands (it may be broken on purpose), or a value that is written as JSON."""
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)

        def written() -> str:
            value: JsonValue = yaml.safe_load(cast("Any", yaml).serialize(node))
            return dump(parse(encode(dump(value))))  # a set, a date or .nan is YAML and no JSON

        text: str = self._try(
            node, written, (yaml.YAMLError, TypeError, ValueError, OverflowError), "is no JSON"
        )
        return text

    def _plan(self, node: yaml.Node) -> Plan:
        try:
            return parse_plan(self._text(node, "the name of a plan"))
        except UnknownNameError as unknown:
            self._wrong(node, str(unknown))

    def _turn(self, text: str, node: yaml.Node) -> int:
        if not text.isdecimal() or len(text) > 6 or int(text) == 0:
            self._wrong(node, f"a turn is a whole number from 1, not {text!r:.40}")
        return int(text)

    # -- what nodes are -------------------------------------------------------------------------------------

    def _members(self, node: yaml.Node, known: set[str]) -> Iterator[tuple[str, yaml.Node]]:
        return self._pairs(node, "this", known)

    def _pairs(
        self, node: yaml.Node, what: str, known: Collection[str] = ()
    ) -> Iterator[tuple[str, yaml.Node]]:
        """The members of a mapping; where names are known, none but these."""
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, f"{what} is no mapping")
        seen: set[str] = set()
        for key, value in node.value:
            name = self._text(key, "a name")
            if name in seen:
                self._wrong(key, f"{name!r:.60} stands here twice")
            if known and name not in known:
                self._wrong(key, f"{name!r:.60} is none of {', '.join(sorted(known))}")
            seen.add(name)
            yield name, value

    def _items(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, f"{what} is no list")
        items: list[yaml.Node] = node.value
        return items

    def _text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(node, f"{what} is no text")
        return str(node.value)

    def _one_of(self, node: yaml.Node, values: Mapping[str, Dry], what: str) -> Dry:
        text = self._text(node, what)
        if text not in values:
            self._wrong(node, f"{what} is one of {', '.join(values)}, not {text!r:.40}")
        return values[text]

    def _try(self, node: yaml.Node, make: Callable[[], Any], errors: Any, sentence: str) -> Any:
        try:
            return make()
        except errors as error:
            self._wrong(node, f"this {sentence}: {error}")

    def _wrong(self, node: yaml.Node, sentence: str) -> NoReturn:
        raise ScriptError(f"{self._name}, line {_line(node.start_mark)}: {sentence}")
