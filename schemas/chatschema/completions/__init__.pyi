from .chunk import CompletionChunk as CompletionChunk
from .chunk import CompletionChunkChoice as CompletionChunkChoice
from .completion import Completion as Completion
from .completion import CompletionChoice as CompletionChoice
from .logprobs import CompletionLogprobs as CompletionLogprobs
from .request import CompletionRequest as CompletionRequest
from .stream import CompletionStream as CompletionStream
from .usage import CompletionUsage as CompletionUsage
