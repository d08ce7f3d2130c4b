"""Reference clients: each keeps a conversation in the way that one kind of real client does, done right."""

from chatproof.clients.answers import LORAX, OPENAI, AnswerError, Reply
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.message_list import MessageList

__all__ = ["LORAX", "OPENAI", "AnswerError", "ChatModel", "MessageList", "Reply"]
