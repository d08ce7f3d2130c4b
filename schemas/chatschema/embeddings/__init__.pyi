from .embeddings import Embedding as Embedding
from .embeddings import Embeddings as Embeddings
from .embeddings import EmbeddingsUsage as EmbeddingsUsage
from .request import EmbeddingsRequest as EmbeddingsRequest
