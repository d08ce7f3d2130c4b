"""Clients that survive a restart: what they find again, and what they do to their files."""

from collections.abc import Iterator, Mapping, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.deviation import Cause, Presence, Slot
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Clear, Fork, Load, Restart, Spoil, Spoilage, Tear, Together
from chatproof.history.model.seen import File, Play, Step
from chatproof.history.rules.claims import all_of, has, is_weak, needs_persistence
from chatproof.history.rules.registry import Breach, rule
from chatproof.history.rules.turns import turns, unanswered
from chatproof.history.rules.warning import unwarned_of_bad_files, unwarned_of_no_files

__all__: list[str] = []

Files = Mapping[str, File]

_cannot_go_on = unanswered("persist.corrupt")


def _written(step: Step, before: Files) -> set[str]:
    """The files that are not as they were."""
    return {
        path
        for path, file in step.files.items()
        if not file.foreign and (path not in before or before[path].digest != file.digest)
    }


def _corrupt(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """It goes on and says so, and bytes that it cannot read are still somewhere, for whoever can."""
    yield from _cannot_go_on(play, judged)
    yield from unwarned_of_bad_files(play, judged)
    for at, step in enumerate(play.steps):
        if step.lost:
            yield Breach(
                step=at,
                message="A file that could not be read is gone, and there is no copy of it.",
                expected=f"the bytes of {step.lost[0]}, there or under another name",
                seen="they are nowhere",
            )
            return


def _clear(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """Files that a conversation never wrote to stay as they were when it is cleared."""
    del judged
    before: Files = {}
    own: dict[str, set[str]] = {}
    spoiled: set[str] = set()
    for at, step in enumerate(play.steps):
        if isinstance(step.move, Spoil | Tear):  # what is left is set aside, now or by whoever meets it later
            spoiled |= _written(step, before)
        elif isinstance(step.move, Clear):
            # of one that has written nothing nobody knows whether it shares a file with others
            mine = spoiled | (own.get(step.move.to) or set[str]().union(*own.values()))
            for path in sorted(before.keys() - mine):
                if path not in step.files or step.files[path].digest != before[path].digest:
                    yield Breach(
                        step=at,
                        message="Clearing a conversation changed a file that it had never written to.",
                        expected=f"{path} as it was",
                        seen="it is gone" if path not in step.files else "other bytes",
                    )
                    return
            own.setdefault(step.move.to, set()).update(_written(step, before))
        else:
            talked = {ask.to for ask in step.asks}
            talked |= {step.move.new} if isinstance(step.move, Load | Fork) else set()
            talked |= {step.move.to} if isinstance(step.move, Fork) else set()
            for key in talked:
                own.setdefault(key, set()).update(_written(step, before))
        before = step.files


def _private(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    del judged
    before: Files = {}
    for at, step in enumerate(play.steps):
        if holders := sorted(path for path, file in step.files.items() if file.holds_key):
            yield Breach(step=at, message="The API key is in a file.", expected="no key", seen=holders[0])
            return
        for path in sorted(_written(step, before)):
            file = step.files[path]
            if step.asks and file.size and file.mode & 0o077:
                yield Breach(
                    step=at,
                    message="A file that is written with each round can be read by others.",
                    expected=f"{path} with mode 600",
                    seen=f"{file.mode & 0o777:o}",
                )
                return
        before = step.files


def _concurrent(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """Of two asks at once in one conversation, both that were answered are found again after a restart."""
    both: dict[str, list[str]] = {}
    restarted, stores = False, True
    by_step = {turn.at: turn for turn in turns(play, judged) if not isinstance(turn.step.move, Together)}
    answered = [
        turn for turn in turns(play, judged) if isinstance(turn.step.move, Together) and turn.text is not None
    ]
    for at, step in enumerate(play.steps):
        if isinstance(step.move, Spoil | Tear):
            # what a store has lost is no matter of who has written to it at once
            stores = not isinstance(step.move, Spoil) or step.move.how is not Spoilage.UNWRITABLE
            both.clear()
        if isinstance(step.move, Together) and stores:
            restarted = False
            if step.move.first.to == step.move.second.to:
                both[step.move.first.to] = [turn.ask.said for turn in answered if turn.at == at]
        restarted = restarted or isinstance(step.move, Restart)
        turn = by_step.get(at)
        if turn is None or not turn.judged or not restarted:
            continue
        said = both.pop(turn.ask.to, [])
        first = turn.judged[0]
        there = {message.text for message in first.exchange.messages}
        gone = {slot.message.text for slot in first.expectation.slots if _may_be_gone(slot)}
        lost = [text for text in said if text not in there and text not in gone]
        if lost and not first.expectation.cut and not is_weak(play.policy):
            yield Breach(
                step=at,
                exchange=first.exchange.number,
                message="Of two rounds that were recorded at the same time one is lost.",
                expected=lost[0],
                seen="nothing",
            )


def _may_be_gone(slot: Slot) -> bool:
    """Whether a message has left the history by right."""
    return slot.presence is Presence.SUFFIX or slot.cause in (Cause.OUTSIDE, Cause.PRUNED, Cause.CLEARED)


_unanswered_without_files = unanswered("persist.read-only")


def _read_only(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    yield from _unanswered_without_files(play, judged)
    yield from unwarned_of_no_files(play, judged)


_migrates = unanswered("persist.migrates")

rule(
    "persist.round-trip",
    Level.MUST,
    "After a restart the next request is what it would have been without one.",
    breaks="The user comes back the next day, and the assistant has forgotten, or remembers something else.",
    reference="run-llama/llama_index#13715, Chainlit/Chainlit#2142: after resuming only one side is recorded",
    unclaimed=all_of(needs_persistence, has("restart")),
    check=unanswered("persist.round-trip"),
)
rule(
    "persist.atomic",
    Level.MUST,
    "Killed at any moment, the store holds every finished round and no half of one.",
    breaks="After a crash the whole conversation is gone, or ends in a question without its reply.",
    reference="openakita/openakita#647, Lingtai-AI/lingtai-kernel#649: files that are not replaced in one step",
    unclaimed=all_of(needs_persistence, has("restart", "kill")),
    check=unanswered("persist.atomic"),
)
rule(
    "persist.concurrent",
    Level.MUST,
    "Several that record at the same time lose no round.",
    breaks="With two windows open, what was said in one of them disappears.",
    reference="Backend.AI 26.9: of six chats at once two rounds survive; lucianfialho/effect-gates#64",
    unclaimed=all_of(needs_persistence, has("restart", "together")),
    check=_concurrent,
)
rule(
    "persist.corrupt",
    Level.MUST,
    "A file that is cut, empty, binary or of another shape is set aside with a warning: no crash, and no overwriting"
    " without a copy.",
    breaks="One bad byte, and every conversation is overwritten with an empty one, or the program no longer starts.",
    reference="Backend.AI 26.9 overwrites all transcripts; earendil-works/pi-chat#25, OpenRouterLabs/spawn PR #2391",
    unclaimed=all_of(needs_persistence, has("restart")),
    check=_corrupt,
)
rule(
    "persist.read-only",
    Level.MUST,
    "A store that cannot be written to still lets the user be answered, with a warning.",
    breaks="A full disk or a folder without rights takes the reply away that has just been paid for.",
    reference="Backend.AI 26.9 ends with a traceback after the request was made",
    unclaimed=all_of(needs_persistence, has("spoil")),
    check=_read_only,
)
rule(
    "persist.clear",
    Level.MUST,
    "Clearing removes that conversation and nothing else: others, caches and settings stay as they are.",
    breaks="What the user wanted forgotten is sent again, or more is gone than was asked for.",
    reference="Backend.AI 26.9 keeps history, cache and settings in one folder",
    unclaimed=has("clear"),
    check=_clear,
)
rule(
    "persist.private",
    Level.SHOULD,
    "The transcript can be read by its owner alone, mode 600, and no API key is in it.",
    breaks="Everybody with an account on the machine reads along.",
    reference="Backend.AI 26.9 and minillmlib 0.4.4 write with mode 644",
    unclaimed=needs_persistence,
    check=_private,
)
rule(
    "persist.no-loss",
    Level.MUST,
    "An act on one message, to regenerate, edit or delete it, never shrinks the rest of the transcript.",
    breaks="Regenerating one reply deletes hundreds of messages.",
    reference="NousResearch/hermes-agent#70516: 308 messages wiped; cogwheel0/conduit#443: 35 KB become two messages",
    unclaimed=has("again"),
)
rule(
    "persist.migrates",
    Level.MAY,
    "A file that an older version wrote is read.",
    breaks="After an update every conversation is gone.",
    reference="lm-deluge 0.0.168 writes log_version; Backend.AI dropped its schema_version in review",
    unclaimed=all_of(needs_persistence, has("older")),
    check=_migrates,
)
