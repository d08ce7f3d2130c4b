"""What is kept and sent: windows, caps, system prompts, failures, tools, branches, models."""

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import UNKNOWN, Messages, Policy, Rounds, SystemPrompt, Tokens, Turns
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot
from chatproof.selftest.legal.registry import legal

__all__: list[str] = []

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


@legal(Policy(tools=3))
class UsesTools(Bot):
    """Answers calls itself."""


@legal(Policy(tools=3))
class UsesToolsInStreams(StreamingBot):
    """The same, with streams."""


@legal(Policy(tools=3, window=Messages(7)))
class UsesToolsInAWindow(Bot):
    """The same, with a window."""


@legal(Policy(many=True))
class ManyConversations(Bot):
    """Several conversations in memory."""


@legal(Policy(tree=True))
class Branches(Bot):
    """Branches."""


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


@legal(Policy(tools=3, clears_results=True))
class ClearsOldResults(Bot):
    """Sends a word in the place of what tools gave in older rounds, as declared."""

    def view(self, history: list[Json]) -> list[Json]:
        return [
            {**one, "content": "[cleared]"} if one["role"] == "tool" else one for one in super().view(history)
        ]


@legal(Policy(tools=3, clears_results=True))
class ClearsWhatIsLongAgo(Bot):
    """The same, of rounds before the last three."""

    def view(self, history: list[Json]) -> list[Json]:
        starts = [at for at, one in enumerate(history) if one["role"] == "user"]
        recent = starts[-3] if len(starts) > 2 else 0
        return [
            {**one, "content": ""} if one["role"] == "tool" and at < recent else one
            for at, one in enumerate(super().view(history))
        ]
