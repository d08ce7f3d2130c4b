"""Near misses of completions, embeddings, lists and errors."""
