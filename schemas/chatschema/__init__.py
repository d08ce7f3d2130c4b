"""The wire contract: what an answer, a stream, a request and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right. There are some three
hundred models: those of a family are in its package (`chatschema.chat`, `chatschema.lorax`, …), and each is imported
when it is used.
"""

from .core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
