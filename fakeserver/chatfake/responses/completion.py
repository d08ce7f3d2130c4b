"""What is said to a request, before it is written as JSON or as events."""

from dataclasses import dataclass

from chatfake.core.json_text import JsonObject, digest
from chatfake.core.tokens import count
from chatfake.generation.identity import Identity
from chatfake.generation.reply import Reply, spoken_tokens
from chatfake.request.chat_request import Chat

#: Of ids: hexadecimal digits after the prefix, as OpenAI's have.
_DIGITS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """What the model thought before it spoke: summed up, or in its own words."""

    summary: str = ""
    text: str = ""

    @property
    def tokens(self) -> int:
        """How many tokens it costs."""
        return count(self.summary) + count(self.text)


NO_THOUGHT = Thought()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Replies that are already limited, under one identity."""

    chat: Chat  #: its body is the request as it came
    replies: tuple[Reply, ...]
    identity: Identity
    thought: Thought = NO_THOUGHT
    error: JsonObject | None = None  #: why nothing came of it

    @property
    def id(self) -> str:
        """The id of the response."""
        return f"resp_{self.identity.digest[:_DIGITS]}"

    def item_id(self, prefix: str, number: int) -> str:
        """The id of the n-th item of the response."""
        return f"{prefix}_{digest(self.identity.digest, prefix, str(number))[:_DIGITS]}"

    @property
    def output_tokens(self) -> int:
        """How many tokens the thought and all replies cost together."""
        return self.thought.tokens + sum(spoken_tokens(reply) for reply in self.replies)

    @property
    def incomplete_reason(self) -> str:
        """Why the response is incomplete; empty where it is not."""
        reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
        return next((reasons[one.ending] for one in self.replies if one.ending in reasons), "")

    @property
    def status(self) -> str:
        """How the response ended."""
        return "failed" if self.error else "incomplete" if self.incomplete_reason else "completed"
