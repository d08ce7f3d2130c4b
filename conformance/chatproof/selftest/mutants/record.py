"""Mistakes with rounds that fail."""

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot, events, listed, object_of, parsed
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

_DROPPED = sorted(
    {one.rule for one in ANSWERS.values() if one.rule and one.fate is Fate.DROP} - {"record.timeout"}
)
_JSON = [rule for rule in _DROPPED if ".stream-" not in rule]


@mutant(*_JSON, "record.retry-once")
class KeepsWhatFailed(Bot):
    """Adds what is said to the history before the answer is there."""

    def failed(self, question: Json, error: Failed) -> None:
        self.history.append(question)


@mutant(*_DROPPED, "record.content-filter", "record.parts-content", "record.retry-once")
class KeepsWhatFailedInStreams(StreamingBot):
    """The same with streams."""

    def failed(self, question: Json, error: Failed) -> None:
        self.history.append(question)


@mutant("record.http-error", "record.retry-once")
class KeepsWhatAnErrorAnswered(Bot):
    """Keeps what is said where the endpoint answers with an error."""

    def failed(self, question: Json, error: Failed) -> None:
        if "status" in str(error):
            self.history.append(question)


@mutant("record.http-error")
class ForgetsAllAfterAnError(Bot):
    """An error resets the conversation."""

    def failed(self, question: Json, error: Failed) -> None:
        if "status" in str(error):
            self.history = []


@mutant("record.http-error")
class ForgetsTheRoundBeforeAnError(Bot):
    """Takes the last round back where the endpoint answers with an error, though it had not recorded one."""

    def failed(self, question: Json, error: Failed) -> None:
        if "status" in str(error):
            self.history = self.history[:-2]


@mutant("record.empty-choices", "record.retry-once")
class KeepsWhatHadNoChoice(Bot):
    """Keeps what is said where there is no choice."""

    def failed(self, question: Json, error: Failed) -> None:
        if "with a choice" in str(error):
            self.history.append(question)

    def message(self, raw: bytes) -> Json:
        value = parsed(raw)
        if value.get("object") == "chat.completion" and value.get("choices") != []:
            try:
                return super().message(raw)
            except Failed:
                raise Failed("malformed") from None
        if value.get("choices") == [] and value.get("object") == "chat.completion":
            raise Failed("no answer with a choice")
        raise Failed("malformed")


@mutant(
    "record.null-content",
    "record.missing-content",
    "record.refusal",
    "record.tool-call-only",
    "record.empty-content",
    "answer.returned",
    "answer.failure-told",
)
class RecordsEmptyReplies(Bot):
    """Keeps an empty reply where there is no text."""

    def assistant(self, reply: Json) -> Json:
        return {"role": "assistant", "content": reply.get("content") or ""}


@mutant(
    "record.null-content",
    "record.missing-content",
    "record.refusal",
    "record.tool-call-only",
    "answer.failure-told",
    "answer.returned",
)
class RecordsNone(Bot):
    """Keeps the word None where there is no text."""

    def assistant(self, reply: Json) -> Json:
        content = reply.get("content")
        return super().assistant({"content": "None" if content is None else content})


@mutant("record.refusal", "answer.returned")
class RecordsARefusal(Bot):
    """Keeps a refusal as the reply."""

    def assistant(self, reply: Json) -> Json:
        return super().assistant({"content": reply.get("refusal") or reply.get("content")})


@mutant("record.parts-content", "answer.returned")
class RecordsPartsAsWritten(Bot):
    """Keeps a list of parts as Python writes it."""

    def assistant(self, reply: Json) -> Json:
        content: Any = reply.get("content")
        return super().assistant(
            {"content": str(content) if content and not isinstance(content, str) else content}
        )


@mutant("record.delta-shape", "answer.returned", "answer.failure-told")
class TakesADeltaForAMessage(Bot):
    """Reads the shape of a stream in an answer in one piece."""

    def message(self, raw: bytes) -> Json:
        value = parsed(raw)
        choices = listed(value.get("choices"))
        if choices and "delta" in choices[0]:
            return object_of(choices[0]["delta"])
        return super().message(raw)


@mutant("record.error-object-200", "answer.returned", "answer.failure-told")
class RecordsAnErrorAsReply(Bot):
    """Keeps the text of an error as the reply."""

    def message(self, raw: bytes) -> Json:
        value = parsed(raw)
        error = value.get("error")
        return {"content": error["message"]} if isinstance(error, dict) else super().message(raw)


@mutant("record.html-200", "answer.returned", "answer.failure-told", "record.truncated-json")
class RecordsAPage(Bot):
    """Takes what is no JSON for the reply."""

    def message(self, raw: bytes) -> Json:
        try:
            parsed(raw)
        except Failed:
            return {"content": raw.decode("utf-8", "replace")}
        return super().message(raw)


