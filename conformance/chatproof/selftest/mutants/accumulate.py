"""Mistakes with what is kept and sent again."""

import html
import os
import re
import time
import unicodedata
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any, ClassVar

from chatproof.history.model.policy import Messages, Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []


class _Rewrites(Bot):
    """Changes what the user says before it is sent."""

    def text(self, text: str) -> str:
        raise NotImplementedError

    def user(self, text: str) -> Json:
        return super().user(self.text(text))


class _Replays(Bot):
    """Changes what the user says when it is sent again."""

    def text(self, text: str) -> str:
        raise NotImplementedError

    def record(self, messages: list[Json]) -> None:
        first = {**messages[0], "content": self.text(messages[0]["content"])}
        super().record([first, *messages[1:]])


class _Records(Bot):
    """Changes what the model says before it is kept; the caller gets it whole."""

    def text(self, text: str) -> str:
        raise NotImplementedError

    def record(self, messages: list[Json]) -> None:
        super().record([*messages[:-1], {**messages[-1], "content": self.text(messages[-1]["content"])}])


@mutant("accumulate.complete")
class LosesReplies(Bot):
    """Keeps what the user says, and not what the model says."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages[:1])


@mutant("accumulate.complete", "answer.returned", "retry.history", "truncate.monotone", "truncate.zero")
class LosesQuestions(Bot):
    """Keeps what the model says, and not what the user says."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages[1:])


@mutant("accumulate.complete")
class KeepsTheLastRound(Bot):
    """Writes over the history with each round."""

    def record(self, messages: list[Json]) -> None:
        self.history = []
        super().record(messages)


class _HidesACap(Bot):
    most: ClassVar[int]

    def view(self, history: list[Json]) -> list[Json]:
        return super().view(history)[-self.most :]


@mutant("accumulate.complete")
class HidesACapOfTen(_HidesACap):
    """Sends ten messages of history at most, and says so nowhere."""

    most = 10


@mutant("accumulate.complete")
class HidesACapOfFifty(_HidesACap):
    """Sends fifty messages of history at most."""

    most = 50


@mutant("accumulate.complete")
class HidesABudget(Bot):
    """Sends as much history as 20,000 letters hold."""

    def view(self, history: list[Json]) -> list[Json]:
        history = super().view(history)
        size, start = 0, len(history)
        while start and size + len(history[start - 1]["content"]) <= 20_000:
            start -= 1
            size += len(history[start]["content"])
        return history[start:]


@mutant("accumulate.complete")
class DropsLongReplies(Bot):
    """Keeps no reply that is longer than 10,000 letters."""

    def record(self, messages: list[Json]) -> None:
        super().record([one for one in messages if len(one["content"]) <= 10_000])


@mutant("accumulate.complete")
class ForgetsTheSecondRound(Bot):
    """Records every round but the second, for a flag is set too late."""

    rounds = 0

    def record(self, messages: list[Json]) -> None:
        self.rounds += 1
        if self.rounds != 2:
            super().record(messages)


@mutant("accumulate.order")
class NewestFirst(Bot):
    """Sends rounds newest first."""

    def view(self, history: list[Json]) -> list[Json]:
        history = super().view(history)
        pairs = [history[at : at + 2] for at in range(0, len(history), 2)]
        return [one for pair in reversed(pairs) for one in pair]


@mutant("accumulate.order")
class RepliesFirst(Bot):
    """Sends each reply before its question."""

    def view(self, history: list[Json]) -> list[Json]:
        history = super().view(history)
        return [one for at in range(0, len(history), 2) for one in reversed(history[at : at + 2])]


@mutant("accumulate.order")
class SortsByRole(Bot):
    """Sends all questions, then all replies."""

    def view(self, history: list[Json]) -> list[Json]:
        return sorted(super().view(history), key=lambda one: one["role"], reverse=True)


@mutant("accumulate.last-is-new")
class NewFirst(Bot):
    """Puts what is said before the history."""

    def answer(self, messages: list[Json]) -> list[Json]:
        return [*messages, self.assistant(self.ask([*self.head(), *messages, *self.view(self.history)]))]


