"""Clients that send more requests than one for each thing that is said."""

import json
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from select import select
from urllib.parse import urlsplit

from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot
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


class _Hedges(Bot):
    """Sends each request twice, and takes the answer that comes first, or of two that fail the second."""

    patience = 0.0  #: seconds that the first request has for itself

    def post(self, route: str, body: Json) -> tuple[int, bytes]:
        links = [self.sent(route, body)]
        if not self.patience or not select([links[0].sock], (), (), self.patience)[0]:
            links.append(self.sent(route, body))
        left = list(links)
        try:
            while True:
                ready = select([link.sock for link in left], (), ())[0]
                first = next(link for link in left if link.sock in ready)
                left.remove(first)
                try:
                    response = first.getresponse()
                    status, raw = response.status, response.read()
                    self.taken(status, raw, streamed=bool(body.get("stream")))
                except (HTTPException, OSError, Failed) as error:
                    if not left:
                        raise Failed(f"{type(error).__name__} {error}") from error
                    continue
                return status, raw
        finally:
            for link in links:
                link.close()

    def sent(self, route: str, body: Json) -> HTTPConnection:
        """A request on its way, on a connection of its own."""
        url = urlsplit(self.endpoint.base_url)
        link = HTTPConnection(url.hostname or "", url.port, timeout=60)
        link.request("POST", f"{url.path}/{route}", json.dumps(body).encode(), self.headers())
        return link

    def taken(self, status: int, raw: bytes, *, streamed: bool) -> None:
        """Whether it is an answer.

        Raises:
            Failed: it is none.
        """
        if status != 200:
            raise Failed(f"status {status}")
        reply = self.streamed(raw) if streamed else self.message(raw)
        if not reply.get("tool_calls"):
            self.assistant(reply)


@legal()
class Hedges(_Hedges):
    """Sends each request twice at once, and takes the first answer."""


@legal()
class HedgesInStreams(_Hedges, StreamingBot):
    """The same, with streams."""


@legal()
class HedgesWhatIsSlow(_Hedges):
    """Sends a request again that is not answered at once, and takes the first answer."""

    patience = 0.002


@legal(Policy(tools=3))
class HedgesWithTools(_Hedges):
    """Sends each request twice, and answers the calls of the first answer."""
