"""Clients that are right, and unusual: none of them may be named by any rule."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import UNKNOWN, Messages, Policy, Rounds, SystemPrompt, Tokens, Turns
from chatproof.selftest.bots.bot import Bot, Failed, Json, StoredBot, StreamingBot, listed, parsed

__all__ = ["LEGAL", "Legal"]

Made = TypeVar("Made", bound=type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """A client that is right. `what`: in which way it is unusual."""

    name: str
    what: str
    make: Callable[..., Any]
    policy: Policy


LEGAL: dict[str, Legal] = {}
"""All of them by name."""


def legal(policy: Policy = Policy()) -> Callable[[Made], Made]:  # noqa: B008  it is frozen
    """Register a client. Its class is its name, its docstring says what is unusual."""

    def register(made: Made) -> Made:
        name = "".join(
            f"-{letter.lower()}" if letter.isupper() else letter for letter in made.__name__
        ).lstrip("-")
        LEGAL[name] = Legal(name=name, what=(made.__doc__ or "").strip(), make=made, policy=policy)
        return made

    return register


_FAILING = [kind.name for kind in ANSWERS.values() if kind.fate is Fate.DROP]


@legal()
class Plain(Bot):
    """A list, JSON answers."""


@legal()
class Streams(StreamingBot):
    """A list, streams."""


@legal(Policy(window=Messages(6)))
class WindowOfSix(Bot):
    """A window of six messages."""


@legal(Policy(window=Messages(5)))
class OddWindow(Bot):
    """A window of five messages, which holds two rounds."""


@legal(Policy(window=Messages(1)))
class WindowOfOne(Bot):
    """A window in which no round fits."""


@legal(Policy(window=Messages(0)))
class NoMemory(Bot):
    """A window of nothing."""


@legal(Policy(window=Rounds(3)))
class WindowOfRounds(Bot):
    """A window of three rounds."""


@legal(Policy(window=Turns(2)))
class WindowOfTurns(Bot):
    """A window of two messages of the user."""


@legal(Policy(window=Messages(7), system=SystemPrompt.COUNTED))
class CountsTheSystemPrompt(Bot):
    """The system prompt counts in the window, as declared."""


@legal(Policy(window=UNKNOWN))
class KeepsItsWindowToItself(Bot):
    """A window of four rounds that is not declared."""

    window = None  # type: ignore[assignment]  # and that nobody sets

    def view(self, history: list[Json]) -> list[Json]:
        return history[-8:]


@legal(Policy(window=Tokens(2_000)))
class CountsTokens(Bot):
    """As many rounds as fit in a number of letters."""

    def view(self, history: list[Json]) -> list[Json]:
        start, size = len(history), 0
        while (
            start >= 2
            and (size := size + sum(len(one["content"]) for one in history[start - 2 : start])) <= 8_000
        ):
            start -= 2
        return history[start:]


@legal(Policy(cap=Messages(8)))
class StoresLittle(Bot):
    """Stores eight messages."""


@legal(Policy(cap=Rounds(2), window=Messages(20)))
class StoresLessThanItsWindow(Bot):
    """A cap that is smaller than the window."""


@legal(Policy(system="none"))
class NoSystemPrompt(Bot):
    """No system prompt."""


@legal(Policy(system="in-user"))
class SystemPromptInTheQuestion(Bot):
    """The system prompt stands before the first message of the user, as templates without that role want it."""

    def body(self, model: str, messages: list[Json]) -> Json:
        system, first, *rest = messages
        joined = {**first, "content": f"{system['content']}\n\n{first['content']}"}
        return super().body(model, [joined, *rest])


@legal()
class Developer(Bot):
    """The system prompt has the role developer."""

    def head(self) -> list[Json]:
        return [{**one, "role": "developer"} for one in super().head()]


@legal()
class Parts(Bot):
    """All content is a list of parts."""

    def body(self, model: str, messages: list[Json]) -> Json:
        told = [
            {**one, "content": [{"type": "text", "text": one["content"]}]} if one["role"] != "system" else one
            for one in messages
        ]
        return super().body(model, told)


@legal(Policy(fates={name: Fate.KEEP_USER for name in _FAILING if name != "stall"}))
class KeepsQuestions(Bot):
    """Keeps what is said in a failed round, as declared; the same once more takes its place."""

    def round(self, question: Json) -> str | None:
        if self.history[-1:] == [question]:
            self.history = self.history[:-1]
        return super().round(question)

    def failed(self, question: Json, error: Failed) -> None:
        self.history = [*self.history, question]


@legal(Policy(fates={name: Fate.UNKNOWN for name in _FAILING if name != "stall"}))
class KeepsQuestionsUndeclared(KeepsQuestions):
    """The same, where nothing is declared about failures."""


@legal(Policy(fates={"stream-cut": "keep-arrived", "stream-ends-early": "keep-arrived"}))
class KeepsWhatArrived(StreamingBot):
    """Keeps what arrived of a stream that broke off, as declared."""

    def post(self, route: str, body: Json) -> tuple[int, bytes]:
        return self.partly(route, body)

    def streamed(self, raw: bytes) -> Json:
        try:
            return super().streamed(raw)
        except Failed as error:
            if "broke off" not in str(error):
                raise
            ended = raw.rpartition(b"\n\n")[0] + b"\n\n"
            return super().streamed(
                ended + b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
            )


@legal()
class Retries(Bot):
    """Sends a request that failed once more."""

    def asked(self, model: str, messages: list[Json]) -> Json:
        try:
            return super().asked(model, messages)
        except Failed:
            return super().asked(model, messages)


@legal()
class GivesNoneForAFailure(Bot):
    """Gives None back where a round failed."""

    def round(self, question: Json) -> str | None:
        try:
            return super().round(question)
        except Failed:
            return None


@legal()
class AsksForATitle(Bot):
    """Asks for a title of the conversation besides."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages)
        if len(self.history) == 2:
            title = [{"role": "user", "content": "Write a title of three words."}]
            with suppress(Failed):  # the reply is there, with or without a title
                self.post("chat/completions", self.body(self.model, title))