@mutant("accumulate.last-is-new", "retry.history", "isolate.one-at-a-time")
class LagsBehind(Bot):
    """Sends the history, and what is said only with the next request."""

    def answer(self, messages: list[Json]) -> list[Json]:
        history = [*self.head(), *self.view(self.history)]
        sent = history if self.history else [*history, *messages]
        return [*messages, self.assistant(self.ask(sent))]


@mutant("accumulate.once")
class AsksTwice(Bot):
    """Puts what is said into the history and behind it."""

    def answer(self, messages: list[Json]) -> list[Json]:
        return [
            *messages,
            self.assistant(self.ask([*self.head(), *self.view(self.history), *messages, *messages])),
        ]


@mutant("accumulate.once", "retry.history")
class RecordsTwice(Bot):
    """Two callbacks record the same round."""

    def record(self, messages: list[Json]) -> None:
        super().record([*messages, *messages])


@mutant("accumulate.once")
class RecordsTheReplyTwice(Bot):
    """The end of the answer and the end of the round both record the reply."""

    def record(self, messages: list[Json]) -> None:
        super().record([*messages, messages[-1]])


class _Resends(Bot):
    """Tries twice."""

    def again_with(self, messages: list[Json]) -> list[Json]:
        return messages

    def ask(self, messages: list[Json]) -> Json:
        try:
            return super().ask(messages)
        except Failed:
            return super().ask(self.again_with(messages))


@mutant("accumulate.once")
class ResendsTheQuestionTwice(_Resends):
    """A retry goes through the path that adds the question."""

    def again_with(self, messages: list[Json]) -> list[Json]:
        return [*messages, messages[-1]]


@mutant("accumulate.complete")
class ResendsWithoutHistory(_Resends):
    """A retry sends the question alone."""

    def again_with(self, messages: list[Json]) -> list[Json]:
        return [*self.head(), messages[-1]]


@mutant("accumulate.system-first", "accumulate.prefix-stable")
class SystemLast(Bot):
    """Puts the system prompt just before what is said."""

    def answer(self, messages: list[Json]) -> list[Json]:
        return [*messages, self.assistant(self.ask([*self.view(self.history), *self.head(), *messages]))]


@mutant("accumulate.system-first")
class SystemOnlyAtFirst(Bot):
    """Sends the system prompt with the first request alone."""

    def head(self) -> list[Json]:
        return [] if self.history else super().head()


@mutant("accumulate.system-first")
class NoSystemPrompt(Bot):
    """Sends no system prompt."""

    def head(self) -> list[Json]:
        return []


@mutant("accumulate.system-first")
class SystemEachTime(Bot):
    """Puts the system prompt before each round."""

    def view(self, history: list[Json]) -> list[Json]:
        return [
            one
            for at, each in enumerate(super().view(history))
            for one in (*(self.head() if at and at % 2 == 0 else ()), each)
        ]


@mutant("accumulate.system-first", "accumulate.prefix-stable")
class ClockInTheSystemPrompt(Bot):
    """Tells the model the time in the system prompt."""

    def head(self) -> list[Json]:
        return [{**one, "content": f"{one['content']} It is {time.time_ns()}."} for one in super().head()]


@mutant("accumulate.system-survives")
class LosesTheSystemPromptAfterAFailure(Bot):
    """The system prompt goes with a failed first message."""

    lost = False

    def failed(self, question: Json, error: Exception) -> None:
        self.lost = True

    def head(self) -> list[Json]:
        return [] if self.lost else super().head()


@mutant("accumulate.verbatim")
class Trims(_Rewrites):
    """Trims what the user says."""

    def text(self, text: str) -> str:
        return text.strip()


@mutant("accumulate.verbatim")
class Composes(_Rewrites):
    """Composes letters and marks, as NFC has it."""

    def text(self, text: str) -> str:
        return unicodedata.normalize("NFC", text)


@mutant("accumulate.verbatim")
class Compatible(_Rewrites):
    """Replaces ligatures and the like, as NFKC has it."""

    def text(self, text: str) -> str:
        return unicodedata.normalize("NFKC", text)


