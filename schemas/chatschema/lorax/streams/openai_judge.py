"""The events of LoRAX's OpenAI routes to one answer."""

from abc import abstractmethod
from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.json_text import objects, whole
from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.contract import Contract
from chatschema.judging.lifecycle import Step
from chatschema.judging.stream_judge import StreamContract
from chatschema.judging.violation_kind import violation
from chatschema.lorax.openai.contracts import CHAT, CHAT_CHUNK, TEXT, TEXT_CHUNK

from .grammar import OPENAI
from .token_judge import LoraxStream

__all__ = ["LORAX_CHAT_STREAM", "LORAX_TEXT_STREAM", "LoraxChatStream", "LoraxTextStream"]


class _OpenAiStream(LoraxStream):
    """Chunks of one choice, one a token."""

    def __init__(self, chunk: Contract) -> None:
        super().__init__(OPENAI, chunk)
        self.finish_reason: JsonValue = None  #: as the last chunk said it
        self.usage: JsonObject | None = None  #: as the last chunk said it
        self._head: JsonObject = {}
        self._pieces: list[str] = []

    @abstractmethod
    def _text_of(self, choice: JsonObject) -> JsonValue:
        """The text that a chunk's choice brings."""

    def _step_of(self, value: JsonObject) -> Step:
        if not isinstance(value.get("choices"), list):
            return Step.JUNK
        return Step.PART if _choice(value).get("finish_reason") is None else Step.LAST

    def _take(self, value: JsonObject, step: Step) -> Iterator[Violation]:
        choice = _choice(value)
        text = self._text_of(choice)
        if isinstance(text, str):
            self._pieces.append(text)
        if not self._head:
            self._head = {name: value.get(name) for name in ("id", "created", "model")}
        if step is Step.LAST:
            usage = value.get("usage")
            self.finish_reason = choice["finish_reason"]
            self.usage = usage if isinstance(usage, dict) else None
            yield from self._counted()

    def _whole(self, choice: JsonObject) -> JsonObject | None:
        if not self._head:
            return None
        full: JsonObject = {"index": 0, **choice, "finish_reason": self.finish_reason}
        answer: JsonObject = {**self._head, "object": "text_completion", "choices": [full]}
        return answer if self.usage is None else {**answer, "usage": self.usage}

    def _counted(self) -> Iterator[Violation]:
        # a should: a gateway may join the chunks of several tokens, and no text is lost by that
        count = (self.usage or {}).get("completion_tokens")
        if whole(count) and count != self.tokens:
            yield violation(
                "lorax.stream.text-adds-up",
                "$.usage.completion_tokens",
                "The count is not that of the chunks.",
                seen(self.tokens),
                seen(count),
                Level.SHOULD,
                reference=OPENAI.reference,
            )


class LoraxChatStream(_OpenAiStream):
    """Chunks to one `LoraxChatCompletion`."""

    def __init__(self) -> None:
        super().__init__(CHAT_CHUNK)

    def assembled(self) -> JsonObject | None:
        """The chunks as one answer; None where there was none."""
        return self._whole({"message": {"role": "assistant", "content": "".join(self._pieces)}})

    def _text_of(self, choice: JsonObject) -> JsonValue:
        delta = choice.get("delta")
        return delta.get("content") if isinstance(delta, dict) else None


class LoraxTextStream(_OpenAiStream):
    """Chunks to one `LoraxCompletion`."""

    def __init__(self) -> None:
        super().__init__(TEXT_CHUNK)

    def assembled(self) -> JsonObject | None:
        """The chunks as one answer; None where there was none."""
        return self._whole({"text": "".join(self._pieces), "logprobs": None})

    def _text_of(self, choice: JsonObject) -> JsonValue:
        return choice.get("text")


LORAX_CHAT_STREAM = StreamContract(
    kind=Kind.LORAX_CHAT_STREAM,
    open=LoraxChatStream,
    whole=CHAT,
    framing=OPENAI.framing,
    summary="The events of a chat completion that LoRAX streams.",
    reference=OPENAI.reference,
)
LORAX_TEXT_STREAM = StreamContract(
    kind=Kind.LORAX_TEXT_STREAM,
    open=LoraxTextStream,
    whole=TEXT,
    framing=OPENAI.framing,
    summary="The events of a completion that LoRAX streams.",
    reference=OPENAI.reference,
)


def _choice(chunk: JsonObject) -> JsonObject:
    for _, choice in objects(chunk, "choices"):
        return choice
    return {}
