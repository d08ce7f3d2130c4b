"""What a play says by itself: pure functions from plays to a policy, why, and what stays open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.deviation.likeness import marks
from chatproof.history.model.message import Message
from chatproof.history.model.oracle import follow
from chatproof.history.model.policy import UNKNOWN, Policy, SystemPrompt
from chatproof.history.model.seen import Play, Step
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import owner
from chatproof.history.rules.registry import Can
from chatproof.history.running.inference.plays import CONTROL, MOST_CALLS

__all__ = [
    "Reading",
    "broken",
    "cleared_results",
    "control_tokens",
    "models",
    "persistent",
    "requests_to_first",
    "retries",
    "sticky",
    "system",
    "tools",
]

Reading: TypeAlias = tuple[Policy, dict[str, str], list[str]]
"""The policy with what was read, what it was read from by member, and what stays unknown."""

_MOST_RETRIES = 4
"""A client that sends a request more often is told so, and no such thing is declared for it."""

_MOST_MODELS = 8

_LONGEST_NAME = 200
"""Characters: what is longer is no name of a model that anybody would declare."""


def tools(policy: Policy, play: Play) -> Reading:
    """Whether calls are answered, and how often in one ask."""
    step = play.steps[1] if len(play.steps) > 1 else None
    exchanges = step.exchanges if step is not None else ()
    answered = any(message.result_of for one in exchanges for message in one.messages)
    called = sum(bool(one.answer.calls) for one in exchanges)
    if not answered:
        return policy, {}, []
    if called >= MOST_CALLS:
        open_ = f"how often the client answers calls of tools in one ask: more than {MOST_CALLS - 1} times (tools)"
        return (
            replace(policy, tools=UNKNOWN),
            {"tools": f"it answers calls, and {called} were not too many"},
            [open_],
        )
    return replace(policy, tools=called), {"tools": f"it stops after {called} answers that call a tool"}, []


def system(policy: Policy, play: Play, *, given: bool) -> Reading:
    """Where the system prompt is. A client that loses it at times has one, and one of which it was `given`."""
    prompt = play.system_prompt
    sent = [one.messages for _, one in play.exchanges() if one.messages]
    if not prompt or any(_leads(messages[0], prompt) for messages in sent):
        return policy, {}, []
    inside = [_is_inside(messages, prompt) for messages in sent]
    if any(inside):
        found = replace(policy, system=SystemPrompt.IN_USER)
        return (
            found,
            {"system": f"{sum(inside)} of {len(sent)} requests have it in the first user message"},
            [],
        )
    other = next((one for messages in sent for one in messages[:1] if one.role == "system"), None)
    if other is not None:
        text = other.text if len(other.text) <= 60 else f"{other.text[:60]}…"
        return policy, {"system": f"the client's own is {text!r}: name it with --system-prompt"}, []
    if given:
        return policy, {}, []
    return (
        replace(policy, system=SystemPrompt.NONE),
        {"system": f"none of {len(sent)} requests carries it"},
        [],
    )


def _leads(first: Message, prompt: str) -> bool:
    return (first.role == "system" and first.text == prompt) or (
        first.role == "prompt" and prompt in first.text
    )


def _is_inside(messages: Sequence[Message], prompt: str) -> bool:
    users = [one for one in messages if one.role == "user"]
    return bool(users) and users[0].text.startswith(prompt)


def control_tokens(policy: Policy, play: Play) -> Reading:
    """Whether what a template would take for its own is sent otherwise, and the words around it as they were."""
    for step in play.steps:
        if getattr(step.move, "text", "") != CONTROL or not step.exchanges or not step.asks:
            continue
        said = Message(role="user", text=step.asks[0].said)
        sent = [one for one in step.exchanges[0].messages if one.role == "user" and marks(one) & marks(said)]
        if sent and said.text not in sent[-1].text:
            comment = {"breaks_control_tokens": "<|im_end|>, [INST] and </s> are sent otherwise"}
            return replace(policy, breaks_control_tokens=True), comment, []
    return policy, {}, []


def cleared_results(policy: Policy, play: Play) -> Reading:
    """Whether other words stand for what tools gave, once the round is over."""
    given: dict[str, set[str]] = {}
    for _, exchange in play.exchanges():
        for message in exchange.messages:
            if message.result_of:
                given.setdefault(message.result_of, set()).add(message.text)
    if not any(len(texts) > 1 for texts in given.values()):
        return policy, {}, []
    comment = {"clears_results": "what a tool gave is sent in other words later on"}
    return replace(policy, clears_results=True), comment, []


def models(policy: Policy, plays: Iterable[Play]) -> Reading:
    """All that were asked, in the order in which they were."""
    names = tuple(dict.fromkeys(one.model for play in plays for _, one in play.exchanges() if one.model))
    if not names or len(names) == len(policy.models) == 1:
        return policy, {}, []
    if len(names) > _MOST_MODELS or any(len(name) > _LONGEST_NAME for name in names):
        return policy, {}, [f"which models the client asks: {len(names)} names were seen (models)"]
    if names == policy.models:
        return policy, {}, []
    return (
        replace(policy, models=names),
        {"models": "all that were asked, where the one before had failed"},
        [],
    )


def retries(policy: Policy, plays: Iterable[Play]) -> Reading:
    """How often a request is sent again at most, where its answer stays the same."""
    counts = [count for play in plays for step in play.steps if (count := _resent(step)) is not None]
    most = max(counts, default=0)
    if len(policy.models) > 1 and len(set(counts)) > 1:
        told = (
            f"how often the client asks a model that fails before it asks the next: {_ways(counts)} (retries)"
        )
        return policy, {}, [told]
    if most > _MOST_RETRIES:
        return policy, {}, [f"how often the client sends a request again: {most} times were seen (retries)"]
    told = (
        "no request is sent again" if not most else f"one that failed was sent {most + 1} times to one model"
    )
    return replace(policy, retries=most), {"retries": told}, []


def _ways(counts: Sequence[int]) -> str:
    return " or ".join(str(count + 1) for count in sorted(set(counts))) + " times were seen"


def _resent(step: Step) -> int | None:
    """How often the last request of a step that failed was sent before; None where none did."""
    if not step.exchanges or not ANSWERS[step.exchanges[-1].answer.name].fails:
        return None
    last = step.exchanges[-1]
    same = [one.model for one in step.exchanges if one.answer.name == last.answer.name]
    return max(same.count(model) for model in same) - 1


def requests_to_first(policy: Policy, plays: Iterable[Play]) -> int:
    """How often the first of several models was asked in a round that failed with a status 500."""
    steps = (step for play in plays for step in play.steps)
    failed = (step for step in steps if step.exchanges and step.exchanges[-1].answer.name == "http-500")
    return max((sum(one.model == policy.models[0] for one in step.exchanges) for step in failed), default=1)


def sticky(policy: Policy, play: Play) -> Reading:
    """Whether the model that answered last is asked first."""
    asked = [step.exchanges for step in play.steps if step.exchanges]
    if len(asked) < 3 or asked[1][-1].model == policy.models[0]:
        return policy, {}, ["whether a model that has answered is asked first from then on (sticky)"]
    stays = asked[2][0].model == asked[1][-1].model
    return replace(policy, sticky=stays), {"sticky": "by the round after a fallback"} if stays else {}, []


def persistent(policy: Policy, play: Play) -> Reading:
    """Whether anything of what was said before a restart is sent after it."""
    said = [ask.said for step in play.steps[:2] for ask in step.asks]
    after = [one for step in play.steps[3:] for one in step.exchanges]
    if any(text in message.text for one in after for message in one.messages for text in said):
        return (
            replace(policy, persistent=True),
            {"persistent": "what was said is sent after a restart, too"},
            [],
        )
    return policy, {}, []


def broken(plays: Iterable[Play], policy: Policy, can: Can) -> tuple[str, ...]:
    """The rules that messages of the plays break under a policy, of those that it claims; in order of the catalogue."""
    claimed = frozenset(rule for rule in RULES if not RULES[rule].unclaimed(policy, can))
    named = {
        owner(deviation, claimed)
        for play in plays
        for judged in follow(replace(play, policy=policy))
        for deviation in judged.deviations
    }
    return tuple(rule for rule in RULES if rule in named & claimed)
