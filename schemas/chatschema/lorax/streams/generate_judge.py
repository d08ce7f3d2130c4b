"""The events of the native routes to one answer."""

from collections.abc import Iterator
from functools import partial

from chatschema.core.describe import seen
from chatschema.core.json_text import whole
from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, JsonValue, Violation
from chatschema.judging.lifecycle import Step
from chatschema.judging.stream_judge import StreamContract
from chatschema.judging.violation_kind import violation
from chatschema.lorax.native.contracts import EVENT, GENERATE
from chatschema.lorax.native.token_text import disagreement, is_sound

from .grammar import NATIVE
from .token_judge import LoraxStream

__all__ = ["GENERATE_STREAM", "GenerateStream"]

_ADDS_UP = "lorax.stream.text-adds-up"
_violation = partial(violation, reference=NATIVE.reference)


class GenerateStream(LoraxStream):
    """Tokens to one `GenerateResponse`.

    It keeps the tokens, for the answer's details have them; what else it holds does not grow.
    """

    def __init__(self) -> None:
        super().__init__(NATIVE, EVENT)
        self.last: JsonObject | None = None  #: the event that said how the text ended
        self._kept: list[JsonObject] = []
        self._sound = True

    def assembled(self) -> JsonObject | None:
        """The events as the answer of `/generate`, with details where the last event had some; None without one."""
        if self.last is None:
            return None
        answer: JsonObject = {"generated_text": self.last.get("generated_text")}
        details = self.last.get("details")
        if not isinstance(details, dict):
            return answer
        tokens: list[JsonValue] = [*self._kept]
        whole_details: JsonObject = {**details, "prefill": [], "tokens": tokens}
        if all("skipped" in token for token in self._kept):
            whole_details["skipped_tokens"] = sum(token["skipped"] is True for token in self._kept)
        return {**answer, "details": whole_details}

    def _step_of(self, value: JsonObject) -> Step:
        if value.get("generated_text") is not None:
            return Step.LAST
        return Step.PART if "token" in value or "generated_text" in value else Step.JUNK

    def _take(self, value: JsonObject, step: Step) -> Iterator[Violation]:
        token = value.get("token")
        self._sound = self._sound and is_sound(token)
        if isinstance(token, dict):
            self._kept.append(token)
        if step is Step.LAST:
            self.done = True
            self.last = value
            yield from self._whole(value)
        elif value.get("details") is not None:
            yield _violation(
                "lorax.stream.last-event",
                "$.details",
                "Details came before the last event.",
                "null until the last event",
                seen(value["details"]),
            )

    def _whole(self, last: JsonObject) -> Iterator[Violation]:
        text, member = last["generated_text"], last.get("details")
        details: JsonObject = member if isinstance(member, dict) else {}
        count = details.get("generated_tokens")
        if whole(count) and count != self.tokens:
            yield _violation(
                _ADDS_UP,
                "$.details.generated_tokens",
                "The count is not that of the events.",
                seen(self.tokens),
                seen(count),
            )
        if not self._sound or not isinstance(text, str):
            return
        level = disagreement(text, self._kept, details.get("finish_reason"))
        if level is not None:
            yield _violation(
                _ADDS_UP,
                "$.generated_text",
                "The text is not what the tokens make.",
                "the joined texts of the tokens that are not special",
                seen(text),
                level,
            )


GENERATE_STREAM = StreamContract(
    kind=Kind.LORAX_STREAM,
    open=GenerateStream,
    whole=GENERATE,
    framing=NATIVE.framing,
    summary="The events of LoRAX's `/generate_stream`, and of `/` with `stream`.",
    reference=NATIVE.reference,
)