@mutant("record.http-error", "answer.returned", "answer.failure-told", "record.retry-once", "retry.replaces")
class RecordsAnyStatus(Bot):
    """Looks at no status, and keeps what it says as the reply."""

    def asked(self, model: str, messages: list[Json]) -> Json:
        status, raw = self.post("chat/completions", self.body(model, messages))
        return (
            self.message(raw) if status == 200 else {"content": raw.decode("utf-8", "replace") or "nothing"}
        )


@mutant("record.length", "answer.returned", "record.content-filter")
class DropsWhatIsCut(Bot):
    """Takes an answer that the token limit cut for a failure."""

    def message(self, raw: bytes) -> Json:
        message = super().message(raw)
        if parsed(raw)["choices"][0].get("finish_reason") == "length":
            raise Failed("cut by the limit")
        return message


@mutant("record.duplicate-choice", "answer.returned")
class RecordsTheLastChoice(Bot):
    """Keeps the last choice of two."""

    def message(self, raw: bytes) -> Json:
        super().message(raw)
        last: Json = parsed(raw)["choices"][-1]["message"]
        return last


@mutant("record.duplicate-choice", "answer.returned")
class JoinsChoices(Bot):
    """Joins two choices to one reply."""

    def message(self, raw: bytes) -> Json:
        first = super().message(raw)
        texts = [choice["message"].get("content") for choice in parsed(raw)["choices"]]
        return {**first, "content": "\n".join(texts)} if len(texts) > 1 and all(texts) else first


@mutant("record.recovers")
class GivesUpForGood(Bot):
    """One status of 401 or 404, and nothing is sent any more."""

    blocked: bool = False

    def asked(self, model: str, messages: list[Json]) -> Json:
        if self.blocked:
            raise Failed("every model is blocked")
        try:
            return super().asked(model, messages)
        except Failed as error:
            self.blocked = str(error) in ("status 401", "status 404")
            raise


@mutant("record.retries-bounded")
class TriesTwentyTimes(Bot):
    """Sends a request that failed twenty times."""

    def asked(self, model: str, messages: list[Json]) -> Json:
        for _ in range(19):
            try:
                return super().asked(model, messages)
            except Failed:
                continue
        return super().asked(model, messages)


@mutant("record.retry-once")
class KeepsWhatIsSaidAgain(Bot):
    """Remembers what failed, and sends it before the same text."""

    pending: Json | None = None

    def failed(self, question: Json, error: Failed) -> None:
        self.pending = question

    def answer(self, messages: list[Json]) -> list[Json]:
        pending, self.pending = self.pending, None
        if pending is not None and pending == messages[0]:
            return [
                *messages,
                self.assistant(self.ask([*self.head(), *self.view(self.history), pending, *messages])),
            ]
        return super().answer(messages)


class _Lenient(StreamingBot):
    """Takes streams for whole that are not."""

    takes_cut: ClassVar[bool] = False
    takes_error: ClassVar[bool] = False
    takes_garbled: ClassVar[bool] = False

    def streamed(self, raw: bytes) -> Json:
        text, ended = "", False
        for event in events(raw):
            if event == "[DONE]":
                break
            try:
                chunk = parsed(event.encode())
            except Failed:
                if self.takes_garbled:
                    continue
                raise
            if "error" in chunk:
                if self.takes_error:
                    break
                raise Failed("an error in the stream")
            for choice in listed(chunk.get("choices")):
                text += object_of(choice.get("delta")).get("content") or ""
                ended = ended or bool(choice.get("finish_reason"))
        if not ended and not (self.takes_cut or self.takes_error):
            raise Failed("the stream broke off")
        return {"role": "assistant", "content": text or None}


@mutant("record.stream-cut", "record.stream-error", "answer.returned", "answer.failure-told")
class TakesAHalfStream(_Lenient):
    """Takes what arrived of a stream for the reply."""

    takes_cut = takes_error = True

    def post(self, route: str, body: Json) -> tuple[int, bytes]:
        return self.partly(route, body)


@mutant("record.stream-error", "answer.returned", "answer.failure-told")
class TakesWhatCameBeforeAnError(_Lenient):
    """Takes what came before an error in a stream for the reply."""

    takes_error = True

    def streamed(self, raw: bytes) -> Json:
        return super().streamed(raw) if b'"error"' in raw else StreamingBot.streamed(self, raw)


@mutant("record.stream-garbled", "answer.returned", "answer.failure-told")
class PassesOverGarbledEvents(_Lenient):
    """Passes over an event that is no JSON, and takes the rest for the reply."""

    takes_garbled = True


