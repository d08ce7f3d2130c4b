"""Reference clients: each keeps a conversation in the way that one kind of real client does, done right."""

from chatproof.clients.answers import AnswerError, json_answer, streamed_answer
from chatproof.clients.message_list import MessageList

__all__ = ["AnswerError", "MessageList", "json_answer", "streamed_answer"]