@mutant("accumulate.verbatim")
class Escapes(_Rewrites):
    """Escapes what the user says as HTML."""

    def text(self, text: str) -> str:
        return html.escape(text)


@mutant("accumulate.verbatim")
class Unescapes(_Rewrites):
    """Reads what the user says as HTML."""

    def text(self, text: str) -> str:
        return html.unescape(text)


@mutant("accumulate.verbatim")
class JoinsBlanks(_Rewrites):
    """Makes one blank of several."""

    def text(self, text: str) -> str:
        return re.sub(r" {2,}", " ", text)


@mutant("accumulate.verbatim")
class EndsLinesInOneWay(_Rewrites):
    """Makes a line feed of each line end."""

    def text(self, text: str) -> str:
        return text.replace("\r\n", "\n")


@mutant("accumulate.verbatim")
class SplitsLines(_Rewrites):
    """Takes lines apart as Python does, and joins them again."""

    def text(self, text: str) -> str:
        return "\n".join(text.splitlines()) + ("\n" if text.endswith("\n") else "")


@mutant("accumulate.verbatim")
class CutsLongText(_Rewrites):
    """Cuts what the user says at 65,536 letters."""

    def text(self, text: str) -> str:
        return text[: 2**16]


@mutant("accumulate.verbatim")
class DropsControlCharacters(_Rewrites):
    """Drops what cannot be printed."""

    def text(self, text: str) -> str:
        return "".join(one for one in text if one in "\r\n\t" or unicodedata.category(one) != "Cc")


@mutant("accumulate.verbatim")
class DropsFormatCharacters(_Rewrites):
    """Drops joiners, marks of direction and byte order."""

    def text(self, text: str) -> str:
        return "".join(one for one in text if unicodedata.category(one) != "Cf")


@mutant("accumulate.verbatim", "accumulate.same-bytes")
class TellsTheTime(_Rewrites):
    """Puts the time before what the user says."""

    def text(self, text: str) -> str:
        return f"[12:00] {text}"


@mutant("accumulate.same-bytes")
class TrimsOnReplay(_Replays):
    """Sends what is said as it is, and keeps it trimmed."""

    def text(self, text: str) -> str:
        return text.strip()


@mutant("accumulate.same-bytes")
class TellsTheTimeOnReplay(_Replays):
    """Keeps what is said with the time before it."""

    def text(self, text: str) -> str:
        return f"[12:00] {text}"


@mutant("accumulate.same-bytes")
class CutsOnReplay(_Replays):
    """Keeps the first 2,000 letters of what is said."""

    def text(self, text: str) -> str:
        return text[:2_000]


@mutant("accumulate.no-placeholder")
class Formats(_Rewrites):
    """Runs str.format over what the user says, and leaves it where that fails."""

    def text(self, text: str) -> str:
        try:
            return text.format()
        except (LookupError, ValueError, AttributeError):
            return text


@mutant("accumulate.no-placeholder")
class FillsTemplates(_Rewrites):
    """Fills in what stands in double braces."""

    def text(self, text: str) -> str:
        return re.sub(r"\{\{.*?\}\}", "", text)


@mutant("accumulate.no-placeholder")
class ExpandsVariables(_Rewrites):
    """Puts the values of variables of the environment in."""

    def text(self, text: str) -> str:
        return re.sub(r"\$\{HOME\}", os.environ.get("HOME", "/root"), text)


@mutant("accumulate.no-placeholder")
class FormatsWithPercent(_Rewrites):
    """Runs the % operator over what the user says."""

    def text(self, text: str) -> str:
        return text.replace("%%", "%")


@mutant("accumulate.no-placeholder")
class AddsAPlaceholder(Bot):
    """Puts a word of its own between the history and what is said."""

    def view(self, history: list[Json]) -> list[Json]:
        kept = super().view(history)
        return [*kept, {"role": "user", "content": "Continue."}] if len(kept) > 2 else kept