@legal(Policy(tools=3))
class UsesTools(Bot):
    """Answers calls itself."""


@legal(Policy(tools=3))
class UsesToolsInStreams(StreamingBot):
    """The same, with streams."""


@legal(Policy(tools=3, window=Messages(7)))
class UsesToolsInAWindow(Bot):
    """The same, with a window."""


@legal(Policy(persistent=True, many=True))
class Stores(StoredBot):
    """Several conversations in a file."""


@legal(Policy(persistent=True, cap=Messages(6)))
class StoresInAFile(StoredBot):
    """Six messages in a file."""


@legal(Policy(many=True))
class ManyConversations(Bot):
    """Several conversations in memory."""


@legal(Policy(tree=True))
class Branches(Bot):
    """Branches."""


@legal(Policy(tree=True, persistent=True))
class StoresBranches(StoredBot):
    """Branches in a file."""


@legal(Policy(models=("first", "second")))
class FallsBack(Bot):
    """Asks another model where one fails."""


@legal(Policy(models=("first", "second"), sticky=True))
class FallsBackAndStays(Bot):
    """The same, and stays with it."""


@legal(Policy(breaks_control_tokens=True))
class BreaksControlTokens(Bot):
    """Breaks control tokens of templates with joiners, as declared."""

    def user(self, text: str) -> Json:
        return super().user(
            text.replace("<|", "<\u200d|").replace("[INST]", "[\u200dINST]").replace("</s>", "<\u200d/s>")
        )


@legal()
class Coroutine(Bot):
    """`say` is a coroutine."""

    async def say(self, text: str) -> str | None:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().say(text)


@legal()
class Generator(StreamingBot):
    """`say` is a generator of pieces."""

    def say(self, text: str) -> Iterator[str]:  # type: ignore[override]
        told = super().say(text) or ""
        yield from (told[at : at + 3] for at in range(0, len(told), 3))


@legal()
class AsyncGenerator(StreamingBot):
    """`say` is an asynchronous generator."""

    async def say(self, text: str) -> AsyncIterator[str]:  # type: ignore[override]
        told = super().say(text) or ""
        await asyncio.sleep(0)
        yield told


@legal()
class Responses(Bot):
    """Speaks the Responses API, statelessly."""

    def asked(self, model: str, messages: list[Json]) -> Json:
        head = [one["content"] for one in messages if one["role"] == "system"]
        items = [{"type": "message", **one} for one in messages if one["role"] != "system"]
        body = {"model": model, "input": items, "store": False, **({"instructions": head[0]} if head else {})}
        status, raw = self.post("responses", body)
        if status != 200:
            raise Failed(f"status {status}")
        value = parsed(raw)
        if value.get("error") or value.get("status") not in ("completed", "incomplete"):
            raise Failed("the response failed")
        parts = [part for item in listed(value.get("output")) for part in listed(item.get("content"))]
        return {"content": "".join(part.get("text", "") for part in parts)}


@legal(Policy(system="none"))
class Completions(Bot):
    """Makes one prompt of the conversation."""

    def asked(self, model: str, messages: list[Json]) -> Json:
        prompt = "\n".join(f"{one['role']}: {one['content']}" for one in messages) + "\nassistant:"
        status, raw = self.post("completions", {"model": model, "prompt": prompt, "max_tokens": 100_000})
        if status != 200:
            raise Failed(f"status {status}")
        choices = listed(parsed(raw).get("choices"))
        if not choices or not isinstance(choices[0].get("text"), str):
            raise Failed("no text")
        return {"content": choices[0]["text"]}


@legal()
class WritesUnicode(Bot):
    """Sends JSON in UTF-8, with blanks, and other members too."""

    def body(self, model: str, messages: list[Json]) -> Json:
        return {"temperature": 0.5, "n": 1, **super().body(model, messages), "user": "someone"}


@legal()
class WarmsUp(Bot):
    """Has the endpoint read the history before it asks."""

    def round(self, question: Json) -> str | None:
        warming = [*self.head(), *self.history, {"role": "user", "content": "ping"}]
        with suppress(Failed):
            self.post("chat/completions", {**self.body(self.model, warming), "max_tokens": 1})
        return super().round(question)


@legal()
class SortsQuestions(Bot):
    """Asks first what sort of a question it is, and quotes it in that."""

    def round(self, question: Json) -> str | None:
        quoted = f"Is this a greeting?\n<text>{question['content']}</text>\nAnswer yes or no."
        sorting = [{"role": "system", "content": "Sort."}, {"role": "user", "content": quoted}]
        with suppress(Failed):
            self.post("chat/completions", self.body(self.model, sorting))
        return super().round(question)


@legal()
class Suggests(Bot):
    """Asks for questions that could follow, with the whole conversation, after each round."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages)
        wish = {"role": "user", "content": "Suggest three questions that could follow."}
        with suppress(Failed):  # the reply is there, with or without them
            self.post("chat/completions", self.body(self.model, [*self.head(), *self.history, wish]))


@legal()
class StreamsWhatIsLong(StreamingBot):
    """Asks for a stream where a question is long."""

    def body(self, model: str, messages: list[Json]) -> Json:
        body = super().body(model, messages)
        return body if len(messages[-1]["content"]) > 40 else {**body, "stream": False}


@legal()
class NamesItsUser(Bot):
    """Messages of the user have a name."""

    def user(self, text: str) -> Json:
        return {**super().user(text), "name": "someone"}
