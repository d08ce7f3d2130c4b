"""Clients that send more requests than one for each thing that is said."""

from contextlib import suppress

from chatproof.selftest.bots.bot import Bot, Failed, Json
from chatproof.selftest.legal.registry import legal

__all__: list[str] = []


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
