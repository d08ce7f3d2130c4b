"""Chunks joined into the JSON form of the answer. Reads whatever has the right type and passes over the rest."""

from collections.abc import Iterable

from chatschema.core.violation import JsonObject, JsonValue, Violation

__all__ = ["TextAssembly"]

_LISTS = ("tokens", "token_logprobs", "top_logprobs", "text_offset")


class TextAssembly:
    """One text as far as it came."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self._pieces: list[str] = []
        self._logprobs: dict[str, list[JsonValue]] = {}

    def feed(self, choice: JsonObject, place: str) -> Iterable[Violation]:
        """Join one choice of a chunk; its pieces owe nothing to each other."""
        del place
        text, reason, logprobs = choice.get("text"), choice.get("finish_reason"), choice.get("logprobs")
        if isinstance(text, str) and text:
            self._pieces.append(text)
        if isinstance(reason, str) and self.finish_reason is None:
            self.finish_reason = reason
        if isinstance(logprobs, dict):
            for name in _LISTS:
                items = logprobs.get(name)
                if isinstance(items, list):
                    self._logprobs.setdefault(name, []).extend(items)
        return ()

    def whole(self, index: int) -> JsonObject:
        """The choice in JSON form."""
        logprobs: JsonObject = {**self._logprobs}
        return {
            "text": "".join(self._pieces),
            "index": index,
            "logprobs": logprobs or None,
            "finish_reason": self.finish_reason,
        }
