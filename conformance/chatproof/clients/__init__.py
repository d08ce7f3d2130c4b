"""Reference clients: each keeps a conversation in the way that one kind of real client does, done right."""

from chatproof.clients.answers import EVERYDAY, LORAX, OPENAI, Reply
from chatproof.clients.chat_loop import ChatLoop
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.chat_node import ChatNode
from chatproof.clients.conversation import Conversation
from chatproof.clients.failures import AnswerError, NoReplyError, RefusedError, SilentError, UnreachedError
from chatproof.clients.history_store import HistoryStore
from chatproof.clients.message_list import MessageList
from chatproof.clients.stored_chat import StoredChat
from chatproof.clients.tree_chat import TreeChat

__all__ = [
    "EVERYDAY",
    "LORAX",
    "OPENAI",
    "AnswerError",
    "ChatLoop",
    "ChatModel",
    "ChatNode",
    "Conversation",
    "HistoryStore",
    "MessageList",
    "NoReplyError",
    "RefusedError",
    "Reply",
    "SilentError",
    "StoredChat",
    "TreeChat",
    "UnreachedError",
]