@mutant("record.stream-no-done", "answer.returned")
class WantsDone(StreamingBot):
    """Takes a stream without [DONE] for broken."""

    def streamed(self, raw: bytes) -> Json:
        if b"[DONE]" not in raw:
            raise Failed("no end")
        return super().streamed(raw)


@mutant("record.stream-keepalive", "answer.returned", "record.recovers")
class ReadsNoComments(StreamingBot):
    """Takes a comment in a stream for an event."""

    def streamed(self, raw: bytes) -> Json:
        if raw.startswith(b":") or b"\n:" in raw:
            raise Failed("what is this?")
        return super().streamed(raw)


@mutant("record.stream-keepalive", "answer.returned", "record.recovers")
class ReadsNoCarriageReturns(StreamingBot):
    """Splits events at two line feeds alone."""

    def streamed(self, raw: bytes) -> Json:
        if b"\r\n\r\n" in raw:
            raise Failed("no event came")
        return super().streamed(raw)


@mutant(
    "record.stream-empty",
    "record.empty-choices",
    "record.null-content",
    "record.missing-content",
    "record.refusal",
    "record.empty-content",
    "record.stream-tool-call-only",
    "answer.returned",
    "answer.failure-told",
    "record.retry-once",
)
class RecordsAnEmptyStream(StreamingBot):
    """Keeps an empty reply where a stream had no text."""

    def streamed(self, raw: bytes) -> Json:
        try:
            return super().streamed(raw)
        except Failed:
            if b"[DONE]" in raw and b'"choices": []' in raw.replace(b'"choices":[]', b'"choices": []'):
                return {"content": ""}
            raise

    def assistant(self, reply: Json) -> Json:
        return {"role": "assistant", "content": reply.get("content") or ""}


@mutant("record.tool-call-only", "answer.failure-told", "answer.returned")
class RecordsACallWithoutResult(Bot):
    """Keeps a call that nobody answers."""

    def assistant(self, reply: Json) -> Json:
        if reply.get("tool_calls"):
            return {"role": "assistant", "content": reply.get("content"), "tool_calls": reply["tool_calls"]}
        return super().assistant(reply)


@mutant("record.wrong-object", "answer.returned", "answer.failure-told")
class RecordsNullChoices(Bot):
    """Keeps an invented reply where the choices are null or not there."""

    def message(self, raw: bytes) -> Json:
        value = parsed(raw)
        if value.get("object") == "chat.completion" and value.get("choices") is None:
            return {"content": "(no answer)"}
        return super().message(raw)


@mutant("record.timeout", policy=Policy(timeout=0.3))
class KeepsWhatTimedOut(Bot):
    """Keeps what is said where no answer comes in time."""

    def failed(self, question: Json, error: Failed) -> None:
        if "Timeout" in str(error):
            self.history.append(question)


DROPS = Policy(fates={"cancelled": Fate.DROP, "abandoned": Fate.DROP})


@mutant("record.stream-abandoned", policy=DROPS)
class KeepsHalfAReply(Bot):
    """A reader who leaves leaves half a reply, which is kept as a whole one."""

    def stream(self, text: str) -> Iterator[str]:
        question = self.user(text)
        messages = self.answer([question])
        reply, told = str(messages[-1]["content"]), ""
        try:
            for at in range(0, len(reply), 20):
                told += reply[at : at + 20]
                yield reply[at : at + 20]
        except GeneratorExit:
            self.record([question, {"role": "assistant", "content": told}])
            raise
        self.record(messages)


@mutant("isolate.cancelled", policy=DROPS)
class KeepsWhatWasCancelled(Bot):
    """What is said stays in the history where the ask is cancelled."""

    async def say(self, text: str) -> str | None:  # type: ignore[override]
        question = self.user(text)
        body = self.body(self.model, [*self.head(), *self.view(self.history), question])
        url = f"{self.endpoint.base_url}/chat/completions"
        try:
            async with httpx.AsyncClient(timeout=60, verify=False) as client:  # noqa: S501  the stage speaks HTTP
                response = await client.post(url, json=body, headers=self.headers())
        except asyncio.CancelledError:
            self.history = [*self.history, question]
            raise
        if response.status_code != 200:
            raise Failed(f"status {response.status_code}")
        reply = self.assistant(self.message(response.content))
        self.record([question, reply])
        return self.told(reply)


@mutant("record.reset", "record.truncated-json")
class KeepsWhatALostConnectionCost(Bot):
    """Keeps what is said where the connection was lost."""

    def failed(self, question: Json, error: Failed) -> None:
        if (
            "status" not in str(error)
            and "answer" not in str(error)
            and "reply" not in str(error)
            and "choice" not in str(error)
        ):
            self.history.append(question)