@mutant("accumulate.no-placeholder", "accumulate.complete")
class Summarises(Bot):
    """Sends a summary in place of old rounds, without saying so."""

    def view(self, history: list[Json]) -> list[Json]:
        history = super().view(history)
        if len(history) <= 8:
            return history
        return [{"role": "user", "content": "Summary of what came before."}, *history[-6:]]


@mutant("accumulate.no-placeholder", "persist.clear", "retry.history")
class RemembersOthers(Bot):
    """Keeps a cache for the whole program, and sends what others said."""

    cache: ClassVar[list[Json]] = []

    def record(self, messages: list[Json]) -> None:
        super().record(messages)
        if len(self.history) == 2:
            self.cache[:] = messages

    def view(self, history: list[Json]) -> list[Json]:
        return super().view(history or self.cache)


@mutant("accumulate.control-tokens")
class BreaksControlTokens(_Rewrites):
    """Breaks the control tokens of templates with a joiner, and does not declare it."""

    def text(self, text: str) -> str:
        return text.replace("<|", "<\u200d|").replace("[INST]", "[\u200dINST]").replace("</s>", "<\u200d/s>")


@mutant("accumulate.reply-verbatim", "record.blank-content")
class TrimsReplies(_Records):
    """Keeps replies trimmed."""

    def text(self, text: str) -> str:
        return text.strip()


@mutant("accumulate.reply-verbatim")
class CutsReplies(_Records):
    """Keeps the first 1,000 letters of a reply."""

    def text(self, text: str) -> str:
        return text[:1_000]


@mutant("accumulate.reply-verbatim")
class DropsThoughts(_Records):
    """Keeps replies without what stands in think tags."""

    def text(self, text: str) -> str:
        return re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)


@mutant("accumulate.reply-verbatim", "answer.returned")
class DropsBlankDeltas(StreamingBot):
    """Takes a delta of blanks for no text."""

    def streamed(self, raw: bytes) -> Json:
        message = super().streamed(raw)
        if message["content"]:
            message["content"] = re.sub(r" {2,}|\n{2,}", "", message["content"])
        return message


@mutant("accumulate.private")
class SendsTimestamps(Bot):
    """Sends the time that it keeps with each message."""

    def user(self, text: str) -> Json:
        return {**super().user(text), "created_at": "2026-01-01T00:00:00Z"}


@mutant("accumulate.private")
class SendsIds(Bot):
    """Sends the ids that it keeps with each message."""

    def assistant(self, reply: Json) -> Json:
        return {**super().assistant(reply), "id": "msg-1", "parent_id": None}


@mutant("accumulate.request-valid", "accumulate.private")
class SendsWholeReplies(Bot):
    """Sends the whole message of an answer back, with what only answers have."""

    def assistant(self, reply: Json) -> Json:
        return {
            **super().assistant(reply),
            "refusal": None,
            "annotations": [],
            "function_call": None,
            "audio": None,
        }


@mutant("accumulate.request-valid", "accumulate.private")
class SendsReasoning(Bot):
    """Sends reasoning back, which no endpoint takes unless it says so."""

    def assistant(self, reply: Json) -> Json:
        return {**super().assistant(reply), "reasoning_content": "I think."}


@mutant("accumulate.request-valid")
class SendsAnUnknownRole(Bot):
    """Calls the assistant a bot on the wire."""

    def body(self, model: str, messages: list[Json]) -> Json:
        told = [{**one, "role": "bot"} if one["role"] == "assistant" else one for one in messages]
        return super().body(model, told)


@mutant("accumulate.stateless")
class CarriesASession(Bot):
    """Sends the id of the last answer, for the endpoint to go on from."""

    def body(self, model: str, messages: list[Json]) -> Json:
        return {**super().body(model, messages), "previous_response_id": "resp_1"}


@mutant("accumulate.stateless", "accumulate.complete")
class KeepsCookies(Bot):
    """Sends the endpoint's cookie back, and leaves the rest to that."""

    cookie = ""

    def noted(self, response: HTTPResponse) -> None:
        self.cookie = (response.getheader("set-cookie") or self.cookie).partition(";")[0]

    def headers(self) -> dict[str, str]:
        return {**super().headers(), **({"cookie": self.cookie} if self.cookie else {})}

    def view(self, history: list[Json]) -> list[Json]:
        return []


