"""Why there is no reply: in one sentence, and in what a program needs to say what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

__all__ = ["AnswerError", "NoReplyError", "RefusedError", "SilentError", "UnreachedError"]

_NOTHING: Mapping[str, str] = MappingProxyType({})


class AnswerError(Exception):
    """The endpoint gave no reply; the text says what it gave."""

    def through(self, gate: Callable[[str], str]) -> Self:
        """The same, with each text of the endpoint's as a gate lets it out."""
        return type(self)(gate(str(self)))


class UnreachedError(AnswerError):
    """No connection could be made."""


class SilentError(AnswerError):
    """The endpoint said nothing for too long, or did not come to an end."""


class RefusedError(AnswerError):
    """The endpoint answered with an error or a web page. `headers` are by names in lower case."""

    def __init__(self, status: int, said: str, headers: Mapping[str, str] = _NOTHING) -> None:
        super().__init__(f"HTTP {status}: {said}")
        self.status, self.said, self.headers = status, said, dict(headers)

    def through(self, gate: Callable[[str], str]) -> Self:
        """The same, with what was said and each header as a gate lets them out."""
        headers = {name: gate(value) for name, value in self.headers.items()}
        return type(self)(self.status, gate(self.said), headers)


class NoReplyError(AnswerError):
    """None of several models replied: each by its name, with why."""

    def __init__(self, failures: Sequence[tuple[str, AnswerError]]) -> None:
        super().__init__("; ".join(f"{model}: {error}" for model, error in failures))
        self.failures = tuple(failures)

    def through(self, gate: Callable[[str], str]) -> Self:
        """The same of each failure."""
        return type(self)([(gate(model), error.through(gate)) for model, error in self.failures])
