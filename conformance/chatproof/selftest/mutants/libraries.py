"""Mistakes of libraries around a client: what they tidy up, correct and continue without being asked."""

import httpx

from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot, listed, parsed
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []


@mutant("accumulate.complete", "record.retry-once")
class SaysTheSameOnce(Bot):
    """Leaves a question out of the history that was asked before."""

    def view(self, history: list[Json]) -> list[Json]:
        seen: set[str] = set()
        kept: list[Json] = []
        for one in super().view(history):
            if one["role"] != "user" or one["content"] not in seen:
                kept.append(one)
            seen.add(one["content"])
        return kept


@mutant("accumulate.complete")
class KeepsTheSameReplyOnce(Bot):
    """Keeps no reply that it has already."""

    def record(self, messages: list[Json]) -> None:
        is_known = any(one == messages[-1] for one in self.history)
        super().record(messages[:-1] if is_known else messages)


@mutant("accumulate.complete")
class DropsShortReplies(Bot):
    """Takes a round with a short reply for none that is worth keeping."""

    def record(self, messages: list[Json]) -> None:
        if len(messages[-1]["content"].strip()) >= 8:
            super().record(messages)


@mutant("record.stream-keepalive", "answer.returned", "accumulate.reply-verbatim")
class DecodesEachPacket(StreamingBot):
    """Decodes each packet of a stream by itself, and drops what is cut."""

    def post(self, route: str, body: Json) -> tuple[int, bytes]:
        url, text = f"{self.endpoint.base_url}/{route}", ""
        try:
            with httpx.stream("POST", url, json=body, headers=self.headers(), timeout=60) as response:
                for packet in response.iter_raw():
                    text += packet.decode("utf-8", "ignore")
        except httpx.HTTPError as error:
            raise Failed(type(error).__name__) from error
        return response.status_code, text.encode()


@mutant("accumulate.prefix-stable", policy=Policy(tools=3))
class ClearsOldResults(Bot):
    """Sends what tools gave in older rounds no more, but a word in its place."""

    def view(self, history: list[Json]) -> list[Json]:
        return [
            {**one, "content": "[cleared]"} if one["role"] == "tool" else one for one in super().view(history)
        ]


@mutant("accumulate.prefix-stable", policy=Policy(tools=3, clears_results=True))
class ClearsResultsTooEarly(Bot):
    """Clears old results, as declared, and those of the round that is under way, too."""

    def ask(self, messages: list[Json]) -> Json:
        last = max((at for at, one in enumerate(messages) if one.get("tool_calls")), default=0)
        cleared = [
            {**one, "content": "[cleared]"} if one["role"] == "tool" and at < last else one
            for at, one in enumerate(messages)
        ]
        return super().ask(cleared)


@mutant(
    "tools.paired",
    "tools.parallel",
    "tools.failure-is-a-result",
    "tools.unknown-tool",
    policy=Policy(tools=3, clears_results=True),
)
class DropsOldResults(Bot):
    """Drops results of older rounds, where it declares that it clears them."""

    def view(self, history: list[Json]) -> list[Json]:
        return [one for one in super().view(history) if one["role"] != "tool"]


@mutant("accumulate.no-placeholder")
class CorrectsTheModel(Bot):
    """Tells the model what was wrong with its answer, in the user's name, and keeps that."""

    def answer(self, messages: list[Json]) -> list[Json]:
        try:
            return super().answer(messages)
        except Failed as error:
            correction = self.user(f"Your last answer was invalid: {error}. Correct it.")
            return super().answer([*messages, correction])


@mutant("record.length", "answer.returned")
class ContinuesWhatWasCut(Bot):
    """Asks for the rest of what the token limit cut, and makes one reply of both."""

    is_cut = False

    def answer(self, messages: list[Json]) -> list[Json]:
        first = super().answer(messages)
        if not self.is_cut:
            return first
        rest = super().answer([*first, self.user("Continue.")])
        return [*messages, {**first[-1], "content": first[-1]["content"] + rest[-1]["content"]}]

    def message(self, raw: bytes) -> Json:
        choices = listed(parsed(raw).get("choices"))
        self.is_cut = bool(choices) and choices[0].get("finish_reason") == "length"
        return super().message(raw)


@mutant("accumulate.reply-verbatim")
class KeepsAColumnOfAReply(Bot):
    """Keeps replies in a column of 65,536 letters."""

    def record(self, messages: list[Json]) -> None:
        reply = messages[-1]
        super().record([*messages[:-1], {**reply, "content": reply["content"][:65_536]}])