@mutant("accumulate.prefix-stable")
class NumbersItsMessages(Bot):
    """Names messages by the number of the turn, anew each time."""

    def body(self, model: str, messages: list[Json]) -> Json:
        turn = len(messages)
        named = [{**one, "name": f"turn{turn}"} if one["role"] == "user" else one for one in messages]
        return super().body(model, named)


@mutant("accumulate.caller-untouched")
class ChangesTheCallersList(Bot):
    """Takes messages out of the list that it is handed."""

    def from_messages(self, messages: list[Json]) -> Bot:
        made = super().from_messages(messages)
        messages.append({"role": "user", "content": "more"})
        return made


@mutant("accumulate.stream-equals-json")
class ForgetsStreams(Bot):
    """Has a second way of asking, which records nothing."""

    def stream(self, text: str) -> Iterator[str]:
        body = {
            **self.body(self.model, [*self.head(), *self.view(self.history), self.user(text)]),
            "stream": True,
        }
        _, raw = self.post("chat/completions", body)
        message: dict[str, Any] = self.streamed(raw)
        yield message["content"]


@mutant("answer.returned")
class ReturnsTheFirstLine(Bot):
    """Gives the first line of a reply back."""

    def told(self, message: Json) -> str:
        return str(message["content"]).split("\n")[0]


@mutant("answer.returned")
class ReturnsTrimmed(Bot):
    """Gives a reply back trimmed, and keeps it whole."""

    def told(self, message: Json) -> str:
        return str(message["content"]).strip()


class _Consoles(Bot):
    words: ClassVar[str]

    def round(self, question: Json) -> str | None:
        try:
            return super().round(question)
        except Exception:  # noqa: BLE001  that is the mistake
            return self.words


@mutant("answer.failure-told")
class ReturnsNothingForAFailure(_Consoles):
    """Gives an empty text back where a round failed."""

    words = ""


@mutant("answer.failure-told")
class Apologises(_Consoles):
    """Gives an apology of its own back where a round failed."""

    words = "Sorry, something went wrong."


_WINDOW = Policy(window=Messages(6))


@mutant("retry.history")
class AsksAgainAlone(Bot):
    """Asks for a reply again without the history."""

    def again(self) -> str:
        question = next(one for one in reversed(self.history) if one["role"] == "user")
        reply = self.assistant(self.ask([*self.head(), question]))
        self.history[-1] = reply
        return str(reply["content"])


@mutant("retry.history")
class AsksAgainWithTheReply(Bot):
    """Asks for a reply again with the old one before the question."""

    def again(self) -> str:
        question = next(one for one in reversed(self.history) if one["role"] == "user")
        reply = self.assistant(self.ask([*self.head(), *self.history[:-2], self.history[-1], question]))
        self.history[-1] = reply
        return str(reply["content"])


@mutant("retry.replaces", "retry.history", "accumulate.once")
class SaysItAgain(Bot):
    """Asks again by saying the same once more."""

    def again(self) -> str | None:
        return self.say(next(one["content"] for one in reversed(self.history) if one["role"] == "user"))


@mutant("retry.replaces", "retry.history")
class KeepsBothReplies(Bot):
    """Keeps the old reply beside the new one."""

    def again(self) -> str:
        reply = self.assistant(self.ask([*self.head(), *self.view(self.history[:-1])]))
        self.history.append(reply)
        return str(reply["content"])


@mutant("retry.replaces")
class ShowsAnotherReply(Bot):
    """Shows the new reply, and keeps the old one."""

    def again(self) -> str:
        return str(self.assistant(self.ask([*self.head(), *self.view(self.history[:-1])]))["content"])


@mutant("persist.no-loss", "retry.history")
class CutsOffWhatCameBefore(Bot):
    """Asking again leaves nothing of the rounds before."""

    def again(self) -> str | None:
        told = super().again()
        self.history = self.history[-2:]
        return told
