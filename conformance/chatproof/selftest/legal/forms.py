"""In what form a client is asked, and asks: coroutines, generators, other routes, other members."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot, listed, parsed
from chatproof.selftest.legal.registry import legal

__all__: list[str] = []


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
